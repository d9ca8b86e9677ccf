"""The doors over a real socket, with a browser's cookies."""

from __future__ import annotations

from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest

from hub.access.messages import CreateApiKey, EnrolDevice, RevokeSession
from hub.access.tokens import make_link
from hub.gateway.session import entry_of_handshake
from hub.kernel.actor import Role
from hub.kernel.errors import NotSignedIn
from tests.flows.access.conftest import AT, LI, PASSWORD, Room


async def signed_in(browser, room: Room, role: Role = Role.OPERATOR) -> dict[str, Any]:
    await room.account("wang", role)
    answer = await browser.post("/api/sign-in", json={"login": "wang", "password": PASSWORD})
    assert answer.status == 200
    me: dict[str, Any] = (await answer.json())["me"]
    return me


async def test_signing_in_sets_a_cookie_no_script_can_read(browser, room: Room):
    await room.account("wang")

    answer = await browser.post("/api/sign-in", json={"login": "wang", "password": PASSWORD})

    cookie = SimpleCookie(answer.headers["Set-Cookie"])["hub_session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["secure"]) == (True, "Strict", "/", "")
    assert answer.headers["Cache-Control"] == "no-store"


async def test_me_says_who_i_am_and_what_i_may(browser, room: Room):
    me = await signed_in(browser, room)

    assert await (await browser.get("/api/me")).json() == me
    assert (me["name"], me["roles"], me["org"], me["owes"]) == ("wang", ["operator"], "city", [])
    assert {"broadcast", "broadcast.view", "directory.view", "files", "self"} <= set(me["permissions"])
    assert {"accounts", "audit.view", "directory.edit"}.isdisjoint(me["permissions"])
    assert [banner["code"] for banner in me["banners"]] == ["totp-off"]


@pytest.mark.parametrize(("language", "begins"), [("zh-CN,zh;q=0.9,en;q=0.8", "登录名或密码"), ("en-GB", "The login or")])
async def test_a_refusal_is_a_problem_document_in_the_readers_language(browser, language, begins):
    answer = await browser.post(
        "/api/sign-in", json={"login": "x", "password": "y"}, headers={"Accept-Language": language}
    )

    found = await answer.json(content_type="application/problem+json")
    assert (answer.status, found["status"], found["code"]) == (401, 401, "wrong-credentials")
    assert found["detail"].startswith(begins)


@pytest.mark.parametrize(("body", "kind", "status"), [
    (b"{", "application/json", 400),
    (b'{"login": 1}', "application/json", 400),
    (b'{"login": "x", "password": "\xff"}', "application/json", 400),
    (b"login=x&password=y", "application/x-www-form-urlencoded", 400),
    (b"[" * 5000, "application/json", 413),
])
async def test_rubbish_is_refused_with_a_sentence(browser, body, kind, status):
    answer = await browser.post("/api/sign-in", data=body, headers={"Content-Type": kind})

    assert answer.status == status
    assert (await answer.json(content_type="application/problem+json"))["detail"]


async def test_our_own_mistake_says_nothing_of_itself(browser):
    answer = await browser.get("/fail")

    found = await answer.json(content_type="application/problem+json")
    assert (answer.status, found["code"], "mistake" in str(found)) == (500, "unforeseen", False)


async def test_who_is_not_signed_in_is_told_so(browser):
    for path in ("/api/me", "/act"):
        answer = await browser.get(path)
        assert (answer.status, (await answer.json(content_type=None))["code"]) == (401, "not-signed-in")


# --- other sites' pages ---------------------------------------------------------------------------


async def test_an_act_by_cookie_needs_the_sessions_own_mark(browser, room: Room):
    me = await signed_in(browser, room)

    codes = [
        (await browser.post("/act", headers=headers)).status
        for headers in ({}, {"X-Hub-CSRF": "x"}, {"X-Hub-CSRF": me["csrf"]})
    ]

    assert codes == [403, 403, 200]


async def test_another_sites_page_is_refused_even_with_the_mark(browser, room: Room):
    me = await signed_in(browser, room)

    for origin in ("https://evil.example", "null", "http://127.0.0.1:1"):
        answer = await browser.post("/act", headers={"X-Hub-CSRF": me["csrf"], "Origin": origin})
        assert (answer.status, (await answer.json(content_type=None))["code"]) == (403, "bad-origin")


async def test_our_own_page_is_let_through(browser, room: Room):
    me = await signed_in(browser, room)

    answer = await browser.post("/act", headers={"X-Hub-CSRF": me["csrf"], "Origin": str(browser.make_url("/")).rstrip("/")})

    assert answer.status == 200


async def test_another_site_cannot_sign_somebody_in(browser, room: Room):
    await room.account("wang")

    answer = await browser.post(
        "/api/sign-in", json={"login": "wang", "password": PASSWORD}, headers={"Origin": "https://evil.example"}
    )

    assert answer.status == 403
    assert "Set-Cookie" not in answer.headers


# --- leaving --------------------------------------------------------------------------------------


async def test_signing_out_ends_it(browser, room: Room):
    me = await signed_in(browser, room)

    assert (await browser.post("/api/sign-out")).status == 403
    assert (await browser.post("/api/sign-out", headers={"X-Hub-CSRF": me["csrf"]})).status == 200

    assert (await browser.get("/api/me")).status == 401


async def test_a_session_revoked_elsewhere_is_dead_at_the_next_request(browser, room: Room):
    me = await signed_in(browser, room)

    await room.ask(RevokeSession(id=uuid4(), session=me["session"]))

    assert (await browser.get("/api/me")).status == 401


# --- keys and links -------------------------------------------------------------------------------


async def test_machines_come_in_by_header_and_need_no_mark(browser, room: Room):
    device = await room.ask(EnrolDevice(id=uuid4(), station="station:17", name="终端"))
    key = await room.ask(CreateApiKey(id=uuid4(), name="x", roles=(Role.VIEWER,), scopes=("city",)))

    found = [
        (await (await browser.post("/act", headers={"Authorization": header})).json())["id"]
        for header in (f"Device {device.key}", f"Bearer {key.key}")
    ]

    assert found == ["station:17", f"key:{key.id}"]


@pytest.mark.parametrize("header", ["Device dk_wrong", "Bearer ", "Basic YTpi", "Device", "Bearer " + "x" * 4000])
async def test_a_wrong_key_is_refused_and_no_cookie_helps_it(browser, room: Room, header):
    await signed_in(browser, room)

    answer = await browser.get("/act", headers={"Authorization": header})

    assert answer.status == 401


async def test_a_link_opens_the_deputys_page_and_its_delivery(browser, room: Room):
    delivery = uuid4()

    answer = await browser.post("/api/sign-in/link", json={"token": make_link(room.access.key, LI, delivery, AT)})

    found = await answer.json()
    cookie = SimpleCookie(answer.headers["Set-Cookie"])["hub_link"]
    assert (found["delivery"], found["me"]["id"], found["me"]["org"]) == (str(delivery), f"person:{LI}", "district:3")
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert (await (await browser.get("/act")).json())["id"] == f"person:{LI}"


@pytest.mark.parametrize(("link", "code"), [
    (make_link(bytes(32), LI, None, AT), "bad-link"),
    (make_link(bytes(range(32)), LI, None, AT - timedelta(days=31)), "link-expired"),
    ("rubbish", "bad-link"),
])
async def test_a_forged_or_expired_link_is_refused_and_noted(browser, room: Room, link, code):
    answer = await browser.post("/api/sign-in/link", json={"token": link})

    assert (answer.status, (await answer.json(content_type=None))["code"]) == (401, code)
    assert [(line.act, line.outcome, line.detail) for line in await room.log()] == [("sign-in", "refused", {"code": code})]


async def test_one_browser_may_be_an_operator_and_a_deputy_each_on_his_own_page(browser, room: Room):
    me = await signed_in(browser, room)
    await browser.post("/api/sign-in/link", json={"token": make_link(room.access.key, LI, None, AT)})
    page = str(browser.make_url("/deputy/inbox"))

    found = [
        (await (await browser.get("/api/me", headers=headers)).json())["id"]
        for headers in ({}, {"X-Hub-App": "deputy"}, {"Referer": page})
    ]

    assert found == [me["id"], f"person:{LI}", f"person:{LI}"]


async def test_an_address_opened_by_itself_says_whose_cookie_is_meant(browser, room: Room):
    me = await signed_in(browser, room)
    await browser.post("/api/sign-in/link", json={"token": make_link(room.access.key, LI, None, AT)})
    page = {"Referer": str(browser.make_url("/deputy/inbox"))}

    found = [(await (await browser.get(f"/api/me?app={app}", headers=page)).json())["id"] for app in ("deputy", "console")]
    browser.session.cookie_jar.clear(lambda cookie: cookie.key == "hub_session")
    alone = await browser.get("/api/me?app=console")

    assert found == [f"person:{LI}", me["id"]]
    assert alone.status == 401


async def test_a_socket_comes_in_by_the_same_doors(browser, room: Room):
    device = await room.ask(EnrolDevice(id=uuid4(), station="station:17", name="终端"))
    link = make_link(room.access.key, LI, None, AT)
    await room.account("wang")
    cookies = {"hub_session": await room.come("wang")}

    credentials = [
        (await entry_of_handshake(room.sign_in, auth, cookies, AT)).credential.partition(":")[0]
        for auth in ({"device": device.key}, {"link": link}, {})
    ]

    assert credentials == ["device", "links", "session"]
    for auth in ({"as": "deputy"}, {"device": "x"}, {"key": "x" * 9000}):
        with pytest.raises(NotSignedIn):
            await entry_of_handshake(room.sign_in, auth, cookies, AT)


# --- WeChat ---------------------------------------------------------------------------------------


async def wechat(browser, openid: str) -> Any:
    away = await browser.get("/api/wechat/login", allow_redirects=False)
    state = parse_qs(urlsplit(away.headers["Location"]).query)["state"][0]
    return await browser.get(f"/api/wechat/back?code=code-of-{openid}&state={state}", allow_redirects=False)


async def test_a_deputy_known_to_wechat_comes_in(browser):
    answer = await wechat(browser, "openid-li")

    assert (answer.status, answer.headers["Location"]) == (303, "/deputy/")
    assert (await (await browser.get("/api/me")).json())["id"] == f"person:{LI}"


async def test_a_stranger_is_sent_back_with_a_reason(browser):
    answer = await wechat(browser, "openid-stranger")

    assert answer.headers["Location"] == "/deputy/?problem=wechat-unknown"
    assert (await browser.get("/api/me")).status == 401


async def test_who_came_by_a_link_binds_his_wechat_and_comes_in_by_it_later(browser, room: Room):
    await browser.post("/api/sign-in/link", json={"token": make_link(room.access.key, LI, None, AT)})

    await wechat(browser, "openid-new")
    browser.session.cookie_jar.clear()
    await wechat(browser, "openid-new")

    assert (await (await browser.get("/api/me")).json())["id"] == f"person:{LI}"


async def test_a_wechat_sign_in_begun_elsewhere_is_refused(browser):
    away = await browser.get("/api/wechat/login", allow_redirects=False)
    browser.session.cookie_jar.clear()

    answer = await browser.get(f"/api/wechat/back?code=code-of-openid-li&{urlsplit(away.headers['Location']).query}", allow_redirects=False)

    assert answer.headers["Location"] == "/deputy/?problem=wechat-state"
