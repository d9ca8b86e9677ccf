"""Commands, views and files over HTTP, by cookie and by key; what is wrong gets a problem document."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import pytest

from hub.access.messages import CreateApiKey
from hub.access.tokens import sign_file
from hub.commands.maintenance import CONTRACT, contract_text
from hub.gateway.archive import LARGEST
from hub.kernel.actor import SYSTEM, Role
from tests.flows.broadcast.stage import Stage
from tests.flows.gateway.visitor import Visitor

NOBODY = "019a0000-0000-7000-8000-000000000000"


def file_form(content: bytes, name: str = "a.txt", field: str = "file", **more: str) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field(field, io.BytesIO(content), filename=name, **more)
    return form


@pytest.mark.parametrize(("language", "detail"), [
    ("zh-CN", "没有“NoSuch”这个操作。"), ("en", "There is no command 'NoSuch'."), ("fr, en;q=0.5", "There is no command 'NoSuch'."),
    ("", "没有“NoSuch”这个操作。"), (";;q=x,,", "没有“NoSuch”这个操作。")])
async def test_a_problem_speaks_the_readers_language(gateway: tuple[Stage, Visitor], language: str, detail: str) -> None:
    _, operator = gateway
    problem = await operator.ask("NoSuch", status=404, headers={"Accept-Language": language})

    assert problem["detail"] == detail
    assert problem["type"] == "urn:liaison-hub:problem:unknown-command"


@pytest.mark.parametrize(("raw", "status"), [
    (b"", 400), (b"{", 400), (b"[]", 400), (b"null", 400), (b"\xff\xfe", 400), (b'{"id": 1}', 400), (b"[" * 5000, 400),
    (b'{"id": "' + NOBODY.encode() + b'", "broadcast": "' + NOBODY.encode() + b'", "reason": "\\u0000"}', 400),
    (b'{"id": "' + NOBODY.encode() + b'", "broadcast": "' + NOBODY.encode() + b'"}', 404), (b" " * 1_000_001, 413)])
async def test_a_body_that_is_wrong_gets_a_problem(gateway: tuple[Stage, Visitor], raw: bytes, status: int) -> None:
    _, operator = gateway
    headers = {"X-Hub-CSRF": operator.csrf, "Content-Type": "application/json"}
    async with operator.web.post(f"{operator.url}/api/commands/CancelBroadcast", data=raw, headers=headers) as answer:
        assert (answer.status, answer.content_type) == (status, "application/problem+json")
        assert (await answer.json())["detail"]


async def test_a_body_without_a_length_has_its_limit_too(gateway: tuple[Stage, Visitor]) -> None:
    _, operator = gateway

    async def body():
        for _ in range(30):
            yield b" " * 50_000

    headers = {"X-Hub-CSRF": operator.csrf, "Content-Type": "application/json"}
    async with operator.web.post(f"{operator.url}/api/commands/CancelBroadcast", data=body(), headers=headers) as answer:
        assert answer.status == 413


@pytest.mark.parametrize("p", ["{", "[]", "7", '{"no": 1}', '{"limit": 0}', '{"limit": 100000}', '{"offset": -1}',
                               '{"offset": 1e30}', '{"text": "\\u0000"}', '{"drill": "yes"}'])
async def test_parameters_that_are_wrong_get_a_problem(gateway: tuple[Stage, Visitor], p: str) -> None:
    _, operator = gateway
    async with operator.web.get(f"{operator.url}/api/views/broadcasts", params={"p": p}) as answer:
        assert (answer.status, answer.content_type) == (400, "application/problem+json")


async def test_a_cookie_alone_does_nothing(gateway: tuple[Stage, Visitor]) -> None:
    _, operator = gateway
    body = {"broadcast": NOBODY}

    without = await operator.ask("CancelBroadcast", status=403, headers={"X-Hub-CSRF": ""}, **body)
    wrong = await operator.ask("CancelBroadcast", status=403, headers={"X-Hub-CSRF": "x" * 22}, **body)
    elsewhere = await operator.ask("CancelBroadcast", status=403, headers={"Origin": "https://elsewhere.example"}, **body)
    await operator.ask("CancelBroadcast", status=404, headers={"Origin": operator.url}, **body)

    assert [problem["code"] for problem in (without, wrong, elsewhere)] == ["bad-csrf", "bad-csrf", "bad-origin"]


async def test_another_system_works_with_its_key_and_within_its_rights(gateway: tuple[Stage, Visitor]) -> None:
    stage, operator = gateway
    made = await stage.ask(CreateApiKey(id=uuid4(), name="应急系统", roles=(Role.OPERATOR,), scopes=("district:3",)), SYSTEM)
    async with Visitor.of(operator.url, Authorization=f"Bearer {made['key']}") as system:
        sent = await system.ask("SendBroadcast", title="通知", text="正文", audience={"orgs": ["district:3"]})
        assert sent["result"]["recipients"] == 4
        await system.ask("SendBroadcast", status=403, title="通知", text="正文", audience={"orgs": ["district:1"]})
        await system.ask("SaveLadder", status=403, ladder={"code": "x", "name": "x", "rungs": [{"channels": ["sms"], "wait": 1}]})
        assert len((await system.see("broadcasts"))["rows"]) == 1
    async with Visitor.of(operator.url, Authorization="Bearer ak_wrong") as stranger:
        await stranger.see("broadcasts", status=401)
    async with Visitor.of(operator.url, Authorization="Basic x") as stranger:
        await stranger.see("broadcasts", status=401)


async def test_the_contract_names_everything_and_every_reference_resolves(gateway: tuple[Stage, Visitor]) -> None:
    stage, operator = gateway
    document = await operator.get("/api/openapi.json")

    assert document["openapi"].startswith("3.1")
    assert {f"/api/commands/{name}" for name in stage.hub.desk.rules} <= document["paths"].keys()
    assert {f"/api/views/{name}" for name in stage.hub.views.by_name} <= document["paths"].keys()
    schemas = document["components"]["schemas"]
    broken = [ref for ref in references(document) if ref.removeprefix("#/components/schemas/") not in schemas]
    assert broken == []
    ids = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    assert len(ids) == len(set(ids))


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [ref for value in node.values() for ref in references(value)]
    return [ref for value in node for ref in references(value)] if isinstance(node, list) else []


def test_the_committed_contract_is_not_stale() -> None:
    assert json.loads(CONTRACT.read_text("utf-8")) == json.loads(contract_text())


async def test_a_file_comes_back_as_it_was_sent(gateway: tuple[Stage, Visitor]) -> None:
    _, operator = gateway
    row = await operator.upload("/api/files?purpose=attachment", file_form(b"hello", "说明 v1.txt"))

    assert (row["name"], row["size"], row["mime"]) == ("说明 v1.txt", 5, "text/plain")
    assert await operator.get(row["url"]) == b"hello"


@pytest.mark.parametrize(("form", "query", "status", "code"), [
    (lambda: file_form(b""), "purpose=attachment", 422, "empty-file"),
    (lambda: file_form(b"x", field="other"), "purpose=attachment", 400, "malformed"),
    (lambda: file_form(b"x"), "purpose=virus", 400, "malformed"),
    (lambda: file_form(b"this is no sound at all", "a.mp3"), "purpose=audio", 422, None),
    (lambda: b"not a form", "purpose=attachment", 400, "malformed"),
    (lambda: file_form(b"x" * (LARGEST + 1)), "purpose=attachment", 413, "too-large"),
])
async def test_a_file_that_is_wrong_is_refused_and_leaves_nothing(
    gateway: tuple[Stage, Visitor], form: Any, query: str, status: int, code: str | None,
) -> None:
    stage, operator = gateway
    problem = await operator.upload(f"/api/files?{query}", form(), status=status)

    assert code in (None, problem["code"])
    folder = stage.hub.settings.data / "files"
    assert [one.name for one in folder.iterdir() if one.is_file()] == []
    assert await stage.value("select count(*) from files.file") == 0


async def test_a_hundred_megabytes_are_refused_before_they_come(gateway: tuple[Stage, Visitor]) -> None:
    _, operator = gateway

    async def much():
        for _ in range(100):
            yield b"x" * 2**20

    headers = {"X-Hub-CSRF": operator.csrf, "Content-Type": "multipart/form-data; boundary=b", "Content-Length": str(100 * 2**20)}
    try:
        async with operator.web.post(f"{operator.url}/api/files?purpose=attachment", data=much(), headers=headers) as answer:
            assert answer.status == 413
    except aiohttp.ClientConnectionError:
        assert await operator.get("/healthz"), "the line was closed on us, and the hub goes on"


@pytest.mark.parametrize("head", [b"--b\r\n\r\n", b"", b"--x--\r\n", b"--b\r\nContent-Disposition: nonsense\r\n\r\nabc\r\n--b--\r\n", b"--b\r\n" + b"a" * 100_000])
async def test_a_form_that_is_broken_is_refused(gateway: tuple[Stage, Visitor], head: bytes) -> None:
    _, operator = gateway
    problem = await operator.upload("/api/files?purpose=attachment", head, status=400,
                                    **{"Content-Type": "multipart/form-data; boundary=b"})
    assert problem["detail"]


@pytest.mark.parametrize(("name", "kept"), [
    ("../../etc/passwd", "passwd"), ("C:\\temp\\a.txt", "a.txt"), ("..", "file"), ("x" * 300 + ".pdf", None),
    ("a;b='c.html", None), ("\u202egpj.exe", "gpj.exe")])
async def test_a_hostile_name_becomes_a_plain_one(gateway: tuple[Stage, Visitor], name: str, kept: str | None) -> None:
    stage, operator = gateway
    row = await operator.upload("/api/files?purpose=attachment", file_form(b"x", name))

    assert kept in (None, row["name"])
    assert len(row["name"]) <= 120
    assert not set(row["name"]) & set("/\\\0\r\n")
    assert await operator.get(row["url"]) == b"x"
    assert len(list((stage.hub.settings.data / "files").iterdir())) == 1


@pytest.mark.parametrize("name", ["page.html", "picture.svg", "page.xhtml", "script.js", "unknown"])
async def test_what_could_run_is_downloaded_and_not_shown(gateway: tuple[Stage, Visitor], name: str) -> None:
    _, operator = gateway
    row = await operator.upload("/api/files?purpose=attachment", file_form(b"<script>alert(1)</script>", name))

    async with operator.web.get(f"{operator.url}{row['url']}") as answer:
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]


async def test_a_file_is_for_whom_it_was_sent_and_for_who_has_its_signed_address(gateway: tuple[Stage, Visitor]) -> None:
    stage, operator = gateway
    row = await operator.upload("/api/files?purpose=attachment", file_form(b"hello"))
    key, file = stage.hub.access.key, UUID(row["id"])
    good = sign_file(key, file, stage.clock.at + timedelta(hours=1))
    old = sign_file(key, file, stage.clock.at - timedelta(seconds=1))
    others = sign_file(key, uuid4(), stage.clock.at + timedelta(hours=1))
    async with Visitor.of(operator.url) as stranger:
        await stranger.get(row["url"], status=401)
        assert await stranger.get(f"{row['url']}?sig={good}") == b"hello"
        for sig in (old, others, "x", good[:-1], good[:-1] + ("E" if good.endswith("A") else "A")):
            await stranger.get(f"{row['url']}?sig={sig}", status=404)
        await stranger.get(f"/api/files/{uuid4()}?sig={good}", status=404)
        await stranger.get("/api/files/nonsense", status=404)


async def test_who_may_not_upload_is_told_so(gateway: tuple[Stage, Visitor]) -> None:
    stage, operator = gateway
    async with Visitor.of(operator.url, "viewer") as viewer:
        await viewer.upload("/api/files", file_form(b"x"), status=403)
        await viewer.upload("/api/import/people", file_form(b"x", "a.csv"), status=403)
    refused = await stage.rows("select act from work.audit where outcome = 'refused' order by id")
    assert [row["act"] for row in refused] == ["upload", "import people"]


@pytest.mark.parametrize("path", ["/api/nothing", "/hooks/nothing", "/api/export/nothing.xlsx", "/api/views/nothing", "/api/files/x"])
async def test_what_is_not_there_is_a_problem_too(gateway: tuple[Stage, Visitor], path: str) -> None:
    _, operator = gateway
    await operator.get(path, status=404)


async def test_health_says_so(gateway: tuple[Stage, Visitor]) -> None:
    _, operator = gateway
    assert (await operator.get("/healthz"))["ok"]
    assert (await operator.get("/readyz"))["ok"]
    figures = await operator.get("/metrics")
    assert b"hub_journal_position" in figures
    assert b'hub_connections{node="w0"}' in figures
