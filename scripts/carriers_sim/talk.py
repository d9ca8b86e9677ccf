"""What is said and pressed in an answered call: TwiML, document after document."""

from __future__ import annotations

from functools import partial
from urllib.parse import urljoin

import aiohttp

from scripts.carriers_sim import twiml
from scripts.carriers_sim.handset import Handset, HungUp
from scripts.carriers_sim.people import KEYS, PhoneHabit
from scripts.carriers_sim.streaming import Streaming

AMD_SECONDS = 2.0
MOST_DOCUMENTS = 30
LARGEST_AUDIO = 20 * 1024 * 1024
SORRY = "（系统提示：应用程序出错，再见。）"

Next = tuple[str, dict[str, str]]


class Talk:
    def __init__(self, handset: Handset) -> None:
        self._handset = handset
        self._call = handset.call
        self._world = handset.world
        self._own_keys = list(KEYS.get(handset.habit, ""))

    async def run(self) -> None:
        if self._call.detect:
            await self._detect()
        following: Next | None = (self._call.url, {})
        text = self._call.twiml
        for _ in range(MOST_DOCUMENTS):
            if following is None:
                return
            text = text or await self._fetch(*following)
            following = await self._follow(text, following[0])
            text = ""

    async def _detect(self) -> None:
        """Beside the talk when it has an address of its own, else before it."""
        wait = AMD_SECONDS / self._handset.speed
        if self._call.detect_callback:
            self._handset.postman.later(wait, f"{self._call.sid}amd", self._tell_who)
            return
        await self._handset.pause(AMD_SECONDS)
        self._call.answered_by = self._who()

    def _who(self) -> str:
        return "machine_start" if self._handset.habit is PhoneHabit.MACHINE else "human"

    async def _tell_who(self) -> None:
        self._call.answered_by = self._who()
        fields = {
            "CallSid": self._call.sid,
            "AccountSid": self._world.options.account.account_sid,
            "AnsweredBy": self._call.answered_by,
            "MachineDetectionDuration": str(int(AMD_SECONDS * 1000)),
        }
        await self._handset.postman.twilio(self._call.detect_callback, fields)

    async def _fetch(self, address: str, extra: dict[str, str]) -> str:
        fields = {**self._handset.fields("in-progress"), **extra}
        text = await self._handset.postman.twilio(address, fields)
        if text is None:
            self._handset.hear(f"{SORRY}11200")
            raise HungUp
        return text

    async def _follow(self, text: str, base: str) -> Next | None:
        try:
            verbs = twiml.verbs_of(text)
        except ValueError as error:
            self._handset.hear(f"{SORRY}{error}")
            return None
        for verb in verbs:
            following = await self._do(verb, base)
            if following is not None:
                return following or None
        return None

    async def _do(self, verb: twiml.Verb, base: str) -> Next | tuple[()] | None:
        """Where the call goes next; () ends it, None goes on to the following verb."""
        match verb:
            case twiml.Go(url):
                return urljoin(base, url), {}
            case twiml.End():
                return ()
            case twiml.Stream(url):
                await Streaming(self._handset).run(url)
                return None
            case twiml.Ask():
                digits = await self._ask(verb)
                if not digits and not verb.empty_too:
                    return None
                return urljoin(base, verb.action), {"Digits": digits, "msg": "Gather End"}
            case _:
                await self._play(verb)
                await self._handset.pause(verb.seconds)
                return None

    async def _play(self, sound: twiml.Sound) -> None:
        match sound:
            case twiml.Speak(words, _):
                self._handset.hear(words)
            case twiml.Play(url, _):
                self._handset.hear(f"♪ {url} {await self._reach(url)}")
            case twiml.Pause():
                pass

    async def _reach(self, url: str) -> str:
        """The vendor fetches the audio; what it cannot get it does not play (11200)."""
        try:
            async with self._handset.postman.web.get(url) as answer:
                got = len(await answer.content.read(LARGEST_AUDIO))
                return f"{got} B" if answer.status == 200 else f"11200 HTTP {answer.status}"
        except (TimeoutError, aiohttp.ClientError, ValueError) as error:
            return f"11200 {type(error).__name__}"

    async def _ask(self, ask: twiml.Ask) -> str:
        """Keys may be pressed while it is still speaking, as on a real phone."""
        for sound in ask.inside:
            await self._play(sound)
        self._call.asking = True
        self._world.store.touch(self._call.to)
        try:
            return await self._gather(ask, sum(sound.seconds for sound in ask.inside))
        finally:
            self._call.asking = False

    async def _gather(self, ask: twiml.Ask, told: float) -> str:
        wait = (told + ask.seconds) / self._handset.speed
        if self._own_keys:
            key = self._own_keys.pop(0)
            soon = min(self._world.think(self._call.sid, key), wait * 0.8)
            self._world.agenda.after(soon, partial(self._press, key))
        digits = ""
        while not digits or (ask.digits and len(digits) < ask.digits):
            key = await self._handset.key(wait)
            if not key or key == ask.finish:
                break
            digits += key
            wait = ask.seconds / self._handset.speed
        self._call.pressed += digits
        return digits

    async def _press(self, key: str) -> None:
        self._handset.press(key)
