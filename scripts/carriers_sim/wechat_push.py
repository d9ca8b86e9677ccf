"""What the simulated WeChat pushes to the hub, in plain or in safe mode."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlencode

from scripts.carriers_sim.people import WechatHabit, fate
from scripts.carriers_sim.postman import Postman
from scripts.carriers_sim.reader import Reader
from scripts.carriers_sim.signing import sealed, wechat_signature
from scripts.carriers_sim.store import Notice
from scripts.carriers_sim.world import World

ACCOUNT_NAME = "gh_simulated0001"
BLOCKED = "failed:user block"


def event_xml(openid: str, at: int, event: str, more: str = "") -> str:
    return (
        f"<xml><ToUserName><![CDATA[{ACCOUNT_NAME}]]></ToUserName>"
        f"<FromUserName><![CDATA[{openid}]]></FromUserName><CreateTime>{at}</CreateTime>"
        f"<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[{event}]]></Event>{more}</xml>"
    )


class Pusher:
    def __init__(self, world: World, postman: Postman, reader: Reader) -> None:
        self._world = world
        self._postman = postman
        self._reader = reader

    def plan(self, notice: Notice) -> None:
        self._world.agenda.after(
            self._world.delay(notice.sid, "end"), partial(self._end, notice)
        )

    async def _end(self, notice: Notice) -> None:
        habit = self._world.wechat_habit(notice.to)
        shares = self._world.knobs.wechat.failures
        failure = fate(shares, self._world.luck(notice.sid, "failure"))
        notice.status = BLOCKED if habit is WechatHabit.BLOCKED else failure or "success"
        self._world.store.touch(notice.to)
        finish = (
            f"<MsgID>{notice.sid}</MsgID><Status><![CDATA[{notice.status}]]></Status>"
        )
        self.push(notice.to, "TEMPLATESENDJOBFINISH", finish, notice.sid)
        if notice.status == "success":
            self._reader.receive_notice(notice)

    def push(self, openid: str, event: str, more: str, fact: str) -> None:
        xml = event_xml(openid, int(self._world.now().timestamp()), event, more)
        self._postman.later(0.0, f"{fact}{event}", partial(self._send, xml))

    async def _send(self, xml: str) -> None:
        account = self._world.options.account
        stamp, nonce = str(int(self._world.now().timestamp())), str(self._world.number("nonce"))
        query = {
            "signature": wechat_signature(account.push_token, stamp, nonce),
            "timestamp": stamp,
            "nonce": nonce,
        }
        if account.aes_key:
            salt = self._world.sid("")[:16].encode()
            locked = sealed(account.aes_key, account.app_id, xml, salt)
            query["encrypt_type"] = "aes"
            query["msg_signature"] = wechat_signature(account.push_token, stamp, nonce, locked)
            xml = (
                f"<xml><ToUserName><![CDATA[{ACCOUNT_NAME}]]></ToUserName>"
                f"<Encrypt><![CDATA[{locked}]]></Encrypt></xml>"
            )
        await self._postman.wechat(f"{self._world.options.push_url}?{urlencode(query)}", xml)
