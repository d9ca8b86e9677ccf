"""What does not fit the agreed shape ends with a sentence that says where and what."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Meta

from dispatch.messages.commands import CancelBroadcast, SendBroadcast
from dispatch.messages.shapes import Moment
from dispatch.words import Channel
from hub.kernel.errors import Broken, Malformed
from hub.kernel.messages import Event
from hub.wire.codec import EventCodec, convert, decode, encode, fingerprint


class Shape(msgspec.Struct, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=1, max_length=5)] = "x"
    long: Annotated[str, Meta(min_length=3)] = "xxx"
    many: Annotated[tuple[int, ...], Meta(min_length=1, max_length=2)] = (1,)
    count: Annotated[int, Meta(ge=1, le=9)] = 1
    road: Channel = Channel.SMS
    id: UUID = UUID(int=0)
    at: Moment | None = None
    code: Annotated[str, Meta(pattern="^[a-z]+$")] = "a"
    inner: Shape | None = None


class Needs(msgspec.Struct):
    name: str


@pytest.mark.parametrize(("raw", "zh"), [
    ('{"name": ""}', "“name”不能为空。"), ('{"name": "123456"}', "“name”太长，最多 5 个字。"),
    ('{"long": "ab"}', "“long”太短，至少 3 个字。"), ('{"many": []}', "“many”至少要有 1 项。"),
    ('{"many": [1,2,3]}', "“many”太多，最多 2 项。"), ('{"count": 0}', "“count”不能小于 1。"), ('{"count": 10}', "“count”不能大于 9。"),
    ('{"road": "pigeon"}', "“road”不是可选的值：'pigeon'。"), ('{"id": "x"}', "“id”编号的格式不对。"),
    ('{"at": "yesterday"}', "“at”时间的格式不对"), ('{"at": "2026-01-01T00:00:00"}', "“at”时间要带时区"),
    ('{"code": "A"}', "“code”格式不对。"), ('{"name": 7}', "“name”类型不对：应为 str，收到的是 int。"),
    ('{"more": 1}', "里有不认识的字段“more”。"), ('{"inner": {"count": 0}}', "“inner.count”不能小于 1。"),
    ('{"name": null}', "“name”类型不对"), ("{", "不是有效的 JSON"), ("", "不是有效的 JSON"), ("[" * 3000, "提交的内容"),
    ('{"name": "\\u0000"}', "不能保存的控制字符"), ('{"name": "\\ud800"}', "不是有效的 JSON"),
])
def test_every_complaint_says_in_chinese_where_and_what(raw: str, zh: str) -> None:
    with pytest.raises(Malformed) as refused:
        decode(raw, Shape)

    assert zh.rstrip("。") in refused.value.zh
    assert refused.value.zh.endswith("。")
    assert refused.value.en


def test_the_field_at_fault_is_named_for_the_page() -> None:
    with pytest.raises(Malformed) as refused:
        decode('{"inner": {"many": [1, "x"]}}', Shape)
    with pytest.raises(Malformed) as missing:
        decode("{}", Needs)

    assert refused.value.field == "inner.many[1]"
    assert "缺少“name”" in missing.value.zh


@pytest.mark.parametrize("plain", [{"name": "\ud800"}, {"name": "a\0"}, {"inner": {"name": "\0"}}, 7, None, [], "x"])
def test_what_a_socket_brings_is_looked_at_as_closely(plain: Any) -> None:
    with pytest.raises(Malformed):
        convert(plain, Shape)


def test_a_backslash_that_only_looks_like_nul_is_kept() -> None:
    assert convert({"name": "\\u000"}, Shape).name == "\\u000"
    assert decode(r'"\\u0000"', str) == r"\u0000"


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3), max_leaves=8))
@settings(max_examples=300, deadline=None)
def test_whatever_comes_is_a_message_or_malformed_and_nothing_else(plain: Any) -> None:
    for shape in (SendBroadcast, CancelBroadcast, Shape):
        with pytest.raises(Malformed):
            convert(plain if isinstance(plain, dict) and "no" in plain else {"no": plain}, shape)


@given(st.binary(max_size=60))
@settings(max_examples=300, deadline=None)
def test_no_bytes_upset_the_decoder(raw: bytes) -> None:
    with pytest.raises(Malformed):
        decode(raw, CancelBroadcast)


def test_the_same_words_have_the_same_fingerprint_and_others_another() -> None:
    one = CancelBroadcast(id=uuid4(), broadcast=uuid4(), reason="x")
    same = decode(encode(one), CancelBroadcast)

    assert fingerprint(one) == fingerprint(same)
    assert fingerprint(one) != fingerprint(msgspec.structs.replace(one, reason="y"))


class Renamed(Event, frozen=True, kw_only=True):
    schema_version = 2
    title: str


def test_an_old_event_is_read_as_a_new_one_and_an_unknown_one_is_not_guessed() -> None:
    codec = EventCodec([Renamed], {("Renamed", 1): lambda plain: {"title": plain["name"]}})

    assert codec.decode("Renamed", 1, msgspec.msgpack.encode({"name": "旧"})) == Renamed(title="旧")
    assert codec.decode("Renamed", 2, codec.encode(Renamed(title="新"))) == Renamed(title="新")
    for name, schema in (("Unknown", 1), ("Renamed", 3)):
        with pytest.raises(Broken):
            codec.decode(name, schema, b"\x80")
