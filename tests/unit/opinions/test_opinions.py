"""An opinion's life walked by hand: who takes which step, where it leads, which clock runs."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from hub.kernel.actor import Actor, Role
from hub.kernel.errors import Forbidden, Refused
from hub.kernel.ids import derived
from hub.kernel.lifecycle import Lifecycle, Nothing, State, Step, Who, kept_from
from hub.streams.opinions.forms import Opinion
from hub.streams.opinions.guards import Landing, Other
from hub.streams.opinions.model import OPINIONS, titled
from tests.lives import SYSTEM, LifeWalk, person, sitting, unit

CLERK, ONE, TWO, WATER, ROADS = sitting(Role.INTAKE), person(1), person(2), unit(5, Role.HANDLER), unit(6, Role.HANDLER)
MONDAY = date(2026, 5, 11)
UNITS = frozenset({"department:5", "department:6", ONE.id})


def said(to: str = "", **form: Any) -> LifeWalk:
    life = LifeWalk(OPINIONS, MONDAY, reads=Landing(scope="district:1/station:1", deputy=to if to.startswith("person:") else ""))
    return life.take("TellOpinion", SYSTEM, to=to, **({"text": "楼下夜里施工，电话 13900001111"} | form))


def assigned(life: LifeWalk, **form: Any) -> LifeWalk:
    life.reads = UNITS
    return life.take("AssignOpinion", CLERK, **({"unit": "department:5", "kind": "building"} | form))


def answered(life: LifeWalk, answer: str = "已责令停工") -> LifeWalk:
    return life.take("AcceptOpinion", WATER).take("AnswerOpinion", WATER, answer=answer)


def test_it_is_sorted_accepted_answered_checked_by_its_deputy_told_and_rated():
    life = said(ONE.id)
    assert (life.state, life.facts.came, life.facts.scope, life.there.parties["lead"], life.due("sort")) == (
        "received", "scan", "district:1/station:1", (ONE.id,), date(2026, 5, 13))
    assigned(life, grade="pressing")
    assert (life.due("sort"), life.due("accept"), life.due("answer"), life.due("quick")) == (None, date(2026, 5, 13), date(2026, 6, 1), None)
    answered(life)
    assert (life.state, life.due("check"), life.due("answer")) == ("answered", date(2026, 5, 18), None)
    with pytest.raises(Refused, match="A deputy checks this one"):
        life.take("ConfirmOpinion", CLERK)
    with pytest.raises(Forbidden):
        life.take("ConfirmOpinion", TWO)
    life.take("ConfirmOpinion", ONE, finding="看过了")
    assert (life.state, life.facts.checked, life.due("rate")) == ("told", True, date(2026, 5, 26))
    life.take("RateOpinion", SYSTEM, rating="satisfied")
    assert (life.state, life.facts.rated_by, life.there.clocks) == ("closed", "citizen", {})


@pytest.mark.parametrize("form", [{"simple": True}, {"grade": "urgent"}], ids=["simple", "urgent"])
def test_what_is_simple_or_urgent_is_answered_sooner_also_when_it_comes_back(form: dict[str, Any]):
    life = assigned(said(), **form)
    assert (life.due("quick"), life.due("answer")) == (date(2026, 5, 18), None)
    answered(life).take("RejectOpinion", CLERK, reason="还在施工")
    assert (life.state, life.due("quick"), life.due("sort")) == ("handling", date(2026, 5, 18), None)
    assigned(life, unit="department:6")
    assert (life.due("quick"), life.due("answer")) == (None, date(2026, 6, 1)), "assigned anew it is as sorted anew"


def test_an_answer_is_put_off_once_and_only_in_time():
    life = assigned(said()).take("AcceptOpinion", WATER).take("ExtendOpinion", WATER, reason="需要协调")
    assert life.due("answer") == date(2026, 6, 22)
    with pytest.raises(Refused, match="put off once"):
        life.take("ExtendOpinion", WATER, reason="还要协调")
    late = assigned(said()).take("AcceptOpinion", WATER).later(40)
    with pytest.raises(Refused, match="too late"):
        late.take("ExtendOpinion", WATER, reason="需要协调")


def test_the_desk_answers_at_once_and_what_nobody_checks_or_rates_goes_on_by_itself():
    life = said().take("AnswerOpinionNow", CLERK, kind="order", answer="已转派出所处理")
    assert (life.state, life.due("rate"), life.due("check")) == ("told", date(2026, 5, 26), None)
    assert life.struck("rate").state == "closed"
    life = said(ONE.id).take("AnswerOpinionNow", CLERK, kind="order", answer="已转派出所处理")
    assert (life.state, life.due("rate"), life.due("check")) == ("answered", None, date(2026, 5, 18))
    assert (life.struck("check").state, life.facts.checked) == ("told", False)


def test_an_unsatisfied_citizen_opens_it_again_once():
    life = answered(assigned(said())).take("ConfirmOpinion", CLERK).take("RateOpinion", SYSTEM, rating="unsatisfied", word="没有解决")
    assert (life.state, life.facts.reopened, life.there.parties["lead_unit"], life.due("sort")) == ("received", True, (), date(2026, 5, 13))
    answered(assigned(life), "已拆除").take("ConfirmOpinion", CLERK).take("RateOpinion", CLERK, rating="unsatisfied")
    assert (life.state, life.facts.rating, life.facts.rated_by) == ("closed", "unsatisfied", "desk")


def test_what_the_desk_answered_and_is_not_true_is_sorted_again():
    life = said(ONE.id).take("AnswerOpinionNow", CLERK, kind="order", answer="已处理").take("RejectOpinion", ONE, reason="没有人来过")
    assert (life.state, life.due("sort"), life.due("answer")) == ("received", date(2026, 5, 13), None)


def test_it_is_moved_merged_or_refused():
    life = said()
    life.reads = Landing(scope="district:2")
    assert life.take("MoveOpinion", CLERK, district="district:2", reason="不在本区").facts.scope == "district:2"
    with pytest.raises(Refused, match="is here already"):
        life.take("MoveOpinion", CLERK, district="district:2", reason="不在本区")
    with pytest.raises(Refused, match="not both"):
        life.take("MoveOpinion", CLERK, district="district:2", station="station:1", reason="不在本区")
    for state, why in (("", "no such opinion"), ("merged", "merged or refused itself")):
        life.reads = Other(state=state)
        with pytest.raises(Refused, match=why):
            life.take("MergeOpinion", CLERK, into=uuid4())
    life.reads = Other(state="handling")
    with pytest.raises(Refused, match="into itself"):
        life.take("MergeOpinion", CLERK, into=life.id)
    assert life.take("MergeOpinion", CLERK, into=uuid4()).state == "merged"
    assert said().take("RefuseOpinion", CLERK, topic="court", answer="请按判决书所列期限上诉。").there.clocks == {}
    with pytest.raises(Refused, match="Choose the reason"):
        said().take("RefuseOpinion", CLERK, topic="dull", answer="请到信访局。")


def test_a_code_that_nobody_has_and_words_that_no_list_knows_are_refused():
    life = LifeWalk(OPINIONS, MONDAY, reads=Landing(scope=""))
    with pytest.raises(Refused, match="no such station or deputy"):
        life.take("TellOpinion", SYSTEM, to="station:99", text="没有这个站")
    with pytest.raises(Refused, match="Choose the kind"):
        said(kind="moon")
    with pytest.raises(Refused, match="no department"):
        assigned(said(), unit="department:9")
    with pytest.raises(Refused, match="no such deputy"):
        assigned(said(), deputy=derived("person", 2))
    with pytest.raises(Forbidden):
        said().take("AnswerOpinionNow", ONE, kind="order", answer="我来答复")


def test_no_number_of_a_phone_or_a_card_stands_in_a_title():
    assert titled("\n 请打 139 0000 1111 找我\n楼下施工") == "请打 ＊ 找我"
    assert titled("身份证33010219900101123X，3号楼第12层") == "身份证＊X，3号楼第12层"
    assert said().facts.title == "楼下夜里施工，电话 ＊"


def test_what_is_kept_is_shown_to_whom_it_is_kept_for():
    life = assigned(said(ONE.id, phone="13900001111"))
    elsewhere = Actor(id="account:d2", name="", roles=(Role.INTAKE,), scopes=("district:2",))
    hidden = {actor.id: kept_from(OPINIONS, life.there, actor) for actor in (CLERK, WATER, ONE, ROADS, elsewhere)}
    assert [name for name, kept in hidden.items() if not kept] == [CLERK.id, WATER.id]


def test_a_life_that_keeps_and_shows_the_same_fact_is_none():
    with pytest.raises(ValueError, match="phone is kept and shown"):
        Lifecycle(name="x", noun="x", zh="", en="", facts=Opinion, states=(State("on", "", "", terminal=True),), prose=("title", "phone"), kept=("phone",),
                  steps=(Step(command="X", event="Xed", zh="", en="", who=(Who(),), to="on", form=Nothing),))
