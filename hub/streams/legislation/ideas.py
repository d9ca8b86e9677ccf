"""立项征集: what people ask the city to regulate; collated, then taken into the library or declined with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from hub.kernel.actor import SYSTEM as HUB
from hub.kernel.actor import Permission
from hub.kernel.lifecycle import (
    Case,
    Facts,
    Form,
    Lifecycle,
    Scene,
    Sentence,
    State,
    Step,
    Who,
    asked,
    own_ref,
)
from hub.streams.legislation.entry import CLERK
from hub.streams.legislation.words import FAMILY, LEGISLATE, WORDS

P = Permission


class Idea(Facts, frozen=True, kw_only=True):
    """`kind`: the channel it came by; `topic`: the subject it was sorted under; `batch`: of which call."""

    text: str = ""
    name: str = ""
    batch: str = ""
    project: UUID | None = None
    reason: str = ""


class IdeaForm(Form, frozen=True, kw_only=True):
    title: Annotated[str, asked("建议项目名称", "Project", min_length=4, max_length=100)]
    text: Annotated[str, asked("必要性和主要内容", "Why, and what it should say", rows=6, min_length=4, max_length=10_000)]
    source: Annotated[str, asked("来源", "How it came", pick="word:source", max_length=20)] = "suggestion"
    name: Annotated[str, asked("建议人", "Who suggested it", hint=("代为录入时填", "when entered for others"), max_length=60)] = ""
    batch: Annotated[str, asked("征集批次", "Call", max_length=100)] = ""
    files: Annotated[tuple[UUID, ...], asked("附件", "Files", pick="file", max_length=10)] = ()


class CollateForm(Form, frozen=True, kw_only=True):
    topic: Annotated[str, asked("归类", "Sorted under", pick="word:subject", max_length=20)]
    batch: Annotated[str, asked("征集批次", "Call", max_length=100)] = ""


class AdoptForm(Form, frozen=True, kw_only=True):
    project: Annotated[UUID, asked("纳入项目", "Taken into", pick="case:legislation")]


class DeclineForm(Form, frozen=True, kw_only=True):
    refusal: Annotated[str, asked("不采纳情形", "Why not", pick="word:refusal", max_length=20)]
    reason: Annotated[str, asked("说明", "Explanation", rows=3, min_length=2, max_length=2000)]


def source_known(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    return None if form.source in WORDS["source"] else ("没有这个来源，请从列表中选择。", "There is no such channel; choose from the list.")


def subject_known(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    return None if form.topic in WORDS["subject"] else ("没有这个分类，请从列表中选择。", "There is no such subject; choose from the list.")


def project_there(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    return None if scene.reads else ("没有这个立法项目，请先录入项目库。", "There is no such project; enter it into the library first.")


def _begun(case: Case | None, form: Any, scene: Scene) -> Mapping[str, Any]:
    return {"kind": form.source, "name": _name(form, scene)}


def _name(form: Any, scene: Scene) -> str:
    said = form.name if scene.actor.may(P.LEGISLATE) else ""
    return said or ("" if scene.actor.id == HUB.id else scene.actor.name)


def _author(case: Case | None, form: Any, scene: Scene) -> Mapping[str, tuple[str, ...]]:
    return {} if scene.actor.id == HUB.id else {"lead": (own_ref(scene.actor),)}


IDEAS = Lifecycle(
    name="law_ideas", noun="lawidea", zh="立项征集", en="Calls for projects", facts=Idea,
    states=(State("received", "待整理", "To be collated", owner=LEGISLATE),
            State("collated", "已归类", "Collated", owner=LEGISLATE, tone="running"),
            State("adopted", "已纳入项目", "Taken into a project", public=True, terminal=True, tone="done"),
            State("declined", "未采纳", "Declined", terminal=True, tone="refused")),
    steps=(
        Step(command="SuggestProject", event="ProjectSuggested", zh="提出立项建议", en="Suggest a project", to="received",
             who=(Who(P.PROPOSE), CLERK, Who(P.HANDLE)), form=IdeaForm, guards=(source_known,), knows=_begun, parties=_author,
             tells=(LEGISLATE,), numbered="立项建议", source="WL 8；S1-C03"),
        Step(command="CollateSuggestion", event="SuggestionCollated", zh="归类整理", en="Collate", frm=("received", "collated"), to="collated",
             who=(CLERK,), form=CollateForm, guards=(subject_known,), source="S1-C04"),
        Step(command="AdoptSuggestion", event="SuggestionAdopted", zh="纳入项目", en="Take into a project", frm=("received", "collated"), to="adopted",
             who=(CLERK,), form=AdoptForm, guards=(project_there,), tells=("lead",), source="WL 8"),
        Step(command="DeclineSuggestion", event="SuggestionDeclined", zh="不采纳", en="Decline", frm=("received", "collated"), to="declined",
             who=(CLERK,), form=DeclineForm, tells=("lead",), source="WL 8"),
    ),
    oversight=(P.LEGISLATE, P.COMMITTEE), relations={"lead": ("建议人", "Author"), LEGISLATE: ("法工委", "Legislative affairs")},
    words={"kind": WORDS["source"], "topic": WORDS["subject"], "source": WORDS["source"], "subject": WORDS["subject"], "refusal": WORDS["refusal"]},
    prose=("title", "text"), family=FAMILY,
    columns=("number", "title", "kind", "topic", "state", "waits", "opened"), called={"kind": ("来源", "How it came")},
)
