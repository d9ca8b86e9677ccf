"""A believable year of legislation for the demo city: projects of all kinds at all stages, comments with verdicts, a call, shelves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from random import Random
from typing import Any

from hub.cases.demo_story import Now, Story, Stream, Told
from hub.cases.demo_town import LEGISLATOR, Town
from hub.kernel.calendar import DAY, Span, begin_of, day_of
from hub.kernel.ids import derived
from hub.search.articles import law_text
from hub.streams.legislation import demo_texts as t
from hub.streams.legislation import messages as m
from hub.streams.legislation.calls import ProjectCallSaved
from hub.streams.legislation.comments import COMMENTS, OpenDraft
from hub.streams.legislation.demo_course import Bill, Course, Wanted, tell
from hub.streams.legislation.facts import open_edition
from hub.streams.legislation.ideas import IDEAS
from hub.streams.legislation.model import LEGISLATION
from hub.streams.legislation.projection import DISTRIBUTED, OPENED
from hub.streams.legislation.rules import NodeRule

SETTLED = (OPENED, DISTRIBUTED)
URBAN, FINANCE, LAW, CULTURE = "城乡建设和环境资源保护委员会", "财政经济委员会", "法制委员会", "教育科学文化卫生委员会"
BILLS = (
    Bill("heritage", "enact", "云澜市历史文化名城保护条例", "culture", "motion", 27, CULTURE, 440, t.HERITAGE,
         "全市有历史建筑一百八十余处，修缮资金和责任主体不明，亟需立法保护。", "《中华人民共和国文物保护法》《历史文化名城名镇名村保护条例》"),
    Bill("repeal", "repeal", "关于废止《云澜市暂住人口管理办法》的决定", "grassroots", "government", 15, LAW, 345, t.SHORT["repeal"],
         "居住证制度已经实施，原办法不再适用。", "《居住证暂行条例》"),
    Bill("vote", "enact", "云澜市社会生活噪声管理规定", "ecology", "suggestion", 21, URBAN, 250, t.SHORT["noise"],
         "广场舞、商业促销噪声投诉占环境投诉的三成，执法缺少可操作的规定。", "《中华人民共和国噪声污染防治法》"),
    Bill("procedure", "congress", "云澜市人民代表大会议事规则", "procedure", "committee", 1, LAW, 238, t.SHORT["procedure"],
         "地方组织法修改后，现行议事规则需要全面修订。", "《中华人民共和国地方各级人民代表大会和地方各级人民政府组织法》"),
    Bill("greening", "amend", "云澜市城市绿化条例（修正）", "urban_rural", "government", 37, URBAN, 235, t.SHORT["greening"],
         "机构改革后主管部门调整，绿地率标准偏低。", "《城市绿化条例》"),
    Bill("property", "revise", "云澜市物业管理条例（修订）", "urban_rural", "motion", 22, URBAN, 205, t.PROPERTY,
         "物业纠纷占信访总量两成，公共收益、应急维修等制度需要完善。", "《中华人民共和国民法典》《物业管理条例》"),
    Bill("care", "enact", "云澜市养老服务条例", "grassroots", "suggestion", 16, CULTURE, 200, t.SHORT["care"],
         "六十岁以上老人占户籍人口百分之二十六，居家养老服务供给不足。", "《中华人民共和国老年人权益保障法》", "shelved"),
    Bill("river", "enact", "云澜市澜江流域保护条例", "ecology", "motion", 24, URBAN, 165, t.RIVER,
         "澜江跨四个县（市、区），上下游补偿和执法协作没有固定机制。", "《中华人民共和国水污染防治法》《中华人民共和国长江保护法》"),
    Bill("pets", "enact", "云澜市养犬管理条例", "grassroots", "letter", 15, LAW, 150, t.SHORT["noise"],
         "犬只登记率低，伤人事件时有发生。", "《中华人民共和国动物防疫法》", "refused"),
    Bill("electric", "enact", "云澜市电动自行车管理条例", "urban_rural", "wechat", 15, LAW, 140, t.SHORT["noise"],
         "全市电动自行车九十余万辆，停放充电火灾隐患突出。", "《中华人民共和国道路交通安全法》《中华人民共和国消防法》", "overdue"),
    Bill("numbers", "enact", "云澜市公共数据开放利用条例", "urban_rural", "government", 38, FINANCE, 107, t.SHORT["care"],
         "公共数据开放范围和安全责任需要明确。", "《中华人民共和国数据安全法》"),
    Bill("trees", "enact", "云澜市古树名木保护条例", "ecology", "suggestion", 40, URBAN, 72, t.SHORT["noise"],
         "在册古树一千二百余株，日常养护责任和经费不清。", "《中华人民共和国森林法》《古树名木保护条例》"),
    Bill("plan", "plan", "云澜市人大常委会下一年度立法计划", "procedure", "committee", 2, LAW, 33, (), "落实五年立法规划，统筹安排下一年度立法项目。", "《云澜市地方立法条例》"),
    Bill("reading", "enact", "云澜市全民阅读促进条例", "culture", "motion", 27, CULTURE, 45, (), "公共阅读设施分布不均，经费保障没有固定下来。",
         "《中华人民共和国公共文化服务保障法》《全民阅读促进条例》", "library", "research"),
)


def year_of(town: Town) -> tuple[list[Stream], list[Wanted]]:
    """All streams, and the papers that their steps enclose."""
    courses = {bill.key: tell(town, bill) for bill in BILLS}
    streams = [tuple(course.told) for course in courses.values()]
    streams += [stream for key in t.SAID for stream in _comments(courses[key], t.SAID[key])]
    streams += [*_ideas(town, courses), *_shelves(town, courses), *_templates(town)]
    return streams, [paper for course in courses.values() for paper in course.beside.papers]


def _event(town: Town, ago: int, stream: str, event: Any) -> Stream:
    return (Told(at=begin_of(day_of(town.now) - ago * DAY, 10), life=LEGISLATION.name, stream=stream, by=LEGISLATOR.id, event=event),)


# --- what is said ---------------------------------------------------------------------------------


def _comments(course: Course, said: Iterable[t.Said]) -> Iterator[Stream]:
    """While the draft is open; answered before the revised text, as far as that day has come."""
    opened = next((one.at for one in course.told if type(one.event).__name__ == "DraftPublished"), None)
    text = open_edition(course.there.facts)
    if opened is None or text is None:
        return
    draft = OpenDraft(title=course.there.facts.title, state="comment", until=course.there.facts.comment_until, edition=text.n,
                      articles=frozenset(one.name for one in law_text(text.text).articles), units=course.there.parties["lead_unit"])
    for n, one in enumerate(said):
        story = Story(life=COMMENTS, id=derived("demo comment", course.id, n), at=opened, now=course.now, calendar=course.calendar,
                      random=Random(f"{course.beside.bill.key} {n}"), beside=draft, reads=lambda told: told.beside)
        with suppress(Now):
            _said(story, course, n, one)
        yield tuple(story.told)


def _said(story: Story[OpenDraft], course: Course, n: int, one: t.Said) -> None:
    town = course.beside.town
    by, named = (town.deputies[(n * 97 + 13) % len(town.deputies)], "") if one.came == "deputy" else (LEGISLATOR, one.name)
    story.wait(1 + n, 3 + n).take("CommentOnDraft", by, project=course.id, article=one.article, text=one.text, came=one.came, name=named)
    if one.verdict:
        answers = town.handlers[story.beside.units[0]] if n % 2 else LEGISLATOR
        story.wait(2, 8).take("AnswerComment", answers, verdict=one.verdict, reason=one.reason)


def _ideas(town: Town, courses: dict[str, Course]) -> Iterator[Stream]:
    """Of this autumn's call; some were taken in, some declined."""
    call = derived("demo call", day_of(town.now).year)
    begins, ends = day_of(town.now) - 75 * DAY, day_of(town.now) + 6 * DAY
    title = f"{begins.year + 1}年立法计划项目征集"
    yield _event(town, 75, f"law-call-{call}", ProjectCallSaved(call=call, title=title, begins=begins, ends=ends, text=(
        "市人大常委会正在编制下一年度立法计划，现面向社会征集立法项目建议。请写明项目名称、立法必要性和主要内容，"
        "可以通过网站、微信公众号、信函和基层立法联系点提出。")))
    for n, wish in enumerate(t.WISHES):
        story = Story(life=IDEAS, id=derived("demo idea", n), at=begin_of(begins + n * 8 * DAY, 9), now=town.now, calendar=town.calendar,
                      random=Random(f"idea {n}"), beside=wish.ends in courses, reads=lambda told: told.beside)
        with suppress(Now):
            _wished(story, wish, title, town, courses)
        yield tuple(story.told)


def _wished(story: Story[bool], wish: t.Wish, call: str, town: Town, courses: dict[str, Course]) -> None:
    by = LEGISLATOR if wish.name else town.deputies[len(wish.title) * 17 % len(town.deputies)]
    story.wait(1, 2).take("SuggestProject", by, title=wish.title, text=wish.text, source=wish.source, name=wish.name, batch=call)
    if not wish.ends:
        return
    story.wait(1, 4).take("CollateSuggestion", LEGISLATOR, topic=wish.topic, batch=call)
    if wish.ends in courses:
        story.wait(2, 6).take("AdoptSuggestion", LEGISLATOR, project=courses[wish.ends].id)
    elif wish.ends in t.DECLINED:
        story.wait(2, 6).take("DeclineSuggestion", LEGISLATOR, refusal=wish.ends, reason=t.DECLINED[wish.ends])


# --- shelves --------------------------------------------------------------------------------------


def _shelves(town: Town, courses: dict[str, Course]) -> Iterator[Stream]:
    today = day_of(town.now)
    for n, paper in enumerate(t.PAPERS):
        begins, ends = (None if ago is None else today - ago * DAY for ago in (paper.begins, paper.ends))
        document = derived("demo law", n)
        yield _event(town, min(paper.issued, 300), f"law-document-{document}", m.LawDocumentSaved(
            document=document, shelf=m.Shelf(paper.shelf), title=paper.title, group=paper.group, issued_by=paper.issued_by,
            issued_on=today - paper.issued * DAY, valid_from=begins, valid_until=ends, text=paper.text))
    made = courses["heritage"].there
    if made.state == "in_force":
        document = derived("demo law", "heritage")
        yield _event(town, (today - made.facts.effective).days, f"law-document-{document}", m.LawDocumentSaved(
            document=document, shelf=m.Shelf.LAW, title=made.facts.title, group="现行法规", issued_by=made.facts.maker,
            issued_on=made.facts.votes[-1].on, valid_from=made.facts.effective, text=made.facts.editions[-1].text))


def _templates(town: Town) -> Iterator[Stream]:
    nodes = (("draft", 60), ("committee", 10), ("list", 7), ("distribute", 7), ("first", 10), ("vote", 30), ("send", 10), ("approve", 90))
    yield _event(town, 330, "law-template-simple", m.ProjectTemplateSaved(
        code="simple", name="简易程序（一次审议）", kind="amend", nodes=tuple(NodeRule(node=node, after=Span(days)) for node, days in nodes)))
