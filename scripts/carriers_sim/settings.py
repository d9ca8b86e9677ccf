from __future__ import annotations

import msgspec


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """The credentials that the simulated vendors accept; the demo's hub uses the same."""

    account_sid: str = "AC" + "5" * 32
    auth_token: str = "demo-auth-token-of-the-simulator"
    app_id: str = "wxdemo000000000001"
    app_secret: str = "demo-app-secret-of-the-simulator"
    push_token: str = "demopushtoken"
    aes_key: str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
    """43 characters for safe mode; "" pushes in plain mode."""
    template_id: str = "demo-notice-template"
    province_secret: str = "4ff55607fa0c5bf43c097ab7b4c21d32b803535e64c0fbac12efad3ed69369b0"
    """With which the province signs; its public half stands in hub/commands/up.py."""
    province_city: str = "330100"


class Options(msgspec.Struct, frozen=True, kw_only=True):
    hub: str = "http://127.0.0.1:8070"
    host: str = "127.0.0.1"
    port: int = 8071
    twilio_port: int = 0
    wechat_port: int = 0
    """Ports of their own, which an outage can close; 0: only the shared one."""
    seed: int = 1
    speed: float = 1.0
    """Everything people and networks take time for is divided by this."""
    account: Account = Account()

    @property
    def push_url(self) -> str:
        return f"{self.hub.rstrip('/')}/hooks/wechat"
