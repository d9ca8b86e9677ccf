"""Telephone numbers as people write them, and as the directory keeps them (E.164)."""

from __future__ import annotations

import re

from hub.kernel.errors import Refused

_NOISE = re.compile(r"[\s\-‐-―()（）·.'’]+")
_PREFIX = re.compile(r"^(?:\+|00)?86(?=\d{9,})")
_MOBILE = re.compile(r"^1[3-9]\d{9}$")
_LANDLINE = re.compile(r"^0?(10|2\d|[3-9]\d{2})(\d{7,8})$")
_SCIENTIFIC = re.compile(r"^\d(\.\d+)?E\+?\d+$", re.IGNORECASE)
_WIDE = str.maketrans("０１２３４５６７８９＋－", "0123456789+-")

BIG_AREAS = frozenset({"10"} | {f"2{n}" for n in range(10)})
"""Area codes of three digits, written with their zero; all others have four."""


def normalise(written: str) -> str:
    """`139 0000 1111`, `+86-571-8765 4321` → `+8613900001111`, `+8657187654321`; "" stays "".

    Raises Refused for what is neither a mainland mobile nor a landline with its area code.
    """
    text = written.translate(_WIDE).strip()
    if not text:
        return ""
    bare = _NOISE.sub("", text)
    national = _PREFIX.sub("", bare)
    if _MOBILE.match(national):
        return f"+86{national}"
    landline = _LANDLINE.match(national)
    if landline and (national.startswith("0") or national != bare):
        return f"+86{landline[1]}{landline[2]}"
    raise _malformed(text, bare)


def _malformed(text: str, bare: str) -> Refused:
    if _SCIENTIFIC.match(text):
        return Refused(
            "电话被表格软件改成了科学计数法，号码已经丢失，请把该列设为“文本”后重新填写。",
            "The spreadsheet turned this phone number into scientific notation; format the column as text and retype it.",
            code="bad-phone", field="phone",
        )
    if re.fullmatch(r"\d{7,8}", bare):
        return Refused(
            "固定电话缺少区号，请写成“0571-87654321”的形式。",
            "This landline lacks its area code; write it like 0571-87654321.",
            code="bad-phone", field="phone",
        )
    return Refused(
        "不是有效的电话号码：请填 11 位手机号，或带区号的固定电话。",
        "Not a phone number: give an 11-digit mobile number, or a landline with its area code.",
        code="bad-phone", field="phone",
    )


def national(e164: str) -> str:
    """As people write it: `13900001111`, `0571-87654321`. The inverse of `normalise`."""
    bare = e164.removeprefix("+86")
    if not bare or not e164.startswith("+86") or _MOBILE.match(bare):
        return bare
    area = 2 if bare[:2] in BIG_AREAS else 3
    return f"0{bare[:area]}-{bare[area:]}"


def masked(e164: str) -> str:
    """`138****1234`: enough to recognise, not enough to dial."""
    bare = national(e164)
    return f"{bare[:3]}****{bare[-4:]}" if len(bare) > 7 else bare
