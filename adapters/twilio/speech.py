"""The spoken half of a call: which key means what, and the TwiML of each turn. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from twilio.twiml.voice_response import Gather, VoiceResponse

from dispatch.ports import ReplyOption, Script

ROUNDS = 3
WAIT_SECONDS = 8
LANGUAGE = "zh-CN"
USUAL = (
    ReplyOption(code="received", label="收到", key="1"),
    ReplyOption(code="leave", label="请假", key="2", needs_reason=True),
)
FREE_KEYS = "1234567890"
REPEAT_KEYS = "3907845612"


def keys_of(options: Sequence[ReplyOption]) -> dict[str, ReplyOption]:
    """Options without a key of their own get the free ones, in order; 3 is kept for repeating."""
    wanted = options or USUAL
    keys = {option.key: option for option in wanted if option.key}
    free = iter([key for key in FREE_KEYS if key not in keys and key != "3"])
    for option in wanted:
        if not option.key:
            keys[next(free)] = option
    return keys


def repeat_key(keys: dict[str, ReplyOption]) -> str:
    return next(key for key in REPEAT_KEYS if key not in keys)


def menu_of(keys: dict[str, ReplyOption]) -> str:
    told = "，".join(f"{option.label}请按{key}" for key, option in sorted(keys.items()))
    return f"{told}，重听请按{repeat_key(keys)}。"


def ask(script: Script, action: str, speaker: str, opening: str = "") -> str:
    """Says it once and waits for a key; silence also comes back to `action`, as no digits."""
    response = VoiceResponse()
    gather = Gather(
        input="dtmf",
        num_digits=1,
        timeout=WAIT_SECONDS,
        action=action,
        method="POST",
        action_on_empty_result=True,
    )
    if opening:
        _say(gather, opening, speaker)
    if script.audio:
        gather.play(script.audio)
    else:
        _say(gather, f"{script.title}。{script.text}", speaker)
    _say(gather, menu_of(keys_of(script.options)), speaker)
    response.append(gather)
    response.hangup()
    return str(response)


def part(words: str, speaker: str) -> str:
    response = VoiceResponse()
    _say(response, words, speaker)
    response.hangup()
    return str(response)


def _say(verb: VoiceResponse | Gather, words: str, speaker: str) -> None:
    if speaker:
        verb.say(words, language=LANGUAGE, voice=speaker)
    else:
        verb.say(words, language=LANGUAGE)
