from __future__ import annotations

from typing import Literal

import msgspec

Part = Literal["title", "text", "name", "sent_at", "priority"]

USUAL_FIELDS: dict[str, Part] = {"thing1": "title", "thing2": "text", "time3": "sent_at"}


class WechatSettings(msgspec.Struct, frozen=True, kw_only=True):
    """`fields` maps the keywords of the approved template to parts of the notice."""

    app_id: str
    app_secret: str
    token: str
    """The word shared with the vendor's push settings page."""
    template_id: str
    public_url: str
    aes_key: str = ""
    """43 characters. When set only encrypted pushes are believed."""
    fields: dict[str, Part] = msgspec.field(default_factory=lambda: dict(USUAL_FIELDS))
    base_url: str = "https://api.weixin.qq.com"
    open_url: str = "https://open.weixin.qq.com"
    seconds: float = 10.0
