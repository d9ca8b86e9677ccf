"""The verbs of TwiML that are spoken or gathered. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree

import msgspec

CHARACTERS_A_SECOND = 5.0
AUDIO_SECONDS = 8.0
MOST_VERBS = 100
MOST_LOOPS = 10


class Speak(msgspec.Struct, frozen=True):
    words: str
    seconds: float


class Play(msgspec.Struct, frozen=True):
    url: str
    seconds: float = AUDIO_SECONDS


class Pause(msgspec.Struct, frozen=True):
    seconds: float


class Ask(msgspec.Struct, frozen=True):
    """Gather: what is said meanwhile, how many digits, where they go."""

    inside: tuple[Speak | Play | Pause, ...]
    digits: int
    seconds: float
    finish: str
    action: str
    empty_too: bool


class Go(msgspec.Struct, frozen=True):
    url: str


class Stream(msgspec.Struct, frozen=True):
    """Connect: the call's sound goes both ways over this WebSocket until it closes."""

    url: str


class End(msgspec.Struct, frozen=True):
    pass


Sound = Speak | Play | Pause
Verb = Sound | Ask | Go | Stream | End


def verbs_of(text: str) -> tuple[Verb, ...]:
    """Raises ValueError for what is not TwiML (the vendor's 12100 and 12200)."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise ValueError("12100: a document type is not allowed")
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise ValueError(f"12100: {error}") from error
    if root.tag != "Response":
        raise ValueError("12100: the root is not Response")
    return tuple(_verb(child) for child in list(root)[:MOST_VERBS])


def _verb(element: ElementTree.Element) -> Verb:
    words = (element.text or "").strip()
    match element.tag:
        case "Gather":
            return _ask(element)
        case "Redirect":
            return Go(words)
        case "Hangup" | "Reject":
            return End()
        case "Connect":
            return _stream(element)
        case _:
            return _sound(element, words)


def _stream(element: ElementTree.Element) -> Stream:
    stream = element.find("Stream")
    url = "" if stream is None else stream.get("url", "")
    if not url.startswith(("ws://", "wss://")):
        raise ValueError("31920: Connect needs a Stream with a WebSocket address")
    return Stream(url)


def _sound(element: ElementTree.Element, words: str) -> Sound:
    loops = min(_count(element.get("loop"), 1) or MOST_LOOPS, MOST_LOOPS)
    match element.tag:
        case "Say":
            return Speak(words, loops * len(words) / CHARACTERS_A_SECOND)
        case "Play":
            return Play(words, loops * AUDIO_SECONDS)
        case "Pause":
            return Pause(_count(element.get("length"), 1))
        case _:
            raise ValueError(f"12200: {element.tag} is not simulated")


def _ask(element: ElementTree.Element) -> Ask:
    return Ask(
        inside=tuple(_sound(child, (child.text or "").strip()) for child in _few(element)),
        digits=_count(element.get("numDigits"), 0),
        seconds=_count(element.get("timeout"), 5),
        finish=element.get("finishOnKey", "#"),
        action=element.get("action", ""),
        empty_too=element.get("actionOnEmptyResult", "false").lower() == "true",
    )


def _few(element: ElementTree.Element) -> Iterable[ElementTree.Element]:
    return list(element)[:MOST_VERBS]


def _count(told: str | None, otherwise: int) -> int:
    return int(told) if told and told.isdecimal() and len(told) < 5 else otherwise
