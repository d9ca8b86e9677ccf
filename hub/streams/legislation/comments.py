"""意见: what is said about a draft that is open for comment, article by article; each is answered with a verdict and its reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec

from hub.kernel.actor import Permission
from hub.kernel.lifecycle import (
    Case,
    Facts,
    Form,
    Lifecycle,
    RuleSet,
    Scene,
    Sentence,
    State,
    Step,
    Who,
    asked,
)
from hub.search.articles import number_of
from hub.streams.legislation.entry import CLERK
from hub.streams.legislation.words import LEGISLATE

P = Permission
SHOWN = 40


class Comment(Facts, frozen=True, kw_only=True):
    """`kind`: how it came. `topic`: the verdict, empty until there is one."""

    project: UUID | None = None
    article: str = ""
    text: str = ""
    name: str = ""
    reason: str = ""


class CommentForm(Form, frozen=True, kw_only=True):
    project: Annotated[UUID, asked("法规草案", "Draft", pick="case")]
    article: Annotated[str, asked("针对条款（如“第三条”，空为全文）", "Article (e.g. 第三条; empty: the whole)", max_length=20)] = ""
    text: Annotated[str, asked("意见内容", "Comment", rows=5, min_length=4, max_length=5000)]
    came: Annotated[str, asked("来源", "How it came", pick="word:kind", max_length=20)] = "deputy"
    name: Annotated[str, asked("提出人（代为录入时填）", "Who said it (when entered for others)", max_length=60)] = ""


class AnswerForm(Form, frozen=True, kw_only=True):
    verdict: Annotated[str, asked("采纳情况", "Verdict", pick="word:topic", max_length=20)]
    reason: Annotated[str, asked("理由", "Reason", rows=3, min_length=2, max_length=2000)]


class OpenDraft(msgspec.Struct, frozen=True, kw_only=True):
    """The draft a comment speaks of, as it stands now; `articles`: e.g. 第3条."""

    title: str
    state: str
    until: date | None
    articles: frozenset[str]


CAME: dict[str, Sentence] = {
    "deputy": ("代表", "Deputy"), "public": ("公众", "Public"), "unit": ("单位", "Unit"), "county": ("县（市、区）", "County"),
    "contact_point": ("立法联系点", "Contact point"), "expert": ("专家", "Expert"), "letter": ("来信", "Letter"),
}
VERDICTS: dict[str, Sentence] = {
    "adopted": ("采纳", "Adopted"), "partly": ("部分采纳", "Partly adopted"), "not": ("未采纳", "Not adopted"),
}


ARTICLE = re.compile(r"第([〇零一二两三四五六七八九十百千0-9]{1,8})条(?:之([一二三四五六七八九十0-9]{1,3}))?")


def article_name(said: str) -> str:
    """第十二条之一 → 第12条之1, as the text's own articles are named; what is no article stays."""
    found = ARTICLE.fullmatch(said.strip())
    if not found:
        return said
    return f"第{number_of(found[1])}条" + (f"之{number_of(found[2])}" if found[2] else "")


def draft_open(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    draft: OpenDraft | None = scene.reads
    if draft is None:
        return "没有这部法规草案，请从征求意见列表中选择。", "There is no such draft; choose from those open for comment."
    if draft.state != "comment" or draft.until is None or scene.day > draft.until:
        return f"《{draft.title}》现在不在征求意见期内。", f"{draft.title!r} is not open for comment now."
    if form.article and article_name(form.article) not in draft.articles:
        return f"草案里没有“{form.article}”，请核对条款。", f"The draft has no {form.article!r}; check the article."
    return None


def may_speak_for(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    if form.came in CAME and (scene.actor.may(P.LEGISLATE) or not form.name):
        return None
    return "只有法工委可以代他人录入意见，请把“提出人”留空。", "Only legislative affairs enters for others; leave the name empty."


def verdict_known(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    return None if form.verdict in VERDICTS else ("请选择采纳、部分采纳或未采纳。", "Choose adopted, partly or not.")


def _said(case: Case | None, form: Any, scene: Scene) -> Mapping[str, Any]:
    came = form.came if scene.actor.may(P.LEGISLATE) else "unit" if scene.actor.may(P.HANDLE) else "deputy"
    title = f"{form.article}：{form.text}" if form.article else form.text
    return {"title": title[:SHOWN], "article": article_name(form.article), "kind": came, "name": form.name or scene.actor.name}


def _author(case: Case | None, form: Any, scene: Scene) -> Mapping[str, tuple[str, ...]]:
    return {"lead": (scene.actor.id,)}


def _answered(case: Case | None, form: Any, scene: Scene) -> Mapping[str, Any]:
    return {"topic": form.verdict}


COMMENTS = Lifecycle(
    name="law_comments", noun="lawcomment", zh="立法意见", en="Comments on drafts", facts=Comment,
    states=(State("received", "待答复", "To be answered", owner=LEGISLATE),
            State("answered", "已答复", "Answered", public=True, terminal=True, tone="done")),
    steps=(
        Step(command="CommentOnDraft", event="DraftCommented", zh="提出意见", en="Comment", to="received", who=(Who(P.PROPOSE), CLERK, Who(P.HANDLE)),
             form=CommentForm, guards=(draft_open, may_speak_for), knows=_said, parties=_author, numbered="立法意见", source="WL 34"),
        Step(command="AnswerComment", event="CommentAnswered", zh="答复意见", en="Answer", frm=("received",), to="answered", who=(CLERK,),
             form=AnswerForm, guards=(verdict_known,), knows=_answered, tells=("lead",), source="WL 35"),
    ),
    rules=RuleSet, oversight=(P.LEGISLATE, P.COMMITTEE), relations={"lead": ("提出人", "Author"), LEGISLATE: ("法工委", "Legislative affairs")},
    words={"kind": CAME, "topic": VERDICTS}, prose=("title", "text"), open_facts=("article", "reason", "project"),
)
