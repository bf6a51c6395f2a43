"""The Word file of a paper in another house's word processor: every paragraph goes through unchanged, in its place."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from knocks import signed_in
from play import STORIES, Clock, Play, make_office
from sanxiang.cases.models import Paper
from sanxiang.cases.papers.fonts import fonts_folder

pytestmark = [pytest.mark.django_db, pytest.mark.deep]
RUN, PARAGRAPH = qn("w:t"), qn("w:p")


def converted(files: list[Path], form: str) -> Path:
    """The folder in which LibreOffice wrote these files in another form."""
    soffice = shutil.which("soffice")
    if not soffice:
        pytest.skip("no LibreOffice on this machine")
    home = files[0].parent
    out = home / form.partition(":")[0]
    command = [soffice, f"-env:UserInstallation=file://{home}/profile", "--headless", "--convert-to", form]
    subprocess.run([*command, "--outdir", out, *files], check=True, capture_output=True, timeout=400)
    return out


def words(file: Path) -> list[str]:
    """Every paragraph in its place, tables cell by cell, without blanks; what is empty left out."""
    body = Document(str(file)).element.body
    found = ("".join(run.text or "" for run in one.iter(RUN)) for one in body.iter(PARAGRAPH))
    return [text for one in found if (text := re.sub(r"\s", "", one))]


def test_libreoffice_opens_every_paper_and_keeps_its_words(
    clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Letters, forms, records and covers of one whole case: opened, laid out, and written again with each paragraph as it was."""
    play = Play(make_office("kaiyuan"), *STORIES["hearing"], clock)
    play.until()
    desk = signed_in(play.person("officer1"))
    papers = {paper.kind: paper for paper in Paper.objects.filter(case=play.case_id)}
    assert {paper.content["layout"] for paper in papers.values()} == {"letter", "form", "record", "cover"}
    fonts = tmp_path / "fonts.conf"
    fonts.write_text(
        f"<fontconfig><dir>{fonts_folder()}</dir><cachedir>{tmp_path}/cache</cachedir></fontconfig>"
    )
    monkeypatch.setenv("FONTCONFIG_FILE", str(fonts))
    files = []
    for kind, paper in papers.items():
        files.append(tmp_path / f"{kind}.docx")
        files[-1].write_bytes(desk.get(f"/desk/cases/{play.case_id}/papers/{paper.pk}.docx").content)
    shown, again = converted(files, "pdf"), converted(files, "docx:MS Word 2007 XML")
    for file in files:
        assert len(PdfReader(shown / f"{file.stem}.pdf").pages) >= 1
        assert words(again / file.name) == words(file), file.stem
