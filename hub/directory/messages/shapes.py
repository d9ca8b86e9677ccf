"""What messages and rows are made of: ids and words with their limits, kinds.

Field limits stand in this package and are checked by the codec. On the wire a team is called a group.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta

ORG_ID = r"^(city|(district|station|department):(0|[1-9]\d{0,3}))$"
OPENID = r"^[0-9A-Za-z_-]*$"
TAG_LONGEST = 20
LAST_NUMBER = 9999

OrgId = Annotated[str, Meta(pattern=ORG_ID)]
Ref = Annotated[str, Meta(pattern=r"^(person:[0-9a-f-]{36}|station:(0|[1-9]\d{0,3}))$")]
"""`person:<uuid>` or `station:<n>`."""
Name = Annotated[str, Meta(min_length=1, max_length=60)]
Word = Annotated[str, Meta(max_length=60)]
Line = Annotated[str, Meta(max_length=200)]
PersonCode = Annotated[str, Meta(max_length=40)]
Tag = Annotated[str, Meta(min_length=1, max_length=TAG_LONGEST, pattern=r"^[^\s,，、;；|]+$")]
GroupName = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[^,，、;；|]+$")]
"""Neither may hold what separates several of them in one cell of a spreadsheet."""
OpenId = Annotated[str, Meta(max_length=64, pattern=OPENID)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
ChannelName = Literal["screen", "page", "wechat", "sms", "voice"]
Seen = Annotated[int, Meta(ge=0)] | None
"""The version the asker looked at; None: do not compare."""


class OrgKind(StrEnum):
    CITY = "city"              # 市
    DISTRICT = "district"      # 区县
    STATION = "station"        # 代表联络站
    DEPARTMENT = "department"  # 部门


class PersonKind(StrEnum):
    DEPUTY = "deputy"        # 代表
    STAFF = "staff"          # 工作人员
    ATTENDEE = "attendee"    # 列席人员
    HANDLER = "handler"      # 部门经办人
