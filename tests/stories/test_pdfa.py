"""Papers and bound files before programs that others wrote: a validator of PDF/A, and the readers that people have.

PDFBox preflight (Debian: libpdfbox2-java, with libactivation-java and libjaxb-api-java) knows PDF/A-1b, and ours are PDF/A-2b, which allows
more. So a copy is judged, written anew without compressed objects and called part 1; what 1b forbids and 2b allows is listed here and left
out, everything else is a fault. The plain checks of every run are in test_file_bound.
"""

import io
import os
import re
import shutil
import subprocess
from pathlib import Path

import pikepdf
import pytest

from bound import case_with_evidence, scan
from clockwork import Clock
from sanxiang.cases import store
from sanxiang.cases.models import Paper
from sanxiang.door.files.transfer import dossier_of

JARS = ("preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging", "javax.activation", "jaxb-api")
FOLDER = Path(os.environ.get("SANXIANG_PREFLIGHT", "/usr/share/java"))
FOUND = [FOLDER / f"{name}.jar" for name in JARS]
VALIDATOR = "org.apache.pdfbox.preflight.Validator_A1b"
ONLY_IN_ONE = ("Invalid version of the ICCProfile",)
"""What PDF/A-1 alone forbids: colour profiles of version 4 (ISO 19005-2, 6.2.3 allows them)."""

READERS = {
    "qpdf": ["qpdf", "--check", "FILE"],
    "poppler": ["pdftoppm", "-r", "20", "FILE", "OUT"],
    "mupdf": ["mutool", "draw", "-q", "-r", "20", "-o", "OUT%d.png", "FILE"],
}
"""Each reads or draws every page; PDFium and pypdf are asked in every run."""
NO_PROFILES = "warning: ICC support is not available"
"""Debian's mupdf is built without it and says so of every file."""

pytestmark = [pytest.mark.django_db, pytest.mark.deep, pytest.mark.alike]
validated = pytest.mark.skipif(
    shutil.which("java") is None or not all(jar.exists() for jar in FOUND),
    reason="needs java and, of Debian, libpdfbox2-java, libactivation-java and libjaxb-api-java",
)


def as_first_part(data: bytes) -> bytes:
    """The same file as PDF/A-1 would have it written."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as made:
        told = bytes(made.Root.Metadata.read_bytes())
        made.Root.Metadata.write(re.sub(rb"(<pdfaid:part>)2(</pdfaid:part>)", rb"\g<1>1\g<2>", told))
        made.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, force_version="1.4")
    return out.getvalue()


def faults(data: bytes, folder: Path) -> list[str]:
    """What the validator says, without what only the first part forbids."""
    file = folder / "judged.pdf"
    file.write_bytes(as_first_part(data))
    words = ["java", "-cp", os.pathsep.join(map(str, FOUND)), VALIDATOR, str(file)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    told = re.findall(r"^(\d(?:\.\d+)*) : (.*)$", done.stdout, re.MULTILINE)
    assert told or "is a valid PDF/A-1b file" in done.stdout, done.stdout + done.stderr
    return [f"{code}: {text}" for code, text in told if not any(one in text for one in ONLY_IN_ONE)]


@validated
def test_papers_and_volumes_are_pdf_a(clock: Clock, tmp_path: Path) -> None:
    play = case_with_evidence("dongying", clock)
    play.step()
    papers = {paper.content["layout"]: paper for paper in Paper.objects.filter(case=play.case_id)}
    assert set(papers) == {"letter", "form", "record", "cover"}
    files = {layout: store.papers().open(paper.pdf).read() for layout, paper in papers.items()}
    volumes = dossier_of(play.case, False, "", "").volumes
    files |= {part: volume.read_bytes() for part, volume in volumes.items()}
    found = {name: faults(data, tmp_path) for name, data in files.items()}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@validated
def test_the_validator_finds_a_file_that_is_none(tmp_path: Path) -> None:
    """Without the files of its fonts a document is no PDF/A, and the test says so."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(scan("回执"))) as made:
        for one in made.objects:
            if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor":
                for name in ("/FontFile", "/FontFile2", "/FontFile3"):
                    if name in one:
                        del one[name]
        made.save(out)
    assert faults(out.getvalue(), tmp_path)


def test_common_readers_open_the_bound_file(clock: Clock, tmp_path: Path) -> None:
    there = {name: words for name, words in READERS.items() if shutil.which(words[0])}
    if not there:
        pytest.skip("needs qpdf, poppler-utils or mupdf-tools")
    play = case_with_evidence("laizhou", clock)
    play.step()
    for number, volume in enumerate(dossier_of(play.case, False, "", "").volumes.values()):
        with pikepdf.open(volume) as whole:
            pages = len(whole.pages)
        for name, words in there.items():
            out = tmp_path / f"{name}-{number}-"
            told = {"FILE": str(volume), "OUT": str(out), "OUT%d.png": f"{out}%d.png"}
            done = subprocess.run(
                [told.get(word, word) for word in words], capture_output=True, text=True, check=False
            )
            said = done.stderr.replace(NO_PROFILES, "").strip()
            assert (done.returncode, said) == (0, ""), (name, done.stderr)
            assert name == "qpdf" or len(list(tmp_path.glob(f"{out.name}*"))) == pages, name
