"""Documents sent in for filing review in the demo city: filed, corrected, revoked, overdue with their makers, and new ones."""

from __future__ import annotations

from contextlib import suppress
from random import Random
from typing import Any, NamedTuple

from hub.cases.demo_story import Now, Story, Stream
from hub.cases.demo_town import COMMITTEE, LEGISLATOR, Town
from hub.kernel.actor import Actor
from hub.kernel.calendar import DAY, begin_of, day_of
from hub.kernel.ids import derived
from hub.streams.legislation.demo_course import Wanted
from hub.streams.legislation.filings import FILINGS


class Sent(NamedTuple):
    """`unit`: the department that sends it in; 0: on paper, entered by the desk. `issued`: days before it was sent. `ends`: how far it came."""

    title: str
    kind: str
    maker: str
    unit: int
    number: str
    ago: int
    issued: int
    text: str
    ends: str
    topic: str = ""
    opinion: str = ""
    corrected: str = ""
    reason: str = "内容合法，程序规范，审查结束。"


DOCUMENTS: tuple[Sent, ...] = (
    Sent("云澜市人民政府关于加强住宅电梯安全管理的通知", "government", "云澜市人民政府", 9, "云政发〔{y}〕6号", 318, 18,
         "第一条　住宅电梯使用单位应当每半月检查一次。\n第二条　电梯维修资金可以按规定申请使用。\n第三条　本通知自印发之日起施行。", "filed"),
    Sent("望江区人民代表大会常务委员会关于加强物业服务监督的决定", "county", "望江区人大常委会", 0, "望人常〔{y}〕3号", 264, 21,
         "一、区人民政府应当每年向常务委员会报告物业服务监督情况。\n二、街道应当指导成立业主委员会。", "filed"),
    Sent("云澜市机动车停放服务收费管理办法", "department", "市交通运输局", 23, "云交〔{y}〕11号", 287, 12,
         "第五条　夜间占用道路停放的，按次收取二十元。\n第六条　拒不缴费的，不予办理车辆年检。", "revoked", "rights",
         "第六条以不予办理年检督促缴费，没有上位法依据，减损公民权利，应当修改或者废止。", "upheld", "该条超越权限，制定机关拒不修改，予以撤销。"),
    Sent("云澜市户外广告设施设置管理规定", "department", "市城市管理局", 37, "云城管〔{y}〕8号", 205, 15,
         "第三条　设置户外广告须缴纳保证金。\n第四条　未缴纳保证金的，限期拆除。", "amended", "rights",
         "设定保证金没有法律、法规依据，应当删除。", "amended", "已删除保证金规定，重新公布。"),
    Sent("云澜市网络订餐配送管理若干规定", "department", "市市场监督管理局", 32, "云市监〔{y}〕5号", 168, 9,
         "第二条　平台应当对配送员进行食品安全培训。\n第七条　违反本规定的，处三万元罚款。", "corrected", "power",
         "部门规范性文件不得设定罚款，第七条超越权限。", "repealed", "该规定已废止，相关内容并入行业指引。"),
    Sent("云澜市养犬登记实施细则", "department", "市公安局", 15, "云公〔{y}〕2号", 139, 10,
         "第八条　每户只能饲养一只犬，超过的予以没收。", "asked", "higher_law", "没收的规定与上位法不一致，应当修改。"),
    Sent("东川县人民代表大会常务委员会关于禁止销售燃放烟花爆竹的决定", "county", "东川县人大常委会", 0, "东人常〔{y}〕7号", 58, 26,
         "一、县城建成区内禁止销售、燃放烟花爆竹。\n二、本决定自公布之日起施行。", "review"),
    Sent("云澜市人民政府关于促进民宿业发展的若干意见", "government", "云澜市人民政府", 9, "云政发〔{y}〕21号", 36, 44,
         "一、简化民宿开办手续。\n二、对评定等级的民宿给予奖励。", "review"),
    Sent("云澜市中级人民法院关于执行案件繁简分流的规定", "court", "市中级人民法院", 0, "云中法〔{y}〕4号", 27, 8,
         "第一条　执行案件按照标的和难易程度分流办理。", "returned", reason="没有附制定说明和依据，材料不齐，补齐后重新报送。"),
    Sent("云澜市校外培训机构收费资金监管办法", "department", "市教育局", 11, "云教〔{y}〕19号", 5, 11,
         "第四条　培训机构预收费应当全部进入监管账户。\n第五条　一次收取的费用不得超过三个月。", "sent"),
)
LATE = "因文件会签周期较长，报送材料准备不及时，今后将按期报送。"


def filings_of(town: Town) -> tuple[list[Stream], list[Wanted]]:
    """The streams, and the papers that came with them."""
    papers: list[Wanted] = []
    return [tuple(_told(town, n, one, papers).told) for n, one in enumerate(DOCUMENTS)], papers


def _told(town: Town, n: int, one: Sent, papers: list[Wanted]) -> Story[Any]:
    story: Story[Any] = Story(
        life=FILINGS, id=derived("demo filing", n), at=begin_of(day_of(town.now) - one.ago * DAY, 8), now=town.now, calendar=town.calendar,
        random=Random(f"filing {n}"), beside=None, stop=one.ends if one.ends in {"asked", "sent", "review"} else "")
    maker = town.handlers[f"department:{one.unit}"] if one.unit else LEGISLATOR
    with suppress(Now):
        _sent(story, one, maker, papers)
        _looked_at(story, one, maker)
        story.rest()
    return story


def _sent(story: Story[Any], one: Sent, maker: Actor, papers: list[Wanted]) -> None:
    story.wait(0, 0)
    issued = day_of(story.at) - one.issued * DAY
    paper = Wanted(derived("demo paper", one.title), "备案报告.docx", f"关于报送《{one.title}》备案的报告", (f"现将《{one.title}》报请备案。", one.text), maker.id)
    papers.append(paper)
    story.take("SendForFiling", maker, title=one.title, kind=one.kind, maker=one.maker, number=one.number.format(y=issued.year), issued=issued,
               effective=issued + 30 * DAY, text=one.text, files=[paper.id], late_reason=LATE if one.issued > 30 else "")


def _looked_at(story: Story[Any], one: Sent, maker: Actor) -> None:
    if one.ends == "returned":
        story.wait(1, 3).take("ReturnFiling", LEGISLATOR, reason=one.reason)
        return
    story.wait(1, 3).take("RegisterFiling", LEGISLATOR)
    story.wait(20, 45)
    if one.topic:
        story.take("AskCorrection", LEGISLATOR, topic=one.topic, opinion=one.opinion)
        story.wait(20, 50).take("CorrectFiled", maker, **_corrected(one))
    if one.ends == "revoked":
        story.wait(20, 30).take("RevokeFiled", COMMITTEE, reason=one.reason)
    elif one.ends != "corrected":
        story.wait(5, 12).take("CloseFiling", LEGISLATOR, reason=one.reason)


def _corrected(one: Sent) -> dict[str, str]:
    text = one.text.split("\n")[0] + "\n（其余条款已按审查意见修改。）"
    reason = "经研究，该条有利于提高缴费率，拟不修改。" if one.corrected == "upheld" else one.reason
    return {"corrected": one.corrected, "reason": reason} | ({"text": text} if one.corrected == "amended" else {})

