"""Files marked as state secrets 定密标志, told by the first page of a PDF or a Word file: they are refused before they are kept.

Marks stand in the upper corner as 秘密★10年 (保守国家秘密法: degree, star, period). 商业秘密 in running text is no such mark. Reading what
strangers sent happens in a process of its own; what cannot be read there is taken in like any other file.
"""

import re
import subprocess
import sys
from pathlib import Path

DEGREE = "(?:绝密|机密|秘密)"
UNTIL = r"(?:[★☆*＊▲△]|·?\s*(?:\d+|[一二三四五六七八九十]+)\s*年|长期)"
MARK = re.compile(rf"(?<![一-鿿]){DEGREE}\s*{UNTIL}|(?m:^\s*(?:密\s*级\s*[:：]\s*)?{DEGREE}\s*级?\s*$)")
"""A degree with its star or period that no other word leads into, or one that stands alone in its line."""
STARTS = {b"%PDF-": "pdf", b"PK\x03\x04": "docx"}
LARGEST, SECONDS = 64 << 20, 30


def mark_in(file: Path) -> str:
    """The mark on the first page; "" where there is none, or the file has no page that we can read."""
    with file.open("rb") as opened:
        head = opened.read(8)
    form = next((form for start, form in STARTS.items() if head.startswith(start)), "")
    if not form or file.stat().st_size > LARGEST:
        return ""
    command = [sys.executable, "-m", "sanxiang.cases.recording.first_page", form, str(file)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return ""
    found = MARK.search(done.stdout.decode("utf-8", "replace"))
    return found[0].strip() if found else ""
