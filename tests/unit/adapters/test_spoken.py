"""What a call says, and which key means what."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from adapters.twilio import speech
from adapters.twilio.wording import LONGEST, body_of
from dispatch.ports import Outgoing, ReplyOption, Script
from dispatch.words import Priority
from scripts.carriers_sim.twiml import Ask, End, Play, Speak, verbs_of
from tests.unit.adapters.notices import notice

keys = some.sampled_from(["", *"0123456789"])
options = some.lists(keys, max_size=6).map(
    lambda told: tuple(
        ReplyOption(code=f"c{n}", label=f"项{n}", key=key)
        for n, key in enumerate(told)
        if not key or key not in told[:n]
    )
)


@given(options)
def test_every_option_has_one_key_and_repeating_has_another(chosen: tuple[ReplyOption, ...]) -> None:
    keys = speech.keys_of(chosen)

    assert sorted(option.code for option in keys.values()) == sorted(
        option.code for option in chosen or speech.USUAL
    )
    assert speech.repeat_key(keys) not in keys


def test_without_options_one_is_received_two_is_leave_three_repeats() -> None:
    keys = speech.keys_of(())

    assert {key: option.label for key, option in keys.items()} == {"1": "收到", "2": "请假"}
    assert speech.repeat_key(keys) == "3"
    assert speech.menu_of(keys) == "收到请按1，请假请按2，重听请按3。"


def test_the_recorded_voice_is_played_and_the_keys_are_told() -> None:
    script = Script(title="防汛通知", text="请到岗", audio="https://h/a.mp3", options=())

    ask, end = verbs_of(speech.ask(script, "https://h/keys?round=1", ""))

    assert isinstance(ask, Ask)
    assert (ask.digits, ask.action, ask.empty_too) == (1, "https://h/keys?round=1", True)
    assert ask.inside[0] == Play("https://h/a.mp3")
    assert end == End()


def test_without_a_recording_the_text_is_spoken() -> None:
    script = Script(title="防汛<通知>", text="请到岗 & 检查", audio="", options=())

    ask, _ = verbs_of(speech.ask(script, "https://h/k", ""))

    assert isinstance(ask, Ask)
    first = ask.inside[0]
    assert isinstance(first, Speak)
    assert first.words == "防汛<通知>。请到岗 & 检查"


def test_a_text_message_bears_the_title_and_the_persons_own_link() -> None:
    out = notice(title="防汛通知", text="请到岗。", link="https://h/d/abc")

    assert body_of(out) == "【防汛通知】请到岗。 详情与回复：https://h/d/abc"


def test_a_drill_says_so() -> None:
    out = notice(title="【演练】防汛通知", text="请到岗。", link="", drill=True)

    assert body_of(out) == "【演练】【防汛通知】请到岗。"


@given(some.text(max_size=3000), some.text(max_size=60))
def test_however_long_the_text_the_link_stays(text: str, title: str) -> None:
    out: Outgoing = notice(title=title, text=text, link="https://h/d/abc", priority=Priority.ORDINARY)

    body = body_of(out)

    assert len(body) <= LONGEST
    assert "https://h/d/abc" in body
