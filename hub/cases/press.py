"""Sets a sheet of hub/cases/pdf.py as PDF/A-2a, in a process of its own: typst keeps much of what it has set, and a sheet that takes too
long can be ended. Standard input: the sheet as JSON; output: the file; error: the signs that no font can show, one a line."""

from __future__ import annotations

import json
import re
import sys
from functools import cache
from pathlib import Path
from typing import Final, Literal

import typst
from pylopdf_fonts_zh_cn import serif_path

ARCHIVE: Final = "a-2a"
PLAIN: Final = "1.7"
SETTING = Path(__file__).with_name("pdf.typ").read_bytes()
UNSHOWN = re.compile(r"(?:the text|codepoint) `\"?(.+?)\"?`")


def pressed(sheet: bytes) -> tuple[bytes, list[str]]:
    """The same bytes for the same sheet. A sign that no font can show has no place in an archive's file: it is a box in a plain one, and named."""
    try:
        return _set(sheet, ARCHIVE), []
    except typst.TypstError as why:
        signs = sorted(set(UNSHOWN.findall(why.diagnostic)))
        if not signs:
            raise
    return _set(sheet, PLAIN), signs


def _set(sheet: bytes, standard: Literal["a-2a", "1.7"]) -> bytes:
    made = int(json.loads(sheet)["at"])
    return typst.compile(SETTING, font_paths=_fonts(), sys_inputs={"sheet": sheet.decode()}, pdf_standards=standard, timestamp=made)


@cache
def _fonts() -> typst.Fonts:
    """Those of the two wheels and none of the machine, with which it would look different elsewhere."""
    return typst.Fonts(include_system_fonts=False, font_paths=[serif_path().parent])


if __name__ == "__main__":
    file, unshown = pressed(sys.stdin.buffer.read())
    sys.stdout.buffer.write(file)
    sys.stderr.buffer.write("\n".join(unshown).encode())
