"""Who is holding the phone: binds a person's openid to the hub's address book."""

from __future__ import annotations

from urllib.parse import urlencode

from adapters.http import Unreached
from adapters.wechat.client import WechatClient
from adapters.wechat.settings import WechatSettings
from adapters.wechat.tables import WRONG_CODE
from dispatch.ports import Unsure
from hub.kernel.clock import Clock
from hub.kernel.errors import Refused, TryAgain

LONGEST_CODE = 512


class WechatSignIn:
    def __init__(self, settings: WechatSettings, clock: Clock) -> None:
        self._settings = settings
        self._client = WechatClient(settings, clock)

    def authorise_url(self, back: str, state: str) -> str:
        """`state` comes back with the code and must be compared, or anybody's code would do.

        The vendor compares the order of the query and wants the fragment.
        """
        query = urlencode(
            {
                "appid": self._settings.app_id,
                "redirect_uri": back,
                "response_type": "code",
                "scope": "snsapi_base",
                "state": state,
            }
        )
        base = self._settings.open_url.rstrip("/")
        return f"{base}/connect/oauth2/authorize?{query}#wechat_redirect"

    async def openid(self, code: str) -> str:
        """A code is good once, for five minutes."""
        if not code or len(code) > LONGEST_CODE:
            raise _refusal()
        try:
            reply = await self._client.openid_of(code)
        except (Unsure, Unreached) as error:
            raise TryAgain(
                "微信暂时没有回应，请稍后重新点击“绑定微信”。",
                "WeChat does not answer at the moment; choose “bind WeChat” again in a while.",
                code="wechat-away",
            ) from error
        if reply.errcode in WRONG_CODE:
            raise _refusal()
        if not reply.openid:
            raise Refused(
                f"微信拒绝了登录（{reply.errcode}），请联系管理员检查公众号设置。",
                f"WeChat refused the sign-in ({reply.errcode}); ask the administrator to check "
                "the official account's settings.",
                code="wechat-refused",
            )
        return reply.openid

    async def close(self) -> None:
        await self._client.close()


def _refusal() -> Refused:
    return Refused(
        "微信登录码无效、已用过或已过期，请重新点击“绑定微信”。",
        "The WeChat sign-in code is wrong, used or expired; choose “bind WeChat” again.",
        code="wechat-code",
        field="code",
    )
