"""Make every paper that the stories of the tests issue into pictures, six pages on a sheet, to be looked at by eye.

Usage: .venv/bin/python tools/picture_papers.py FOLDER [WORD...]   only papers whose id begins with a WORD, if any is given

Runs the stories, keeps of each kind the paper that says most, and writes FOLDER/papers/*.pdf and FOLDER/sheet-*.png. Takes some minutes;
with the papers there already only the sheets are made anew.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parents[1]
STORIES = (
    "test_stories.py",
    "test_papers_made.py",
    "test_coercion.py",
    "test_licence.py",
    "test_inspection.py",
    "test_levies_whole.py",
    "test_levies_refused.py",
    "test_rulings.py",
)
ACROSS, DOWN, WIDE, HIGH, EDGE = 3, 2, 620, 877, 24
"""Pages on a sheet, and the points of one page."""


def issue_all(folder: Path) -> None:
    """Let the tests issue their papers into the folder."""
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", "-p", "papers_kept"]
    tests = [f"tests/stories/{name}" for name in STORIES]
    env = {**os.environ, "PAPERS_KEPT_IN": str(folder)}
    subprocess.run([*command, "-k", "not from_outside", *tests], cwd=ROOT, env=env, check=False)


def pages(files: list[Path]) -> Iterator[tuple[str, Image.Image]]:
    """Every page with its name."""
    for file in files:
        with pypdfium2.PdfDocument(file) as pdf:
            for number in range(len(pdf)):
                page = pdf[number]
                picture = page.render(scale=WIDE / page.get_width()).to_pil()
                yield f"{file.stem} {number + 1}/{len(pdf)}", picture.convert("RGB")


def write_sheets(folder: Path, shown: Iterator[tuple[str, Image.Image]]) -> int:
    """Six pages on each picture; how many pictures."""
    count = 0
    while some := list(islice(shown, ACROSS * DOWN)):
        sheet = Image.new("RGB", (ACROSS * (WIDE + 8), DOWN * (HIGH + EDGE)), "#777777")
        pen = ImageDraw.Draw(sheet)
        for place, (name, page) in enumerate(some):
            x, y = place % ACROSS * (WIDE + 8), place // ACROSS * (HIGH + EDGE)
            pen.text((x + 6, y + 6), name, fill="white")
            sheet.paste(page, (x, y + EDGE))
        count += 1
        sheet.save(folder / f"sheet-{count:03}.png")
    return count


def main() -> None:
    """Issue, draw, say how many."""
    parser = argparse.ArgumentParser(description="Make every paper into pictures, six pages on a sheet.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("words", nargs="*")
    told = parser.parse_args()
    papers = told.folder.resolve() / "papers"
    if not papers.is_dir():
        issue_all(papers)
    for old in told.folder.glob("sheet-*.png"):
        old.unlink()
    files = [file for file in sorted(papers.glob("*.pdf")) if file.stem.startswith(tuple(told.words or [""]))]
    print(f"{len(files)} papers, {write_sheets(told.folder, pages(files))} sheets in {told.folder}")


if __name__ == "__main__":
    main()
