"""A station and its hub over real sockets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from edge.answers import AnswerPolicy
from edge.backoff import Backoff
from edge.settings import Settings
from tests.flows.edge.conftest import KEYS, at_work, heard, heard_more_than
from tests.flows.edge.door import Door, speech
from tests.patience import PATIENCE

ONE = ("station:1",)
ALL = ["delivered", "displayed", "played"]


async def test_a_spoken_notice_is_played_whole_and_its_receipts_rise(door: Door, settings: Settings, tmp_path: Path):
    async with at_work(settings, slack=PATIENCE):
        await door.until(lambda: door.online() == 1)
        title = await door.send(ONE, audio=door.audio(speech(1.5)))
        await door.until(lambda: door.told("station:1", title) == ALL)

    last = door.last(title)
    assert (last["played_ms"], last["gap_ms"], last["gaps"]) == (1500, 0, 0)
    assert list(heard(tmp_path).values()) == [[list(range(24_000))]]
    assert {variant for _, variant, _ in door.fetched} == {"station"}


async def test_a_written_notice_is_displayed_and_a_demonstration_answers_it(door: Door, settings: Settings):
    async with at_work(settings, answers=AnswerPolicy(0.2)):
        title = await door.send(ONE)
        await door.until(lambda: "confirmed" in door.told("station:1", title))

    assert door.told("station:1", title) == ["delivered", "displayed", "confirmed"]
    assert door.last(title)["reply"] == "received"


async def test_without_the_hub_a_station_plays_on_and_tells_later_without_playing_again(
        door: Door, settings: Settings, tmp_path: Path):
    async with at_work(settings, speed=0.5):
        title = await door.send(ONE, audio=door.audio(speech(1.0)))
        await door.until(lambda: "displayed" in door.told("station:1", title))
        await door.close()
        await heard_more_than(tmp_path, 15_999)
        told_while_away = door.told("station:1", title)
        await door.open()
        await door.until(lambda: door.told("station:1", title) == ALL)

    assert told_while_away == ALL[:2]
    assert list(heard(tmp_path).values()) == [[list(range(16_000))]]


async def test_a_hub_whose_clock_was_put_back_is_heard_all_the_same(door: Door, settings: Settings):
    door.ahead = 10**12
    async with at_work(settings):
        await door.until(lambda: door.online() == 1)
        title = await door.send(ONE)
        await door.until(lambda: "displayed" in door.told("station:1", title))


async def test_what_a_hub_knew_before_its_database_went_away_is_asked_for_again(door: Door, settings: Settings):
    title = await door.send(ONE)
    door.away_for = 1
    async with at_work(settings):
        await door.until(lambda: "displayed" in door.told("station:1", title))


async def test_receipts_whose_answer_was_lost_are_told_again_and_nothing_is_played_again(
        door: Door, settings: Settings, tmp_path: Path):
    door.keep_silent = True
    async with at_work(settings):
        title = await door.send(ONE, audio=door.audio(speech(0.5)))
        await door.until(lambda: len(door.receipts) >= 6)
        door.keep_silent = False
        await door.until(lambda: door.told("station:1", title) == ALL)
        online = door.arrivals["dk_1"]
        second = await door.send(ONE)
        await door.until(lambda: door.told("station:1", second) == ["delivered", "displayed"])

    assert online > 1
    assert list(heard(tmp_path).values()) == [[list(range(8_000))]]


async def test_a_station_that_was_away_gets_what_is_open_and_not_what_it_had(
        door: Door, settings: Settings, tmp_path: Path):
    first = await door.send(ONE, audio=door.audio(speech(0.3)))
    async with at_work(settings):
        await door.until(lambda: door.told("station:1", first) == ALL)
    second = await door.send(ONE, audio=door.audio(speech(0.4)))

    async with at_work(settings):
        await door.until(lambda: door.told("station:1", second) == ALL)

    assert [len(stretches) for stretches in heard(tmp_path).values()] == [1, 1]


async def test_an_emergency_breaks_off_an_ordinary_notice_which_is_then_played_from_its_start(
        door: Door, settings: Settings, tmp_path: Path):
    async with at_work(settings, speed=1.0):
        ordinary = await door.send(ONE, audio=door.audio(speech(2.0)))
        await heard_more_than(tmp_path, 1_000)
        emergency = await door.send(ONE, audio=door.audio(speech(0.5)), priority="emergency")
        await door.until(lambda: door.told("station:1", ordinary) == ALL)

    begun, again = heard(tmp_path)[door.last(ordinary)["delivery"]]
    assert door.told("station:1", emergency) == ALL
    assert begun == list(range(len(begun)))
    assert len(begun) < 32_000
    assert again == list(range(32_000))
    assert door.last(ordinary)["played_ms"] == 2000


async def test_a_cancelled_notice_falls_silent_and_is_not_played_again(door: Door, settings: Settings, tmp_path: Path):
    async with at_work(settings, speed=1.0):
        title = await door.send(ONE, audio=door.audio(speech(30)))
        await heard_more_than(tmp_path, 1_000)
        id_ = next(iter(door.rows["station:1"]))
        door.rows["station:1"][id_]["cancelled"] = True
        await door.tell("station:1", id_)
        after = await door.send(ONE, audio=door.audio(speech(0.2)))
        await door.until(lambda: door.told("station:1", after) == ALL)

    assert door.told("station:1", title) == ["delivered", "displayed"]
    assert len(heard(tmp_path)[id_][0]) < 30 * 16_000


async def test_a_revoked_key_is_not_asked_for_again_and_again_while_others_work(door: Door, settings: Settings):
    async with at_work(settings, stations={"station:1": "dk_1", "station:2": "dk_2"}):
        await door.until(lambda: door.online() == 2)
        await door.revoke("station:1")
        titles = [await door.send(("station:2",), audio=door.audio(speech(0.5))) for _ in range(5)]
        await door.until(lambda: all(door.told("station:2", title) == ALL for title in titles))

    assert door.arrivals["dk_1"] <= 2


async def test_a_key_that_is_accepted_again_brings_the_station_back(door: Door, settings: Settings):
    await door.revoke("station:1")
    async with at_work(settings, Backoff(first=0.05, most=0.2, refused=0.1)):
        await door.until(lambda: door.arrivals["dk_1"] >= 2)
        door.stations["dk_1"] = "station:1"
        await door.until(lambda: door.online() == 1)


async def test_a_download_that_breaks_off_goes_on_where_it_was(door: Door, settings: Settings, tmp_path: Path):
    door.break_after = 300_000
    async with at_work(settings, speed=float("inf")):
        title = await door.send(ONE, audio=door.audio(speech(20)))
        await door.until(lambda: door.told("station:1", title) == ALL)

    spans = [span for _, _, span in door.fetched]
    assert spans[0] == ""
    assert spans[1].startswith("bytes=")
    assert [[len(frames) for frames in s] for s in heard(tmp_path).values()] == [[320_000]]


@pytest.mark.parametrize("heeds_if_range", [True, False])
async def test_an_audio_that_was_replaced_while_it_was_fetched_is_not_mixed(
        door: Door, settings: Settings, tmp_path: Path, heeds_if_range: bool):
    door.heeds_if_range, door.break_after = heeds_if_range, 300_000
    async with at_work(settings, Backoff(first=1.0, most=1.0), speed=float("inf")):
        audio = door.audio(speech(20))
        title = await door.send(ONE, audio=audio)
        await door.until(lambda: len(door.fetched) == 1 and door.break_after is None)
        door.files[audio["id"]] = (speech(20)[:44] + b"\x07\x00" * 320_000, "audio/wav")
        await door.until(lambda: door.told("station:1", title) == ALL)

    assert door.last(title)["played_ms"] == 20_000
    assert list(heard(tmp_path).values()) == [[[7] * 320_000]]


@pytest.mark.parametrize(("content", "mime", "words"), [
    (b"ID3 an mp3", "audio/mpeg", "格式是 audio/mpeg"), (b"rubbish", "audio/wav", "不是 PCM"),
    (b"x" * (50 * 1024 * 1024 + 1), "audio/wav", "超过 50 MB")])
async def test_audio_that_cannot_be_played_is_displayed_with_the_reason(
        door: Door, settings: Settings, content: bytes, mime: str, words: str):
    async with at_work(settings):
        title = await door.send(ONE, audio=door.audio(content, mime))
        await door.until(lambda: "displayed" in door.told("station:1", title))

    assert words in door.last(title)["reason"]


async def test_a_key_is_never_shown_to_another_host(door: Door, settings: Settings):
    stranger = Door(KEYS)
    await stranger.open()
    elsewhere = stranger.audio(speech(0.1))
    async with at_work(settings):
        title = await door.send(ONE, audio={**elsewhere, "url": stranger.url + elsewhere["url"]})
        await door.until(lambda: "displayed" in door.told("station:1", title))
    await stranger.close()

    assert "不在中枢上" in door.last(title)["reason"]
    assert stranger.fetched == []


async def test_a_row_that_cannot_be_read_does_not_silence_the_others(door: Door, settings: Settings):
    door.rows["station:1"]["x"] = {"id": "no id", "title": "?"}
    async with at_work(settings):
        title = await door.send(ONE)
        await door.until(lambda: door.told("station:1", title) == ["delivered", "displayed"])


async def test_a_receipt_the_hub_never_takes_does_not_hold_up_the_others(door: Door, settings: Settings):
    await door.close()
    refused, taken = await door.send(ONE), await door.send(ONE)
    door.refuses = next(iter(door.rows["station:1"]))
    await door.open()
    async with at_work(settings):
        await door.until(lambda: door.told("station:1", taken) == ["delivered", "displayed"])
        after = await door.send(ONE)
        await door.until(lambda: door.told("station:1", after) == ["delivered", "displayed"])

    assert door.told("station:1", refused) == []


async def test_a_city_of_73_hears_one_broadcast_from_one_download(tmp_path: Path):
    keys = {f"station:{n}": f"dk_{n}" for n in range(1, 74)}
    door = Door(keys)
    await door.open()
    city = Settings(hub=door.url, stations=keys, data=tmp_path / "data", speed=float("inf"),
                    answers=AnswerPolicy(0.5))
    async with at_work(city) as agents:
        await door.until(lambda: door.online() == 73)
        title = await door.send(keys, audio=door.audio(speech(3)))
        await door.until(lambda: all("confirmed" in door.told(s, title) for s in keys))
    frames = [agent._with.sink.frames for agent in agents]  # type: ignore[attr-defined] # null sinks
    await door.close()

    assert all(door.told(station, title) == [*ALL, "confirmed"] for station in keys)
    assert len(door.receipts) == 4 * 73
    assert frames == [48_000] * 73
    assert len(door.fetched) == 1
    assert replace(city).home("station:7") == tmp_path / "data" / "station-7"
