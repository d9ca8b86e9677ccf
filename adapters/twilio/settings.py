from __future__ import annotations

import msgspec


class TwilioSettings(msgspec.Struct, frozen=True, kw_only=True):
    """`public_url` is how the vendor reaches the hub ("https://hub.example.cn"), exactly as it is
    typed into its callbacks: the signature covers it. Of `from_number` and
    `messaging_service_sid` messages prefer the service; calls need a number."""

    account_sid: str
    auth_token: str
    public_url: str
    from_number: str = ""
    messaging_service_sid: str = ""
    shared_key: str = ""
    """Secret of a webhook shared key; only for accounts that sign with SHA-256."""
    base_url: str = "https://api.twilio.com"
    seconds: float = 15.0
    """How long one call to the vendor may take, waiting for a free connection included."""
    validity_seconds: int = 3600
    """A message the carrier could not pass on within this time is given up (30036)."""
    ring_seconds: int = 25
    """Shorter than most mailboxes wait before they answer."""
    detect_machine: bool = True
    speaker: str = ""
    """The vendor's voice for spoken text, e.g. "Polly.Zhiyu"; "" leaves the choice to it."""

    def hook(self, path: str) -> str:
        return f"{self.public_url.rstrip('/')}/hooks/twilio/{path}"
