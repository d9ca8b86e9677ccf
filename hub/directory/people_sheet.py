"""The columns of a list of people: what is written in them, and how it is read. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from typing import Any

from hub.directory.messages.shapes import OPENID, TAG_LONGEST, PersonKind
from hub.directory.model import OrgFact, distinct
from hub.directory.people_phone import normalise
from hub.directory.transfer_columns import GROUP_SEPARATORS, SEPARATORS, Column, Parser, one_of
from hub.kernel.errors import Refused

COLUMNS = (
    Column("code", "编号", ("代表证号", "证号", "工号", "人员编号", "序列号", "no", "id"), 40),
    Column("name", "姓名", ("名字", "人员姓名", "代表姓名"), 60, 10, required=True),
    Column("kind", "类别", ("人员类别", "类型", "身份", "人员类型"), 20, 12, required=True),
    Column("gender", "性别", ("sex",), 4, 6),
    Column("org", "所属单位", (
        "所属站点/单位", "所属站点", "站点", "联络站", "单位", "所属组织", "机构", "所属机构", "organisation",
    ), 80, 26, required=True),
    Column("delegation", "代表团", ("所在代表团", "代表团名称"), 60, 16),
    Column("district", "区县", ("区", "所在区", "行政区", "县区", "选区"), 60, 12),
    Column("term", "届别", ("届次", "届"), 60, 12),
    Column("post", "职务", ("职位", "单位职务", "单位及职务", "职称", "position"), 60, 22),
    Column("phone", "手机", ("手机号", "手机号码", "电话", "联系电话", "电话号码", "移动电话", "mobile"), 30, 16),
    Column("openid", "微信OpenID", ("微信", "openid", "微信号openid", "wechat"), 64, 24),
    Column("opt_out", "不接收", ("勿扰渠道", "不接收渠道", "拒收", "退订"), 40, 12),
    Column("tags", "标签", ("tag", "专业领域", "领域"), 400, 20),
    Column("groups", "分组", ("组", "群组", "所属分组", "group", "专委会"), 600, 24),
)

KINDS = {
    "代表": PersonKind.DEPUTY, "工作人员": PersonKind.STAFF, "列席人员": PersonKind.ATTENDEE,
    "部门经办人": PersonKind.HANDLER, "人大代表": PersonKind.DEPUTY, "市人大代表": PersonKind.DEPUTY,
    "联络员": PersonKind.STAFF, "站点工作人员": PersonKind.STAFF, "列席": PersonKind.ATTENDEE,
    "列席代表": PersonKind.ATTENDEE, "经办人": PersonKind.HANDLER, "部门联系人": PersonKind.HANDLER,
} | {kind.value: kind for kind in PersonKind}
KIND_ZH = {kind: word for word, kind in reversed(KINDS.items()) if word != kind.value}

GENDERS = {"男": "男", "女": "女", "": "", "男性": "男", "女性": "女", "male": "男", "female": "女", "m": "男", "f": "女"}

CHANNELS = {
    "站点屏幕": "screen", "代表页面": "page", "微信": "wechat", "短信": "sms", "电话": "voice",
    "屏幕": "screen", "页面": "page", "语音": "voice",
} | {code: code for code in ("screen", "page", "wechat", "sms", "voice")}
CHANNEL_ZH = {code: word for word, code in reversed(CHANNELS.items()) if word != code}


def parsers(org_names: Mapping[str, list[OrgFact]]) -> dict[str, Parser]:
    return {
        "kind": one_of(KINDS, "类别", "kind"),
        "gender": one_of(GENDERS, "性别", "gender"),
        "org": partial(find_org, org_names),
        "phone": normalise,
        "openid": _openid,
        "opt_out": _opt_out,
        "tags": _tags,
        "groups": _group_names,
    }


def find_org(names: Mapping[str, list[OrgFact]], text: str) -> OrgFact:
    found = {org.id: org for org in names.get(text, ())}
    if text in found:
        return found[text]
    if len(found) == 1:
        return next(iter(found.values()))
    if found:
        raise Refused(f"有 {len(found)} 个机构叫“{text}”，请改填编号（如 {min(found)}）。",
                      f"{len(found)} organisations are called {text!r}; give the id instead ({min(found)}).")
    raise Refused(f"没有名为“{text[:40]}”的机构，请核对名称，或先建立该机构。",
                  f"There is no organisation {text[:40]!r}; check the name, or create it first.")


_OPENID = re.compile(OPENID)


def _openid(text: str) -> str:
    if not _OPENID.match(text):
        raise Refused("微信 OpenID 只能含字母、数字、下划线和减号，请从公众号后台复制。",
                      "A WeChat openid holds letters, digits, _ and - only; copy it from the WeChat console.")
    return text


def _opt_out(text: str) -> tuple[str, ...]:
    parse = one_of(CHANNELS, "渠道", "channel")
    return tuple(sorted({parse(word) for word in SEPARATORS.split(text) if word}))


def _tags(text: str) -> tuple[str, ...]:
    tags = distinct(word for word in re.split(r"[\s,，、;；|]+", text) if word)
    if len(tags) > 20 or any(len(tag) > TAG_LONGEST for tag in tags):
        raise Refused(f"标签最多 20 个，每个最多 {TAG_LONGEST} 个字，用顿号分隔。",
                      f"At most 20 tags of {TAG_LONGEST} characters, separated by commas.")
    return tags


def _group_names(text: str) -> tuple[str, ...]:
    names = distinct(word for word in GROUP_SEPARATORS.split(text) if word)
    if any(len(name) > 60 for name in names):
        raise Refused("分组名称最多 60 个字，多个分组用顿号分隔。",
                      "A group's name has 60 characters at most; separate several by commas.")
    return names


def cells(row: Mapping[str, Any], org: str, phone: str) -> list[str]:
    """One row as the columns show it: what `check` reads back as the same person."""
    shown = dict(row) | {
        "kind": KIND_ZH[row["kind"]], "org": org, "phone": phone,
        "opt_out": "、".join(CHANNEL_ZH[code] for code in row["opt_out"]),
        "tags": "、".join(row["tags"]), "groups": "、".join(row["groups"]),
    }
    return [shown[column.field] for column in COLUMNS]


def org_words(orgs: Mapping[str, OrgFact]) -> dict[str, str]:
    """For each organisation the word that means it alone: its name, or else its id."""
    names: dict[str, set[str]] = defaultdict(set)
    for org in orgs.values():
        for word in (org.id, org.name, org.short_name):
            names[word].add(org.id)
    return {org.id: org.name if names[org.name] == {org.id} else org.id for org in orgs.values()}
