"""A value planted anywhere in a file is found, wherever it lies; what goes out is a new file without it. Numbers are invented."""

from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from planted_files import CLEAN, IDCARD, NAME, Plant, clean, plants, saved_twice, word
from sanxiang.cases.disclosure.files.layers import layers
from sanxiang.cases.disclosure.files.looked_through import judged, traces
from sanxiang.cases.disclosure.files.made_new import NotShown, new_file
from sanxiang.cases.disclosure.secrets import Secrets
from sanxiang.law.redact import Known, Person

CASE = Secrets(names=(NAME,), values=("13012345678",))
NUMBERS = list(plants(IDCARD))
NAMES = [one for one in plants(NAME) if one.where != "hidden layer of a pdf"]
"""The font of that layer has no Chinese: it is planted with the number alone."""


def kept(plant: Plant, folder: Path) -> Path:
    """The file on disk, under a name of ours."""
    file = folder / "upload"
    file.write_bytes(plant.data)
    return file


@pytest.mark.parametrize("plant", NUMBERS, ids=[p.where for p in NUMBERS])
def test_an_identity_number_is_found_wherever_it_lies(plant: Plant) -> None:
    """With the layer named, and never the number itself."""
    found = judged(layers(plant.data), plant.name, Secrets())
    assert found, plant.where
    assert all(IDCARD not in str(one) for one in found)


@pytest.mark.parametrize("plant", NAMES, ids=[p.where for p in NAMES])
def test_a_name_of_the_case_is_found_wherever_it_lies(plant: Plant) -> None:
    """Also where the rules for unknown texts would see no name."""
    found = judged(layers(plant.data), plant.name, CASE)
    assert found, plant.where
    assert all(NAME not in str(one) for one in found)


@pytest.mark.parametrize("plant", list(clean()), ids=["pdf", "jpg", "docx"])
def test_nothing_is_found_where_nothing_is(plant: Plant, tmp_path: Path) -> None:
    """Or nobody could publish anything."""
    assert traces(kept(plant, tmp_path), plant.name, CASE) == []


def test_a_company_that_bears_the_name_is_no_secret(tmp_path: Path) -> None:
    """The name of a company stays, whoever it is called after."""
    file = tmp_path / "upload"
    file.write_bytes(word(body=f"{NAME}建材有限公司"))
    assert traces(file, "决定书.docx", CASE) == []


@pytest.mark.parametrize("data", [b"%PDF-1.7 broken", b"PK\x03\x04 broken", b"\x89PNG\r\n\x1a\n broken"])
def test_a_file_that_nobody_can_look_through_does_not_go_out(data: bytes, tmp_path: Path) -> None:
    """What cannot be read may hold anything."""
    file = tmp_path / "upload"
    file.write_bytes(data)
    assert [str(one) for one in traces(file, "决定书.pdf", CASE)] == [
        "文件里有文件打不开或者已经加密，看不出里面有什么"
    ]


SAMPLES = """exif artist, text chunk of a png, docx in a pdf, hidden layer of a pdf, docx hidden text, docx struck out, words of a docx"""
GOING_OUT = [one for one in NUMBERS if one.where in SAMPLES.split(", ")]


@pytest.mark.parametrize("plant", GOING_OUT, ids=[p.where for p in GOING_OUT])
def test_the_new_file_has_nothing_of_the_old_one_but_what_was_seen(plant: Plant, tmp_path: Path) -> None:
    """Drawn or set anew, then looked through like a file of a stranger."""
    made = tmp_path / "made"
    made.write_bytes(new_file(kept(plant, tmp_path), "附件", "青檀县局", "2026-03-10", Known()))
    assert traces(made, "附件1.pdf", CASE) == []


def test_words_stay_words_and_what_is_protected_in_them_is_masked(tmp_path: Path) -> None:
    """A Word file is set anew with its text, so that it can be read aloud and searched."""
    file = tmp_path / "upload"
    file.write_bytes(word(body=f"当事人{NAME}，身份证号码{IDCARD[:7]}", more=IDCARD[7:]))
    pdf = new_file(file, "附件", "青檀县局", "2026-03-10", Known(people=(Person(NAME),)))
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    assert "诸葛某" in text and NAME not in text and IDCARD not in text
    assert CLEAN[:12] in "".join(text.split())


def test_a_program_is_no_file_to_publish(tmp_path: Path) -> None:
    """Only what can be shown."""
    file = tmp_path / "upload"
    file.write_bytes(b"MZ\x90\0")
    with pytest.raises(NotShown, match="PDF、图片和 Word"):
        new_file(file, "附件", "青檀县局", "2026-03-10", Known())


def test_an_earlier_saving_is_really_out_of_sight(tmp_path: Path) -> None:
    """The planted file is what it claims to be: the last saving says nothing of the number."""
    file = tmp_path / "upload"
    file.write_bytes(saved_twice(IDCARD))
    with pikepdf.open(file) as opened:
        assert IDCARD not in str(dict(opened.docinfo))
