"""What everything is called: states, relations, codes."""

from __future__ import annotations

from hub.kernel.actor import Permission
from hub.kernel.lifecycle import DESK, HEAD, Case, Sentence, State
from hub.streams.proposals.facts import WRITTEN

INTAKE, ASSIGN, COMMITTEE = (DESK + str(one) for one in (Permission.INTAKE, Permission.ASSIGN, Permission.COMMITTEE))



def answering(case: Case) -> tuple[str, ...]:
    """In writing the head signs it; what is said at a meeting the desk writes down."""
    return case.parties.get("signer", ()) if case.facts.answer_how == WRITTEN else (*case.parties.get("respondent", ()), INTAKE)


def unconfirmed(case: Case) -> tuple[str, ...]:
    """Who was invited, and once all of them have said yes or no, who hands it in."""
    return case.parties.get("invited", ()) or case.parties.get("lead", ())


def unheard(case: Case) -> tuple[str, ...]:
    """Of an inquiry's movers those who have not judged the answer."""
    return tuple(ref for ref in (*case.parties.get("lead", ()), *case.parties.get("cosigner", ())) if ref not in case.facts.judged)


def at_work(case: Case) -> tuple[str, ...]:
    """Each unit that answers, until its draft is written; then its head, who signs."""
    signing = case.parties.get("signer", ())
    return (*(unit for unit in case.parties.get("lead_unit", ()) if HEAD + unit not in signing), *signing)


STATES = (
    State("draft", "起草", "Draft", owner="lead", private=True),
    State("cosigning", "征集联名", "Collecting co-signers", owner="invited", private=True, turn=unconfirmed),
    State("returned", "退回修改", "Returned for correction", owner="lead", tone="refused"),
    State("delegation", "代表团审核", "With the delegation", owner="delegation_head"),
    State("submitted", "已提交", "Submitted", owner=INTAKE),
    State("review", "初审", "Under review", owner=INTAKE),
    State("accepted", "已受理，待交办", "Accepted, to be assigned", owner=ASSIGN, public=True),
    State("merged", "并案办理", "Handled together with another", owner="merged_into", public=True, tone="running"),
    State("assigned", "已交办，待签收", "Assigned", owner="lead_unit", public=True),
    State("return_asked", "申请退办", "Unit asks to return it", owner=ASSIGN, public=True),
    State("handling", "办理中", "Being handled", owner="lead_unit", public=True, tone="running", turn=at_work),
    State("replied", "已答复，待评价", "Replied, to be rated", owner="lead", public=True, tone="running"),
    State("rehandling", "重新办理", "Handled again", owner="lead_unit", public=True, tone="refused", turn=at_work),
    State("escalated", "升级督办", "Escalated", owner=COMMITTEE, public=True, tone="refused", tells=(COMMITTEE,)),
    State("tracking", "承诺跟踪", "Promise tracked", owner="lead_unit", public=True, tone="running"),
    State("fulfilment", "待评兑现", "Fulfilment to be rated", owner="lead", public=True, tone="running"),
    State("secretariat", "大会秘书处审查", "With the secretariat", owner=INTAKE),
    State("presidium", "待主席团决定", "Before the presidium", owner=COMMITTEE),
    State("opinion", "专门委员会审议", "Special committee's opinion", owner=COMMITTEE),
    State("agenda", "列入议程，代表团审议", "On the agenda", owner=INTAKE, public=True, tone="running"),
    State("resolution", "决议草案，待表决", "Draft resolution", owner=INTAKE, public=True, tone="running"),
    State("questioned", "质询案，待决定答复方式", "Inquiry, how it is answered to be decided", owner=COMMITTEE),
    State("answering", "质询案，待答复", "Inquiry, to be answered", owner="respondent", public=True, tone="running", turn=answering),
    State("answered", "质询案已答复，待表示意见", "Inquiry answered, its movers judge it", owner="lead", public=True, tone="running", turn=unheard),
    State("reanswer", "要求再作答复", "Another answer is asked for", owner=COMMITTEE, public=True, tone="refused"),
    State("passed", "表决通过", "Passed", public=True, terminal=True, tone="done"),
    State("failed", "表决未通过", "Not passed", public=True, terminal=True, tone="refused"),
    State("closed", "办结", "Closed", public=True, terminal=True, tone="done"),
    State("closed_unrated", "办结（未评价）", "Closed without rating", public=True, terminal=True, tone="done"),
    State("settled", "协调办结", "Settled", public=True, terminal=True, tone="done"),
    State("refused", "不予受理", "Not accepted", terminal=True, tone="refused"),
    State("withdrawn", "已撤回", "Withdrawn", terminal=True, tone="refused"),
    State("discarded", "已放弃", "Discarded", private=True, terminal=True, tone="refused"),
    State("lapsed", "届满终止", "Lapsed with the term", private=True, terminal=True, tone="refused"),
)

RELATIONS: dict[str, Sentence] = {
    "lead": ("领衔代表", "Lead deputy"),
    "invited": ("受邀联名代表", "Invited to co-sign"),
    "cosigner": ("联名代表", "Co-signer"),
    "clerk": ("代为录入的工作人员", "Staff who entered it"),
    "delegation_head": ("代表团负责人", "Head of the delegation"),
    "merged_lead": ("并案代表", "Deputy of a merged case"),
    "merged_into": ("并入件", "Case it was merged into"),
    "lead_unit": ("主办单位", "Lead unit"),
    "assisting": ("会办单位", "Assisting unit"),
    "respondent": ("受质询机关", "Organ it is put to"),
    "signer": ("待签发的负责人", "Head with a draft to sign"),
    "handler": ("经办人", "Handler"),
    "leader": ("单位领导", "Unit's leader"),
    "committee": ("督办委员会", "Urging committee"),
    INTAKE: ("代表工委", "Deputies' committee"),
    ASSIGN: ("政府办公室", "Government office"),
    COMMITTEE: ("主任会议、主席团", "Chairpersons' meeting, presidium"),
}

TOPICS: dict[str, Sentence] = {
    "urban": ("城建环保", "City and environment"),
    "urban.housing": ("城建环保·住房与旧改", "Housing and renewal"),
    "urban.roads": ("城建环保·道路与停车", "Roads and parking"),
    "urban.environment": ("城建环保·生态环境", "Environment"),
    "urban.services": ("城建环保·市政与物业", "Utilities and property"),
    "transport": ("交通运输", "Transport"),
    "education": ("教育科技", "Education and science"),
    "education.schools": ("教育科技·基础教育", "Schools"),
    "education.science": ("教育科技·科技创新", "Innovation"),
    "health": ("医疗卫生", "Health"),
    "welfare": ("社会保障", "Welfare"),
    "welfare.elderly": ("社会保障·养老", "Old age"),
    "welfare.children": ("社会保障·托育与未成年人", "Children"),
    "welfare.work": ("社会保障·就业", "Work"),
    "culture": ("文化旅游体育", "Culture, tourism, sport"),
    "economy": ("经济财税", "Economy and finance"),
    "economy.industry": ("经济财税·工业与数字经济", "Industry"),
    "economy.trade": ("经济财税·商贸与市场", "Trade"),
    "farming": ("农业农村", "Farming and villages"),
    "water": ("水利林业海洋", "Water, forest, sea"),
    "law": ("监察司法", "Justice"),
    "safety": ("公共安全与应急", "Safety"),
    "digital": ("数字政务", "Digital government"),
    "other": ("其他", "Other"),
}
"""Two levels: what stands before the dot is the upper one."""

WORDS: dict[str, dict[str, Sentence]] = {
    "kind": {"suggestion": ("建议", "Suggestion"), "motion": ("议案", "Motion"), "inquiry": ("质询案", "Inquiry")},
    "forum": {"congress": ("人民代表大会", "The congress"), "committee": ("常务委员会", "The standing committee")},
    "topic": TOPICS,
    "behalf": {"self": ("代表", "A deputy"), "group": ("代表小组", "A deputies' group"), "delegation": ("代表团", "A delegation")},
    "reason": {
        "private": ("涉及个人问题", "A private matter"),
        "forwarded": ("转递群众来信或案件材料", "A forwarded letter or case"),
        "promotion": ("学术研讨或产品推介", "Academic or product promotion"),
        "empty": ("没有实际内容", "Without content"),
        "in_court": ("案件正在审理", "Pending in court"),
        "tender": ("招投标结果", "The result of a tender"),
        "other": ("其他不应作为建议的", "Other"),
    },
    "way": {
        "visit": ("走访", "Visit"), "research": ("调研", "Joint research"), "forum": ("座谈", "Forum"),
        "phone": ("电话", "Telephone"), "invite": ("邀请参与办理", "Deputy invited"),
    },
    "rating": {"satisfied": ("满意", "Satisfied"), "basically": ("基本满意", "Basically satisfied"),
               "unsatisfied": ("不满意", "Unsatisfied")},
    "fulfilment": {"fulfilled": ("已兑现", "Fulfilled"), "partly": ("部分兑现", "Partly"), "unfulfilled": ("未兑现", "Not fulfilled")},
    "answer_how": {
        "plenary": ("全体会议口头答复", "Orally, at a plenary"), "presiding": ("主席团会议口头答复", "Orally, before the presidium"),
        "special": ("专门委员会会议口头答复", "Orally, before a special committee"), "written": ("书面答复", "In writing"),
    },
    "judgement": {"satisfied": ("满意", "Satisfied"), "unsatisfied": ("不满意", "Unsatisfied")},
    "mode": {"lead": ("主办＋会办", "Lead and assisting"), "separate": ("分别办理", "Separately")},
    "outcome": {"rehandle": ("责成重新办理", "Handle again"), "settled": ("协调一致，办结", "Settled")},
    "role": {"lead": ("主办", "Lead"), "separate": ("分办", "Separate"), "assisting": ("会办", "Assisting")},
    "class": {"A": ("A 类：已解决", "A: solved"), "B": ("B 类：列入计划", "B: planned"), "C": ("C 类：条件限制", "C: no conditions"),
              "D": ("D 类：留作参考", "D: for reference")},
}
