"""意见: what is said about a draft that is open for comment, article by article; each is answered with a verdict and its reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec

from hub.kernel.actor import SYSTEM as HUB
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
    refs_of,
)
from hub.search.articles import number_of
from hub.streams.legislation.entry import CLERK
from hub.streams.legislation.words import FAMILY, LEGISLATE

P = Permission
DRAFTING = Who(P.HANDLE, "drafting")
SHOWN = 40


class Comment(Facts, frozen=True, kw_only=True):
    """`kind`: how it came. `topic`: the verdict, empty until there is one; `aside`: it is none. `edition`: the text it speaks of.
    `confidential`: the answer is public, the words are not. `answerer`: the drafting unit that answered; empty: legislative affairs."""

    project: UUID | None = None
    edition: int = 0
    article: str = ""
    text: str = ""
    name: str = ""
    reason: str = ""
    answerer: str = ""


class CommentForm(Form, frozen=True, kw_only=True):
    project: Annotated[UUID, asked("法规草案", "Draft", pick="case:legislation/comment")]
    article: Annotated[str, asked("针对条款", "Article", hint=("如“第三条”，空为全文", "e.g. 第三条; empty: the whole"), blank=("全文", "The whole"), max_length=20)] = ""
    text: Annotated[str, asked("意见内容", "Comment", rows=5, min_length=4, max_length=5000)]
    came: Annotated[str, asked("来源", "How it came", pick="word:kind", max_length=20)] = "deputy"
    name: Annotated[str, asked("提出人", "Who said it", hint=("代为录入时填", "when entered for others"), max_length=60)] = ""


class AnswerForm(Form, frozen=True, kw_only=True):
    verdict: Annotated[str, asked("采纳情况", "Verdict", pick="word:verdict", max_length=20)]
    reason: Annotated[str, asked("理由", "Reason", rows=3, min_length=2, max_length=2000)]
    hidden: Annotated[bool, asked("原文不公开", "Keep its words from the public", hint=("含个人信息等时勾选", "when they hold personal data"))] = False


class AsideForm(Form, frozen=True, kw_only=True):
    why: Annotated[str, asked("情形", "Why", pick="word:why", max_length=20)]
    reason: Annotated[str, asked("说明", "Explanation", rows=2, max_length=500)] = ""


class OpenDraft(msgspec.Struct, frozen=True, kw_only=True):
    """The draft a comment speaks of, as it stands now; `edition`: the text that is open; `articles`: its own, e.g. 第3条;
    `units`: who drafts it."""

    title: str
    state: str
    until: date | None
    articles: frozenset[str]
    edition: int = 0
    units: tuple[str, ...] = ()


CAME: dict[str, Sentence] = {
    "deputy": ("代表", "Deputy"), "public": ("公众", "Public"), "unit": ("单位", "Unit"), "county": ("县（市、区）", "County"),
    "contact_point": ("立法联系点", "Contact point"), "expert": ("专家", "Expert"), "letter": ("来信", "Letter"),
}
VERDICTS: dict[str, Sentence] = {
    "adopted": ("采纳", "Adopted"), "partly": ("部分采纳", "Partly adopted"), "not": ("未采纳", "Not adopted"),
}
ASIDE = "aside"
WHY: dict[str, Sentence] = {
    "unrelated": ("与草案无关", "Not about the draft"), "repeated": ("重复提交", "Sent again"), "advert": ("广告、灌水", "Advertising or noise"),
    "abuse": ("辱骂、违法内容", "Abusive or unlawful"), "personal": ("只含个人信息", "Personal data alone"),
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


def why_known(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    return None if form.why in WHY else ("请选择不予处理的情形。", "Say why it is set aside.")


def _said(case: Case | None, form: Any, scene: Scene) -> Mapping[str, Any]:
    draft: OpenDraft = scene.reads
    came = form.came if scene.actor.may(P.LEGISLATE) else "unit" if scene.actor.may(P.HANDLE) else "deputy"
    title = f"{form.article}：{form.text}" if form.article else form.text
    return {"title": title[:SHOWN], "article": article_name(form.article), "kind": came, "name": form.name or ("" if scene.actor.id == HUB.id else scene.actor.name),
            "edition": draft.edition}


def _author(case: Case | None, form: Any, scene: Scene) -> Mapping[str, tuple[str, ...]]:
    draft: OpenDraft = scene.reads
    return {"drafting": draft.units} | ({} if scene.actor.id == HUB.id else {"lead": (scene.actor.id,)})


def _answering(case: Case | None, scene: Scene) -> str:
    """The unit that speaks; empty where legislative affairs does."""
    units = case.parties.get("drafting", ()) if case and not scene.actor.may(P.LEGISLATE) else ()
    return next((unit for unit in units if unit in refs_of(scene.actor)), "")


def last_word(case: Case | None, _form: Any, scene: Scene) -> Sentence | None:
    """Legislative affairs may mend an answer of the drafting unit, and not the other way round."""
    if case is None or case.state == "received" or scene.actor.may(P.LEGISLATE) or case.facts.answerer:
        return None
    return "这条意见已由法工委办理，需要更改请与法工委联系。", "Legislative affairs has dealt with this comment; talk to them if it has to change."


def _answered(case: Case | None, form: Any, scene: Scene) -> Mapping[str, Any]:
    return {"topic": form.verdict, "confidential": form.hidden, "answerer": _answering(case, scene)}


def _aside(case: Case | None, form: Any, scene: Scene) -> Mapping[str, Any]:
    return {"topic": ASIDE, "reason": form.reason or WHY[form.why][0], "answerer": ""}


COMMENTS = Lifecycle(
    name="law_comments", noun="lawcomment", zh="立法意见", en="Comments on drafts", facts=Comment,
    # Nobody's turn: thousands may come; how many are open stands on the draft, and it goes no further before they are answered.
    states=(State("received", "待答复", "To be answered", owner="nobody"),
            State("answered", "已答复", "Answered", public=True, terminal=True, tone="done"),
            State("aside", "不予处理", "Set aside", terminal=True, tone="refused")),
    steps=(
        Step(command="CommentOnDraft", event="DraftCommented", zh="提出意见", en="Comment", to="received", who=(Who(P.PROPOSE), CLERK, Who(P.HANDLE)),
             form=CommentForm, guards=(draft_open, may_speak_for), knows=_said, parties=_author, numbered="立法意见", source="WL 34"),
        Step(command="AnswerComment", event="CommentAnswered", zh="答复意见", en="Answer", frm=("received", "answered", "aside"), to="answered",
             who=(CLERK, DRAFTING), form=AnswerForm, guards=(last_word, verdict_known), knows=_answered, tells=("lead",), source="WL 35"),
        Step(command="SetAsideComment", event="CommentSetAside", zh="不予处理", en="Set aside", frm=("received",), to="aside", who=(CLERK,),
             form=AsideForm, guards=(why_known,), knows=_aside, source="（I）"),
    ),
    rules=RuleSet, oversight=(P.LEGISLATE, P.COMMITTEE), relations={
        "lead": ("提出人", "Author"), "drafting": ("起草单位", "Drafting unit"), "nobody": ("无需办理", "Nobody"), LEGISLATE: ("法工委", "Legislative affairs")},
    words={"kind": CAME, "topic": VERDICTS | {ASIDE: ("不予处理", "Set aside")}, "verdict": VERDICTS, "why": WHY},
    prose=("title", "text"), open_facts=("article", "reason", "project"), family=FAMILY,
    columns=("number", "title", "project", "kind", "state", "topic", "opened"), called={"kind": ("来源", "How it came"), "topic": ("采纳情况", "Verdict")},
)
