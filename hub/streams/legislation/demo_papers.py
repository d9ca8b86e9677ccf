"""A paper as a Word document, of a title and some lines: what a demo city's steps enclose."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

WORDS = "http://schemas.openxmlformats.org"
TYPES = (f'<Types xmlns="{WORDS}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
         '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
         'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>')
RELATIONS = (f'<Relationships xmlns="{WORDS}/package/2006/relationships"><Relationship Id="r1" '
             f'Type="{WORDS}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>')
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
DAY = (2026, 1, 1, 0, 0, 0)


def written(title: str, lines: Iterable[str]) -> bytes:
    """The same words give the same bytes."""
    body = _line(title, 32, "center") + "".join(_line(one, 24, "both") for one in lines)
    document = f'<w:document xmlns:w="{WORDS}/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>'
    kept = BytesIO()
    with ZipFile(kept, "w", ZIP_DEFLATED) as file:
        for name, text in (("[Content_Types].xml", TYPES), ("_rels/.rels", RELATIONS), ("word/document.xml", document)):
            file.writestr(ZipInfo(name, DAY), HEAD + text)
    return kept.getvalue()


def _line(text: str, size: int, align: str) -> str:
    """`size` in half points."""
    return (f'<w:p><w:pPr><w:jc w:val="{align}"/></w:pPr><w:r><w:rPr><w:sz w:val="{size}"/></w:rPr>'
            f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>')
