"""Whatever people do, in whatever order: the case stays whole."""

from datetime import timedelta
from functools import partial

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.kernel.errors import Refused
from hub.kernel.lifecycle import may_take
from hub.streams.proposals.facts import Proposal
from hub.streams.proposals.model import PROPOSALS
from hub.streams.proposals.rules import PROVINCES
from tests.unit.proposals.walking import (
    COMMITTEE,
    DEPUTIES,
    EDUCATION,
    FINANCE,
    HOUSING,
    INQUIRY,
    INTAKE,
    LEAD,
    MOTION,
    OFFICE,
    OUTSIDER,
    PROMISE,
    REPLY,
    SYSTEM,
    TEXT,
    accepted,
    assigned,
    deputy,
    drafted,
    handled,
    inquiry,
    motion,
    other,
    replied,
)

ACTORS = (LEAD, deputy(1), deputy(2), INTAKE, OFFICE, COMMITTEE, HOUSING, EDUCATION, FINANCE, SYSTEM, OUTSIDER)
FORMS = {
    "ReviseProposal": (TEXT, TEXT | {"advice": "另提一条。"}, MOTION, INQUIRY), "InviteCosigners": ({"deputies": [str(one) for one in DEPUTIES[1:3]]},),
    "ConfirmCosign": ({"seen": 1}, {"seen": 2}), "SubmitProposal": ({"one_matter": True},), "ResubmitProposal": ({"one_matter": True},),
    "SubmitMotion": ({"one_matter": True},), "AcceptProposal": ({"topic": "urban", "units": ["department:22"]},),
    "RefuseProposal": ({"refusal": "tender", "explanation": "属招投标结果"},), "MergeProposal": ({"into": str(other().id), "reason": "内容相同"},),
    "SuggestUnits": ({"units": ["department:11"]},),
    "AssignProposal": ({"units": ["department:22"], "helpers": ["department:18"]}, {"units": ["department:22", "department:11"], "mode": "separate"}),
    "ReassignProposal": ({"units": ["department:11"]},), "SignForProposal": ({"handler": "王工"},), "GiveOpinion": ({"text": "同意补助方案"},),
    "TellUnit": ({"text": "请看三号楼"},), "TellDeputy": ({"text": "好的收到"},), "UrgeProposal": ({"text": "请抓紧"},),
    "DraftReply": (REPLY, PROMISE), "SignReply": ({"sealed": True},),
    "RateReply": ({"rating": "satisfied"}, {"rating": "unsatisfied", "reason": "说明"},
        {"rating": "unsatisfied", "reason": "说明", "unit": "department:22"}, {"rating": "basically", "unit": "department:11"}),
    "SettleProposal": ({"outcome": "rehandle", "text": "请重新办理"}, {"outcome": "settled", "text": "已经协调"}),
    "ReportFulfilment": ({"solved": True, "text": "已经完成"}, {"solved": False, "text": "尚未完成"}),
    "RateFulfilment": ({"fulfilment": "fulfilled"}, {"fulfilment": "unfulfilled", "reason": "未完成"}),
    "MarkKeyProposal": ({"leader": "市长", "body": "城建委"},), "ReportKeyProposal": ({"text": "督办报告"},),
    "SetConfidential": ({"confidential": True, "reason": "涉密"},), "PassOnLead": ({"deputy": str(DEPUTIES[1]), "reason": "换届"},),
    "OrderInquiryAnswer": ({"answer_how": "written", "answer_by": "2027-06-30"},
                           {"answer_how": "plenary", "answer_by": "2027-06-30", "answer_where": "人民会堂"}),
    "SignInquiryAnswer": ({"number": "云建质〔2027〕1号", "text": "现就质询的问题书面答复如下。", "sealed": True},),
    "JudgeInquiryAnswer": ({"judgement": "satisfied"}, {"judgement": "unsatisfied", "reason": "没有期限"}),
    "ReportMotion": ({"report": "建议列入"},), "CloseMerged": ({},), "ShareReply": (),
}
BECAUSE = ("ReturnProposal", "WithdrawProposal", "UnmergeProposal", "AskReturn", "RefuseReturn", "RefuseExtension", "SendBackReply",
           "TurnMotion", "ObjectToTurning", "AskMotionWithdrawal", "RefuseWithdrawal", "ReturnInquiry", "WithdrawInquiry", "DeclineSecondAnswer")
RUNS_ONLY_IN = {
    "delegation": {"delegation"}, "accept": {"submitted", "review"}, "assign": {"accepted"}, "sign_for": {"assigned"}, "reassign": {"return_asked"},
    "assist": {"assigned", "return_asked", "handling"}, "reply": {"assigned", "return_asked", "handling"},
    "rate": {"replied"}, "fulfil": {"fulfilment"}, "rate_urged": {"replied", "fulfilment"}, "rehandle": {"rehandling"}, "settle": {"escalated"},
    "promise": {"tracking"}, "motions": {"draft", "cosigning", "returned"}, "contact": {"assigned", "return_asked", "handling"},
    "order": {"questioned", "reanswer"}, "answer": {"answering"}, "judge": {"answered"},
}


def forms_of(command, walk):
    if command in BECAUSE:
        return ({"reason": "写明理由"},)
    if command == "LogContact":
        return ({"way": "invite", "on": walk.scene(LEAD).day, "with_whom": "代表0", "text": "当面听取意见"},)
    if command == "RecordInquiryAnswer":
        return ({"on": walk.scene(LEAD).day, "head": "局长", "in_person": True, "text": "就质询的问题作了口头答复。"},)
    if command in {"AskExtension", "GrantExtension"}:
        return ({"until": (walk.due("reply") or walk.scene(LEAD).day) + timedelta(days=20)},) if command == "GrantExtension" else (
            {"until": (walk.due("reply") or walk.scene(LEAD).day) + timedelta(days=20), "reason": "需要调研"},)
    found = FORMS.get(command)
    return found if found is not None else ({},) if not PROPOSALS.step(command).form.__struct_fields__ else ()


def whole(walk):
    case, facts = walk.there, walk.facts
    assert isinstance(facts, Proposal)
    terminal = PROPOSALS.state(case.state).terminal
    assert not (terminal and case.clocks), (case.state, list(case.clocks))
    for clock in case.clocks:
        assert case.state in RUNS_ONLY_IN[clock], (clock, case.state)
    if case.state in {"assigned", "handling", "return_asked"}:
        assert "reply" in case.clocks
    if case.state in {"replied", "fulfilment"}:
        assert case.clocks.keys() & {"rate", "rate_urged", "fulfil"}
    if case.state == "rehandling":
        assert "rehandle" in case.clocks
    for state, clock in (("questioned", "order"), ("reanswer", "order"), ("answering", "answer"), ("answered", "judge")):
        assert case.state != state or clock in case.clocks
    if case.state == "tracking":
        assert "promise" in case.clocks
    assert len(case.parties["lead"]) == 1
    assert not set(case.parties.get("invited", ())) & set(case.parties.get("cosigner", ()))
    assert all(len(part.replies) <= facts.round for part in facts.parts.values())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_no_order_of_steps_breaks_a_case(data):
    begun = data.draw(st.sampled_from([drafted, accepted, assigned, handled, replied, partial(replied, PROMISE), partial(motion, 9), partial(inquiry, 9), partial(inquiry, 4, forum="committee")]))
    walk = begun()
    walk.rules = data.draw(st.sampled_from([PROVINCES["浙江"], PROVINCES["重庆"], PROVINCES["河南"]]))
    walk.seen = type(walk.seen)(**{name: getattr(walk.seen, name) for name in walk.seen.__struct_fields__} | {"other": other()})
    for _ in range(40):
        steps = [step for step in PROPOSALS.steps if walk.state in step.frm and forms_of(step.command, walk)]
        if not steps:
            break
        if walk.there.clocks and data.draw(st.integers(0, 9)) == 0:
            ends_itself = [name for name in walk.there.clocks if PROPOSALS.deadline(name).then]
            if ends_itself:
                try_it(walk.struck, ends_itself[0])
                whole(walk)
                continue
        step = data.draw(st.sampled_from(steps))
        actor = data.draw(st.sampled_from([one for one in ACTORS if fits(step, walk, one)] or [LEAD]))
        try_it(walk.take, step.command, actor, **data.draw(st.sampled_from(forms_of(step.command, walk))))
        walk.later(data.draw(st.integers(0, 3)))
        whole(walk)


def fits(step, walk, actor):
    return may_take(step, walk.case, actor)


def try_it(act, *args, **fields):
    try:
        act(*args, **fields)
    except Refused:
        return
