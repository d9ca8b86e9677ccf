"""The SDK's client with what it lacks: a timeout, no log of phone numbers, a sure word on failure."""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import Awaitable, Callable
from typing import TypeVar

from multidict import MultiDict
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.request_validator import (
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)
from twilio.rest import Client

from adapters.http import (
    FORBIDDEN,
    UNREADABLE,
    Unreached,
    form_of,
    in_flight,
    not_reached,
    refused,
    tracing,
)
from adapters.twilio.settings import TwilioSettings
from adapters.twilio.tables import MESSAGE, meaning_of
from dispatch.ports import HookAnswer, HookRequest, Submitted, Unsure
from dispatch.words import State

_quiet = logging.getLogger("adapters.twilio.sdk")
# The SDK writes every number and every text to its log at INFO.
_quiet.setLevel(logging.WARNING)

T = TypeVar("T")

NOT_TAKEN_STATUS = 503
SERVER_FAULT = 500


class _Credentials:
    """The SDK's own way asks aiohttp for a class that is on its way out, at every call."""

    auth_type = "basic"

    def __init__(self, sid: str, token: str) -> None:
        self._told = "Basic " + b64encode(f"{sid}:{token}".encode()).decode()

    def to_auth_strategy(self) -> _Credentials:
        return self

    def get_auth_string(self) -> str:
        return self._told


class Line:
    """One account. The client is made at the first call, because it must be born in the loop."""

    def __init__(self, settings: TwilioSettings) -> None:
        self.settings = settings
        self._client: Client | None = None
        self._by_token = RequestValidator(settings.auth_token)
        self._by_key = RequestValidator(settings.shared_key) if settings.shared_key else None

    @property
    def client(self) -> Client:
        if self._client is None:
            self._client = self._open()
        return self._client

    def _open(self) -> Client:
        # `max_retries` stays unset: the vendor has no idempotency key, a repeat is a second message.
        web = AsyncTwilioHttpClient(trace_configs=[tracing()], logger=_quiet)
        sid, token = self.settings.account_sid, self.settings.auth_token
        # An empty environment is read as "use the process's": its region would rewrite our base_url.
        client = Client(
            account_sid=sid,
            http_client=web,
            environment={"TWILIO_ACCOUNT_SID": sid},
            credential_provider=_Credentials(sid, token),
        )
        client.api.base_url = self.settings.base_url
        return client

    async def hand_over(self, create: Callable[[Client], Awaitable[tuple[str, str]]]) -> Submitted:
        """`create` answers (sid, status). A 5xx other than 503 leaves open what was done."""
        try:
            async with in_flight(self.settings.seconds):
                sid, status = await create(self.client)
        except Unreached as error:
            return not_reached(error)
        except (TwilioRestException, TwilioServiceException) as error:
            if error.status >= SERVER_FAULT and error.status != NOT_TAKEN_STATUS:
                raise Unsure(f"HTTP {error.status}: {error.code}") from error
            return refused(meaning_of(error.code or 0, error.status), describe(error))
        return Submitted(state=MESSAGE.get(status, State.ACCEPTED), provider_id=sid)

    async def ask(self, question: Callable[[Client], Awaitable[T]]) -> T | None:
        """None: the vendor does not have it. Raises Unsure when it gave no answer."""
        try:
            async with in_flight(self.settings.seconds):
                return await question(self.client)
        except Unreached as error:
            raise Unsure(str(error)) from error
        except (TwilioRestException, TwilioServiceException) as error:
            if error.status == 404:
                return None
            raise Unsure(describe(error)) from error
        except TwilioException as error:
            raise Unsure("The list could not be read.") from error

    async def take_back(self, change: Callable[[Client], Awaitable[str]]) -> bool:
        """`change` answers the status after it; too late is an ordinary answer."""
        try:
            return await self.ask(change) == "canceled"
        except Unsure:
            return False

    def read(self, request: HookRequest) -> MultiDict[str] | HookAnswer:
        """The fields of a call that is proved to be the vendor's, or the answer to a forgery."""
        fields = form_of(request.body)
        if fields is None:
            return UNREADABLE
        algorithm = get_signature_algorithm(request.headers.get(SIGNATURE_SETTINGS_HEADER.lower()))
        judge = self._by_token if algorithm == "HMAC_SHA1" else self._by_key
        signature = request.headers.get("x-twilio-signature", "")
        # The fragment carries wishes for the delivery and is not part of what is signed.
        url = request.url.partition("#")[0]
        if judge is None or not judge.validate(url, fields, signature, algorithm):
            return FORBIDDEN
        return fields

    async def close(self) -> None:
        if self._client is not None:
            await self._client.http_client.close()
            self._client = None


def describe(error: TwilioRestException | TwilioServiceException) -> str:
    told = error.msg if isinstance(error, TwilioRestException) else error.detail or error.title
    return f"{error.code}: {told}"


DELIVERY_WISHES = "#rc=3&rp=5xx,ct,rt"
"""Ask the vendor to repeat a callback three times where the hub was away or slow; default is once,
and only for a connection that failed."""
