"""The process that reads the first page of a PDF or a Word file for `classified`, with bounded memory and time."""

import re
import resource
import struct
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pypdfium2

MEMORY, SECONDS = 2 << 30, 15
MOST = 1 << 20
"""Bytes of a Word file's text, and signs of a page: a mark stands at the beginning."""
PARTS = ("word/header1.xml", "word/header2.xml", "word/document.xml")
FAULTS = (
    OSError, ValueError, RuntimeError, MemoryError, LookupError, EOFError, struct.error, zipfile.BadZipFile,
)  # fmt: skip


def main(words: Sequence[str]) -> None:
    """`pdf FILE` or `docx FILE`; nothing is said of what cannot be read."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        text = {"pdf": of_pdf, "docx": of_docx}[words[0]](Path(words[1]))
    except FAULTS:
        text = ""
    sys.stdout.buffer.write(text[:MOST].encode("utf-8", "replace"))


def of_pdf(file: Path) -> str:
    """Words of page one."""
    with pypdfium2.PdfDocument(file) as pdf:
        return str(pdf[0].get_textpage().get_text_range())


def of_docx(file: Path) -> str:
    """Words of the headers and of the beginning of the text, a paragraph a line."""
    found = []
    with zipfile.ZipFile(file) as made:
        for name in PARTS:
            if name in made.namelist():
                with made.open(name) as part:
                    xml = part.read(MOST).decode("utf-8", "replace")
                found.append(re.sub(r"<[^>]+>", "", re.sub(r"</w:p>|<w:br/>|<w:tab/>", "\n", xml)))
    return "\n".join(found)


if __name__ == "__main__":
    main(sys.argv[1:])
