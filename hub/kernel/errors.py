"""The one tree of errors. Every sentence is meant for the person who asked.

    HubError
    ├── Refused        the wish cannot be granted; what, where, what to do   (4xx)
    │   ├── Malformed      the input has not the agreed shape or size        (400 / 413)
    │   ├── NotSignedIn    who are you?                                      (401)
    │   ├── Forbidden      you may not                                       (403)
    │   ├── NotFound       there is no such thing, or not for you            (404)
    │   └── Conflict       somebody was faster, or the id was used before    (409)
    ├── TryAgain       a part is away for a moment; the same id may be sent again (503)
    └── Broken         the hub's own data contradict each other              (500)
"""

from __future__ import annotations


class HubError(Exception):
    """`zh` and `en` are whole sentences; `code` is stable for machines; `field` names the input at fault."""

    status = 500
    default_code = "error"

    def __init__(self, zh: str, en: str, *, code: str = "", field: str = "") -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en
        self.code = code or self.default_code
        self.field = field

    def sentence(self, language: str) -> str:
        return self.en if language.startswith("en") else self.zh


class Refused(HubError):
    status = 422
    default_code = "refused"


class Malformed(Refused):
    status = 400
    default_code = "malformed"


class TooLarge(Malformed):
    status = 413
    default_code = "too-large"


class NotSignedIn(Refused):
    status = 401
    default_code = "not-signed-in"


class Forbidden(Refused):
    status = 403
    default_code = "forbidden"


class NotFound(Refused):
    status = 404
    default_code = "not-found"


class Conflict(Refused):
    status = 409
    default_code = "conflict"


class TooMany(Refused):
    status = 429
    default_code = "too-many"


class TryAgain(HubError):
    status = 503
    default_code = "try-again"


class Broken(HubError):
    default_code = "broken"
