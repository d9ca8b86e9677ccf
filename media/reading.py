"""What a speaker would say for what is written: figures, dates, phone numbers, signs.

The rules are tried in order over the whole text; a rule leaves words behind, which no later rule
reads as figures again. The result has no figures and no sign that a voice would trip over.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from re import Match

from media.numerals import amount, cardinal, digits, phone_digits

Saying = Callable[[Match[str]], str]

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_MEASURED = "元人万亿吨米户亩个件票度"
_COUNTED = "个位名次天户条台辆件份家间组批项套场所周|小时|分钟|部门"
_TO = r"\s*(?:-|–|—+|~|～|至|到)\s*"

_WIDE = str.maketrans(
    {chr(wide): chr(wide - 0xFEE0) for wide in range(0xFF10, 0xFF5B) if chr(wide).isalnum()}
    | {"％": "%", "／": "/", "＋": "+", "－": "-", "．": ".", "℃": "摄氏度", "°": "度"}
    | {chr(0x2460 + n): f"，{n + 1}、" for n in range(20)}
    | {"−": "-", "㎡": "m²", "㎏": "kg", "㎞": "km", "￥": "¥", "\r": "", "\t": " ", "\u3000": " "}
)

_UNITS = {
    "km/h": "公里每小时", "m/s": "米每秒", "km²": "平方公里", "m²": "平方米", "m³": "立方米",
    "km": "公里", "cm": "厘米", "mm": "毫米", "kg": "公斤", "mg": "毫克", "ml": "毫升",
    "kW": "千瓦", "MW": "兆瓦", "m": "米", "t": "吨", "g": "克", "L": "升", "h": "小时",
}  # fmt: skip

_SIGNS = str.maketrans(
    {
        "&": "和", "+": "加", "=": "等于", "%": "百分号", "×": "乘", "÷": "除以", "≥": "大于等于", "≤": "小于等于", "±": "正负", "№": "编号", "$": "美元",
        "¥": "元", "@": "艾特", "²": "平方", "³": "立方", "·": " ", "•": "，", "\n": "。",
        "/": "、", "|": "，", "_": " ", "-": " ", "~": " ", "#": " ", "*": " ", "^": " ", "`": " ",
        "\\": " ", "[": "，", "]": "，", "{": "，", "}": "，", "<": "，", ">": "，",
    }
)  # fmt: skip

_UNSPEAKABLE = {"So", "Sk", "Cs", "Co", "Cn", "Cf", "Cc", "Mn", "Me"}


def _date(found: Match[str]) -> str:
    year, month, day = found["year"], int(found["month"]), int(found["day"])
    return f"{digits(year)}年{cardinal(month)}月{cardinal(day)}日"


def _time(found: Match[str]) -> str:
    hour, minute, second = int(found["hour"]), int(found["minute"]), found["second"]
    said = ("两" if hour == 2 else cardinal(hour)) + "点"
    if second:
        return f"{said}{_of_clock(minute)}分{_of_clock(int(second))}秒"
    return said + (_of_clock(minute) + "分" if minute else "整")


def _of_clock(part: int) -> str:
    return ("零" if 0 < part < 10 else "") + cardinal(part)


def _phone(found: Match[str]) -> str:
    return "，" + "，".join(phone_digits(part) for part in re.findall(r"\d+", found[0])) + "，"


def _mobile(found: Match[str]) -> str:
    figures = re.sub(r"\D", "", found["number"])
    parts = (figures[:3], figures[3:7], figures[7:])
    return "，" + "，".join(phone_digits(part) for part in parts) + "，"


def _year_span(found: Match[str]) -> str:
    return f"{digits(found['first'])}至{digits(found['last'])}"


def _degrees(found: Match[str]) -> str:
    return f"零下{amount(found['number'])}{found['unit']}"


def _of_latin(found: Match[str]) -> str:
    figures = found["figures"]
    said = digits(figures) if len(figures) > 2 else cardinal(int(figures))
    return f"{found['letters']} {said} "


RULES: tuple[tuple[re.Pattern[str], Saying], ...] = tuple(
    (re.compile(pattern, re.ASCII), saying)
    for pattern, saying in (
        (r"(?:https?://|www\.)[!-~]+", lambda _: "，网址见文字通知，"),
        (r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", lambda _: "，邮箱见文字通知，"),
        (
            r"(?<!\d)(?P<year>(?:1[5-9]|2[01])\d\d)(?P<sign>[-/.])(?P<month>0?[1-9]|1[0-2])"
            r"(?P=sign)(?P<day>3[01]|[12]\d|0?[1-9])(?!\d)T?",
            _date,
        ),
        (
            rf"(?<!\d)(?P<first>(?:1[5-9]|2[01])\d\d){_TO}(?P<last>(?:1[5-9]|2[01])\d\d)(?=\s*年)",
            _year_span,
        ),
        (r"(?<!\d)((?:1[5-9]|2[01])\d\d)(?=\s*年)", lambda found: digits(found[1])),
        (
            r"(?<![\d:])(?P<hour>[01]?\d|2[0-4])[:：](?P<minute>[0-5]\d)"
            r"(?:[:：](?P<second>[0-5]\d))?(?![\d:])",
            _time,
        ),
        (r"(?<!\d)(?:\+?86[- ]?)?(?P<number>1[3-9]\d[- ]?\d{4}[- ]?\d{4})(?!\d)", _mobile),
        (r"(?<!\d)(?:0\d{2,3}[- ]\d{7,8}(?:-\d{1,5})?|[48]00[- ]\d{3,4}[- ]\d{3,4})(?!\d)", _phone),
        (rf"(?<![\d.,])\d{{7,}}(?![\d.,{_MEASURED}]|\s*(?:{_COUNTED}))", _phone),
        (rf"(?<=热线|专线|电话|手机|拨打|致电|号码|分机)\s*[:：]?\s*\d{{3,6}}(?![\d.{_MEASURED}])", _phone),
        (r"转\s*\d{1,5}", lambda found: phone_digits(found[0])),
        (r"(?<!\d)\d{3,6}(?=\s*(?:热线|专线|报警|火警|急救))", lambda found: phone_digits(found[0])),
        (r"(?<!\d)\d{3,4}(?=室|房|号房|会议室)", lambda found: phone_digits(found[0])),
        (rf"(?P<number>{_NUMBER})%{_TO}(?=(?:{_NUMBER})%)",
         lambda found: f"百分之{amount(found['number'])}至"),
        (rf"(?P<number>{_NUMBER})\s*%", lambda found: "百分之" + amount(found["number"])),
        (rf"(?P<number>{_NUMBER})\s*‰", lambda found: "千分之" + amount(found["number"])),
        (rf"¥\s*(?P<number>{_NUMBER})(?P<large>[万亿]?)元?",
         lambda found: amount(found["number"]) + found["large"] + "元"),
        (rf"(?<![\w)])-(?P<number>{_NUMBER})\s*(?P<unit>摄氏度|度)", _degrees),
        (rf"(?P<number>{_NUMBER})\s*(?P<unit>{'|'.join(_UNITS)})(?![A-Za-z])",
         lambda found: amount(found["number"]) + _UNITS[found["unit"]]),
        (r"(?<![\d/.])(\d{1,3})/(\d{1,3})(?![\d/.])",
         lambda found: f"{amount(found[2])}分之{amount(found[1])}"),
        (r"(?<=\d)[:：](?=\d)", lambda _: "比"),
        (r"\d+(?:\.\d+){2,}", lambda found: digits(found[0])),
        (r"(?P<letters>[A-Za-z])[- ]?(?P<figures>\d+)(?![\d.])", _of_latin),
        (rf"(?<![\d.,第])2(?=\s*(?:[{_COUNTED.split('|')[0]}点]|小时|分钟))", lambda _: "两"),
        (rf"(?P<first>{_NUMBER}|(?<=[点整分日月号]))(?:-|–|—+|~|～)(?=\d|[零一两二三四五六七八九十])",
         lambda found: (amount(found["first"]) if found["first"] else "") + "至"),
        (r"(?<![\w)])-(?=\d)", lambda _: "负"),
        (_NUMBER, lambda found: amount(found[0])),
    )
)  # fmt: skip


def aloud(text: str) -> str:
    """The words to say; "" when there is nothing in the text that can be said."""
    said = "".join(_plain(sign) for sign in text.translate(_WIDE))
    for pattern, saying in RULES:
        said = pattern.sub(saying, said)
    said = "".join(sign for sign in said.translate(_SIGNS) if not _unspeakable(sign))
    said = re.sub(r"[，、,\s]*([，。！？；：、])[，、,\s]*", r"\1", said)
    said = re.sub(r"[ \u3000]+", " ", said).strip(" ，、")
    return said if any(sign.isalnum() for sign in said) else ""


def _plain(sign: str) -> str:
    return sign if sign.isascii() or not sign.isdecimal() else str(unicodedata.decimal(sign))


def _unspeakable(sign: str) -> bool:
    return unicodedata.category(sign) in _UNSPEAKABLE
