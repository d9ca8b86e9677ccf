"""The library as another system reads and fills it: by an API key, within what the key may."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import aiohttp

from hub.kernel.actor import SYSTEM, Role
from tests.flows.gateway.visitor import Visitor
from tests.flows.legislation.stage import LawStage
from tests.lives import sitting

ADMIN = sitting(Role.ADMINISTRATOR)


async def key_for(law: LawStage, role: Role, scope: str = "city") -> tuple[str, dict[str, str]]:
    """Its id, and the header that shows it."""
    made = await law.ask("CreateApiKey", ADMIN, name="省立法资源库", roles=[role], scopes=(scope,))
    return made["id"], {"Authorization": f"Bearer {made['key']}"}


def paper() -> aiohttp.FormData:
    form = aiohttp.FormData()
    form.add_field("file", "电梯安全条例全文".encode(), filename="条例.txt", content_type="text/plain")
    return form


def titles(answer: dict[str, Any]) -> set[str]:
    return {row["title"] for row in answer["rows"]}


async def test_another_system_fills_and_reads_the_library_by_its_key_and_no_more_than_its_role_may(law: LawStage):
    await law.ask("SaveOrganisation", SYSTEM, organisation="city", name="云澜市")
    await law.ask("SaveOrganisation", SYSTEM, organisation="district:3", name="望江区", parent="city")
    (_, ours), (key, theirs), (_, below) = [await key_for(law, *one) for one in (
        (Role.LEGISLATOR, "city"), (Role.VIEWER, "city"), (Role.LEGISLATOR, "district:3"))]
    async with (Visitor.of(law.hub.url, **ours) as maker, Visitor.of(law.hub.url, **theirs) as reader, Visitor.of(law.hub.url, **below) as district,
                Visitor.of(law.hub.url) as stranger):
        file = await maker.upload("/api/files?purpose=case", paper())
        document = str(uuid4())
        await maker.ask("SaveLawDocument", document=document, shelf="law", title="电梯安全条例", text="第一条 为了电梯安全。", valid_from="2026-01-01",
                        files=[file["id"]])
        await maker.ask("SaveLawDocument", document=str(uuid4()), shelf="model", title="提请审议函样式")

        assert titles(await maker.see("law_documents")) == {"电梯安全条例", "提请审议函样式"}
        assert titles(await reader.see("law_documents")) == titles(await district.see("law_documents")) == {"电梯安全条例"}
        assert titles(await reader.see("law_documents", on="2025-12-31")) == set()
        assert titles(await reader.see("law_documents", since="2026-01-05T11:00:00+08:00")) == set()
        [read] = (await reader.see("law_document", document=document))["rows"]
        assert read["text"] == "第一条 为了电梯安全。"
        assert await reader.get(read["papers"][0]["url"]) == "电梯安全条例全文".encode()
        assert titles(await reader.see("search", q="电梯安全")) == {"电梯安全条例"}

        await reader.ask("SaveLawDocument", 403, document=document, shelf="law", title="改了标题")
        await district.ask("SaveLawDocument", 403, document=document, shelf="law", title="改了标题")
        await reader.see("law_documents", 400, size=101)
        await stranger.see("law_documents", 401)
        await law.ask("RevokeApiKey", ADMIN, key=key)
        assert (await reader.see("law_documents", 401))["code"] == "bad-key"

