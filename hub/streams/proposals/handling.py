"""What units do with a case: assignment, sign-for, return, contact, opinions, extension, signed reply (steps 10 to 16, 23)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from hub.kernel.actor import Permission
from hub.kernel.lifecycle import HEAD as HEAD_OF
from hub.kernel.lifecycle import Because, Case, Scene, Step, Who, own_ref
from hub.streams.proposals import forms as f
from hub.streams.proposals import guards as g
from hub.streams.proposals.facts import (
    ASSISTING,
    LEAD,
    SEPARATE,
    Contact,
    Draft,
    Extension,
    Key,
    Letter,
    Message,
    Part,
    Plan,
    Proposal,
    Reply,
    main_units,
    of,
    owing,
    plain,
    replaced,
    there,
)
from hub.streams.proposals.seen import one_unit, own_parts
from hub.streams.proposals.words import ASSIGN, INTAKE

Refs = Mapping[str, tuple[str, ...]]
Known = Mapping[str, Any]
P = Permission
DESK, OFFICE, COMMITTEE = Who(P.INTAKE), Who(P.ASSIGN), Who(P.COMMITTEE)
HANDLER = Who(P.HANDLE, "lead_unit")
HELPER = Who(P.HANDLE, "assisting")
HEAD = Who(P.SIGN, "lead_unit")
AT_WORK = ("assigned", "handling", "rehandling")


def _part(case: Case | None, unit: str, **changes: Any) -> Known:
    parts = of(case).parts
    return {"parts": plain(parts | {unit: replaced(parts[unit], **changes)})}


def _planned(case: Case | None, form: Any, scene: Scene) -> Known:
    desks = tuple(str(one) for one in (P.INTAKE, P.ASSIGN) if scene.actor.may(one))
    return {"suggested": plain(Plan(desks=desks, units=form.units, assisting=form.helpers))}


def given(case: Case | None, form: Any, scene: Scene) -> Proposal:
    """The facts once the case is with these units. Who had the same part in it before goes on with what he has done and answered."""
    facts, role = of(case), LEAD if form.mode == "lead" else SEPARATE
    roles = dict.fromkeys(form.units, role) | dict.fromkeys(form.helpers, ASSISTING)
    parts = {unit: _going_on(facts.parts.get(unit), part, scene.day) for unit, part in roles.items()}
    drafts = {unit: one for unit, one in facts.drafts.items() if unit in parts and parts[unit].main}
    return msgspec.structs.replace(facts, parts=parts, drafts=drafts)


def _going_on(before: Part | None, role: str, day: date) -> Part:
    if before is None or before.main != (role != ASSISTING):
        return Part(role=role, assigned=day)
    return replaced(before, role=role, leaving="")


def _assigned(case: Case | None, form: Any, scene: Scene) -> Known:
    after = given(case, form, scene)
    return {"parts": plain(after.parts), "assigned_on": scene.day.isoformat(), "returning": "", "extension": None, "drafts": plain(after.drafts)}


def _where_given(case: Case | None, form: Any, scene: Scene) -> str:
    """Nobody is waited for who has answered, and nobody signs twice."""
    after = given(case, form, scene)
    if not owing(after):
        return "replied"
    return "handling" if all(after.parts[unit].signed for unit in main_units(after)) else "assigned"


def _units(case: Case | None, form: Any, scene: Scene) -> Refs:
    return {"lead_unit": form.units, "assisting": form.helpers, "signer": tuple(HEAD_OF + unit for unit in given(case, form, scene).drafts)}


def _signed(case: Case | None, form: Any, scene: Scene) -> Known:
    parts = of(case).parts
    mine = own_parts(of(case), scene.actor)
    return {"parts": plain(parts | {unit: replaced(part, signed=part.signed or scene.day, handler=form.handler, phone=form.phone)
                                    for unit, part in mine.items()})}


def all_signed(case: Case | None, form: Any, scene: Scene) -> bool:
    """With this step, all who have to answer have signed for it."""
    facts = of(case)
    mine = own_parts(facts, scene.actor)
    return all(facts.parts[unit].signed or unit in mine for unit in main_units(facts))


def _when_signed(case: Case | None, form: Any, scene: Scene) -> str:
    return "handling" if there(case).state == "assigned" and all_signed(case, form, scene) else there(case).state


def _returning(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"returning": one_unit(of(case), scene.actor, role="main") or next(iter(own_parts(of(case), scene.actor)), "")}


def _kept(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"returning": ""}


def _where_kept(case: Case | None, form: Any, scene: Scene) -> str:
    facts = of(case)
    return "handling" if all(facts.parts[unit].signed for unit in main_units(facts)) else "assigned"


def _contacted(case: Case | None, form: Any, scene: Scene) -> Known:
    unit = one_unit(of(case), scene.actor) or next(iter(own_parts(of(case), scene.actor)))
    one = Contact(unit=unit, on=form.on, way=form.way, with_whom=form.with_whom, text=form.text, round=of(case).round)
    return {"contacts": plain((*of(case).contacts, one))}


def _said(case: Case | None, form: Any, scene: Scene) -> Known:
    one = Message(at=scene.at, by=own_ref(scene.actor), name=scene.actor.name, text=form.text)
    return {"messages": plain((*of(case).messages, one))}


def _opinion(case: Case | None, form: Any, scene: Scene) -> Known:
    unit = one_unit(of(case), scene.actor, role=ASSISTING)
    return _part(case, unit, opinion=form.text, opinion_on=scene.day)


def all_opinions(case: Case | None, form: Any, scene: Scene) -> bool:
    facts = of(case)
    mine = own_parts(facts, scene.actor)
    return all(part.opinion_on or unit in mine for unit, part in facts.parts.items() if not part.main)


def _extension(case: Case | None, form: Any, scene: Scene) -> Known:
    unit = one_unit(of(case), scene.actor, role="main")
    asked = Extension(unit=unit, asked=scene.day, in_time=scene.day <= there(case).clocks["reply"].due, until=form.until, reason=form.reason)
    return {"extension": plain(asked)}


def _decided(granted: bool) -> Any:
    def known(case: Case | None, form: Any, scene: Scene) -> Known:
        asked = plain(of(case).extension) | {"granted": granted}
        return {"extension": asked | ({"until": form.until.isoformat()} if granted else {})}

    return known


def _written(case: Case | None, form: Any, scene: Scene) -> Known:
    unit = one_unit(of(case), scene.actor, role="main")
    draft = Draft(number=form.number, text=form.text, klass=form.klass, promise=form.promise, solve_by=form.solve_by,
                  files=form.enclosures, public=form.open)
    return {"drafts": plain(of(case).drafts | {unit: draft})}


def _to_sign(case: Case | None, form: Any, scene: Scene) -> Refs:
    """From now on the head is waited for, and not the handler."""
    one = HEAD_OF + one_unit(of(case), scene.actor, role="main")
    return {"signer": tuple(dict.fromkeys((*there(case).parties.get("signer", ()), one)))}


def _to_write(case: Case | None, form: Any, scene: Scene) -> Refs:
    mine = {HEAD_OF + unit for unit in own_parts(of(case), scene.actor)}
    return {"signer": tuple(ref for ref in there(case).parties.get("signer", ()) if ref not in mine)}


def _signed_by(case: Case | None, form: Any, scene: Scene) -> Refs:
    one = HEAD_OF + one_unit(of(case), scene.actor, form.unit, role="main")
    return {"signer": tuple(ref for ref in there(case).parties.get("signer", ()) if ref != one)}


def _sent_back(case: Case | None, form: Any, scene: Scene) -> Known:
    mine = own_parts(of(case), scene.actor)
    return {"drafts": plain({unit: one for unit, one in of(case).drafts.items() if unit not in mine})}


def due_day(case: Case, day: date) -> date:
    """When the reply of this round has to be there; the day itself where no clock runs."""
    clock = case.clocks.get("rehandle" if of(case).round > 1 else "reply")
    return clock.due if clock else day


def _sealed(case: Case | None, form: Any, scene: Scene) -> Known:
    facts = of(case)
    unit = one_unit(facts, scene.actor, form.unit, role="main")
    draft, part = facts.drafts[unit], facts.parts[unit]
    reply = Reply(round=facts.round, on=scene.day, due=due_day(there(case), scene.day), klass=draft.klass, signer=scene.actor.name,
                  promise=draft.promise, solve_by=draft.solve_by)
    letter = Letter(unit=unit, round=facts.round, number=draft.number, text=draft.text, klass=draft.klass, files=draft.files,
                    public=draft.public, on=scene.day, signer=scene.actor.name)
    return {
        "parts": plain(facts.parts | {unit: replaced(part, replies=(*part.replies, reply))}),
        "letters": plain((*facts.letters, letter)),
        "drafts": plain({one: kept for one, kept in facts.drafts.items() if one != unit}),
    }


def all_replied(case: Case | None, form: Any, scene: Scene) -> bool:
    """With this reply, none is awaited any more."""
    facts = of(case)
    return set(owing(facts)) <= {one_unit(facts, scene.actor, form.unit, role="main")}


def _when_replied(case: Case | None, form: Any, scene: Scene) -> str:
    return "replied" if all_replied(case, form, scene) else there(case).state


def _urged(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"urgings": of(case).urgings + 1}


def _key(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"key": plain(Key(on=scene.day, leader=form.leader, committee=form.body))}


def _key_report(case: Case | None, form: Any, scene: Scene) -> Known:
    key = of(case).key
    return {"key": plain(key) | {"report": form.text} if key else None}


def _is_key(case: Case | None, _form: Any, scene: Scene) -> tuple[str, str] | None:
    return None if of(case).key else ("不是重点建议，没有督办报告。", "It is not a key item; no report is asked for.")


def granted_until(case: Case, form: Any, scene: Scene) -> date:
    until: date = form.until
    return until


HANDLING = (
    Step(command="SuggestUnits", event="UnitsSuggested", zh="提出拟办单位", en="Propose units", who=(DESK, OFFICE), frm=("accepted", "return_asked"),
         form=f.PlanForm, guards=(g.units_exist,), knows=_planned, tells=(ASSIGN, INTAKE), source="ZS 11、13"),
    Step(command="AssignProposal", event="ProposalAssigned", zh="交办", en="Assign", who=(OFFICE, DESK), frm=("accepted",), to="assigned",
         form=f.AssignForm, guards=(g.units_exist, g.mode_fits, g.both_desks_agree), parties=_units, knows=_assigned,
         tells=("lead_unit", "assisting", "lead", "cosigner"), source="ZS 11、13"),
    Step(command="SignForProposal", event="ProposalSignedFor", zh="签收", en="Sign for it", who=(HANDLER, HELPER), frm=AT_WORK, to=_when_signed,
         form=f.SignForForm, guards=(g.unsigned,), knows=_signed, tells=(ASSIGN, "lead"), source="（I）"),
    Step(command="AskReturn", event="ReturnAsked", zh="申请退办", en="Ask to return it", who=(HANDLER,), frm=("assigned", "handling"),
         to="return_asked", form=Because, guards=(g.return_in_time,), knows=_returning, tells=(ASSIGN, INTAKE), source="ZS 14"),
    Step(command="RefuseReturn", event="ReturnRefused", zh="不同意退办", en="Refuse the return", who=(OFFICE, DESK), frm=("return_asked",),
         to=_where_kept, form=Because, knows=_kept, tells=("lead_unit", "signer"), source="ZS 14"),
    Step(command="ReassignProposal", event="ProposalReassigned", zh="重新交办", en="Reassign", who=(OFFICE, DESK), frm=("return_asked",),
         to=_where_given, form=f.AssignForm, guards=(g.units_exist, g.mode_fits), parties=_units, knows=_assigned,
         tells=("lead_unit", "assisting", "lead"), leaves=("lead_unit", "assisting"), source="ZS 14；HN"),
    Step(command="LogContact", event="DeputyContacted", zh="登记联系代表", en="Log contact with the deputy", who=(HANDLER, HELPER),
         frm=(*AT_WORK, "return_asked", "tracking"), form=f.ContactForm, guards=(g.contact_day,), knows=_contacted, tells=("lead",),
         source="ZS 17；CQ 18"),
    Step(command="TellUnit", event="UnitTold", zh="给承办单位留言", en="Message to the unit", who=(Who(P.PROPOSE, "lead"),),
         frm=(*AT_WORK, "replied", "tracking", "fulfilment", "escalated"), form=f.SayForm, knows=_said, tells=("lead_unit",), source="S3-J16"),
    Step(command="TellDeputy", event="DeputyTold", zh="回复代表留言", en="Message to the deputy", who=(HANDLER,),
         frm=(*AT_WORK, "replied", "tracking", "fulfilment", "escalated"), form=f.SayForm, knows=_said, tells=("lead",), source="S3-J16"),
    Step(command="GiveOpinion", event="OpinionGiven", zh="提出会办意见", en="Assisting opinion", who=(HELPER,), frm=AT_WORK, form=f.OpinionForm,
         guards=(g.as_assisting_unit,), knows=_opinion, tells=("lead_unit",), source="ZS 18"),
    Step(command="AskExtension", event="ExtensionAsked", zh="申请延期", en="Ask for an extension", who=(HANDLER,), frm=("assigned", "handling"),
         form=f.AskExtensionForm, guards=(g.as_main_unit, g.asked_in_time), knows=_extension, tells=(ASSIGN,), source="ZS 21；DL 51"),
    Step(command="GrantExtension", event="ExtensionGranted", zh="同意延期", en="Grant the extension", who=(OFFICE, DESK),
         frm=("assigned", "handling"), form=f.GrantForm, guards=(g.extension_open, g.extension_fits), knows=_decided(True),
         tells=("lead_unit", "lead", "cosigner"), source="ZS 21；DL 51"),
    Step(command="RefuseExtension", event="ExtensionRefused", zh="不同意延期", en="Refuse the extension", who=(OFFICE, DESK),
         frm=("assigned", "handling"), form=Because, guards=(g.extension_open,), knows=_decided(False), tells=("lead_unit",), source="ZS 21"),
    Step(command="DraftReply", event="ReplyDrafted", zh="起草答复送签", en="Draft the reply for the head to sign", who=(HANDLER,),
         frm=("handling", "rehandling"), form=f.ReplyForm, guards=(g.as_main_unit, g.reply_awaited, g.class_fits), parties=_to_sign,
         knows=_written, tells=("signer",), source="ZS 22、25"),
    Step(command="SendBackReply", event="ReplySentBack", zh="退回答复稿", en="Send the draft back", who=(HEAD,), frm=("handling", "rehandling"),
         form=Because, guards=(g.a_draft_waits,), parties=_to_write, knows=_sent_back, tells=("lead_unit",), source="ZS 22"),
    Step(command="SignReply", event="ProposalReplied", zh="签发答复", en="Sign the reply", who=(HEAD,), frm=("handling", "rehandling"),
         to=_when_replied, form=f.SealForm, guards=(g.a_draft_waits, g.as_main_unit, g.drafted, g.contacted, g.sealed),
         parties=_signed_by, knows=_sealed,
         tells=("lead", "cosigner", "merged_lead", INTAKE, ASSIGN), source="ZS 22、25；DL 51"),
    Step(command="ChangeHandler", event="HandlerChanged", zh="变更经办人", en="Another handler", who=(HANDLER, HELPER),
         frm=(*AT_WORK, "return_asked", "replied", "tracking", "fulfilment", "escalated"), form=f.SignForForm, guards=(g.signed_before,),
         knows=_signed, tells=("lead",), source="S1-D12"),
    Step(command="UrgeProposal", event="ProposalUrged", zh="催办督办", en="Urge", who=(DESK, OFFICE, COMMITTEE, Who(P.PROPOSE, "lead")),
         frm=("assigned", "return_asked", "handling", "rehandling", "tracking", "escalated", "answering"), form=f.SayForm, knows=_urged,
         tells=("lead_unit", "assisting", "respondent"), urgent=True, source="ZS 26；DL 52"),
    Step(command="MarkKeyProposal", event="KeyProposalMarked", zh="确定为重点建议", en="Make it a key item", who=(COMMITTEE,),
         frm=("accepted", "assigned", "return_asked", "handling"), form=f.KeyForm, knows=_key, tells=("lead", "lead_unit", INTAKE, ASSIGN),
         source="DL 52；ZS 12"),
    Step(command="ReportKeyProposal", event="KeyProposalReported", zh="督办报告", en="Report on the urging", who=(COMMITTEE, DESK),
         frm=("assigned", "handling", "replied", "rehandling", "tracking", "fulfilment", "closed", "closed_unrated", "settled"), form=f.OpinionForm,
         guards=(_is_key,), knows=_key_report, tells=("lead", INTAKE), source="ZS 28"),
)
