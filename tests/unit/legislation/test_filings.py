"""Normative documents from below are sent in, reviewed, corrected by who made them, and closed."""

from datetime import date

import pytest

from hub.kernel.actor import Role
from hub.kernel.errors import Refused
from hub.kernel.lifecycle import waits_for
from hub.streams.legislation.filings import FILINGS
from tests.lives import LifeWalk, sitting, unit

CLERK, CHAIRS, UNIT = sitting(Role.LEGISLATOR), sitting(Role.COMMITTEE), unit(22)
FILE = "0190d4c0-0000-7000-8000-000000000001"
SENT = {"title": "云澜市停车收费管理办法", "kind": "department", "maker": "市发展改革委", "issued": "2026-03-01", "text": "第一条 停车收费按次计。", "files": [FILE]}


def sent(day=date(2026, 3, 20), **more):
    return LifeWalk(FILINGS, day).take("SendForFiling", UNIT, **(SENT | more))


def why(walk, command, actor, **fields):
    with pytest.raises(Refused) as caught:
        walk.take(command, actor, **fields)
    return caught.value.zh


def test_what_comes_later_than_thirty_days_says_why():
    assert "逾期说明" in why(LifeWalk(FILINGS, date(2026, 4, 1)), "SendForFiling", UNIT, **SENT)
    assert sent(date(2026, 4, 1), late_reason="工作人员变动。").state == "sent"
    assert sent(date(2026, 3, 31)).there.parties == {"lead_unit": ("department:22",)}


def test_what_is_against_higher_law_is_corrected_in_time_and_reviewed_again():
    walk = sent().take("RegisterFiling", CLERK)
    assert walk.due("review") == date(2026, 5, 19)
    walk.take("AskCorrection", CLERK, topic="higher_law", opinion="与省条例不一致，请修改第一条。")
    assert (walk.due("review"), walk.due("correct")) == (None, date(2026, 5, 19))
    assert "修改后的正文" in why(walk, "CorrectFiled", UNIT, corrected="amended", reason="已改。")
    walk.take("CorrectFiled", UNIT, corrected="amended", text="第一条 停车收费按小时计。", reason="已改。")
    assert walk.take("CloseFiling", CLERK, reason="符合上位法。").state == "filed"
    assert walk.facts.text == "第一条 停车收费按小时计。"


def test_who_does_not_correct_owes_an_explanation_and_may_be_revoked():
    walk = sent().take("RegisterFiling", CLERK).take("AskCorrection", CLERK, topic="power", opinion="超越权限，请废止。").struck("correct")
    assert "correct" in walk.there.owed
    assert walk.take("RevokeFiled", CHAIRS, reason="逾期未改，予以撤销。").state == "revoked"


def test_what_the_desk_sent_in_for_an_organ_that_is_not_here_waits_for_the_desk():
    walk = LifeWalk(FILINGS, date(2026, 3, 20)).take("SendForFiling", CLERK, **SENT).take("RegisterFiling", CLERK)
    walk.take("AskCorrection", CLERK, topic="power", opinion="超越权限，请废止。")
    assert (waits_for(FILINGS, walk.there), walk.due("correct"), walk.due("correct_outside")) == (("desk:legislate",), None, date(2026, 5, 19))
    assert walk.take("CorrectFiled", CLERK, corrected="repealed", reason="来函告知已废止。").there.clocks == {}
