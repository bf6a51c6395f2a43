"""案卷移交 in batches: several sealed files handed over together, the list says which were not and why, a stranger checks the package."""

import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from textwrap import wrap
from typing import Any

import bagit
import pypdfium2
import pytest
from django.conf import settings

from knocks import signed_in
from page_form import words
from play import Clock, Play, make_office
from sanxiang.cases import store
from sanxiang.cases.models import Case, Paper
from sanxiang.cases.papers.sealing import check
from sanxiang.cli import main
from sanxiang.demo import stories
from sanxiang.demo.people import Office
from sanxiang.door.administer import administer
from sanxiang.door.files.handing_over import check_transfers, transfers_in
from sanxiang.door.verifying.database import check_case
from sanxiang.door.verifying.rows import case_files
from sanxiang.law.guards import Refused
from sanxiang.ledger.access_row import Access
from sanxiang.ledger.models import Act
from sanxiang.ledger.sequencer import sequence_all

pytestmark = pytest.mark.django_db
PAGE = "/desk/transfers/"


def archived(office: Office, clock: Clock, which: int = 0, last: str = "") -> Play:
    """A summary case of one party or another, sealed; or as far as `last`."""
    play = Play(office, "summary", stories.summary("200", which=which), clock)
    clock.now = play.moment
    play.until(last)
    clock.now = play.moment
    return play


def sent(play: Play, *codes: str, who: str = "archivist", **other: Any) -> Any:
    """The form of the page."""
    told = {
        "handed_to": "archives",
        "receiver": "县档案馆 柳眉",
        "copies": ["electronic"],
        "case": list(codes),
    }
    return signed_in(play.person(who)).post(PAGE, {**told, **other})


def taken(play: Play, at: str) -> bytes:
    """What an address sends, whole."""
    answer = signed_in(play.person("archivist")).get(at)
    assert answer.status_code == 200 and answer["X-Watermark"]
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def unpacked(data: bytes, folder: Path) -> Path:
    """The zip in a folder; its one root."""
    with zipfile.ZipFile(io.BytesIO(data)) as zipped:
        zipped.extractall(folder)
    (root,) = folder.iterdir()
    return root


def checked(root: Path) -> tuple[int, str]:
    """The package's own script, run as a stranger runs it."""
    done = subprocess.run(
        [sys.executable, "-I", "核对.py"], cwd=root, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_a_bad_one_does_not_stop_the_rest_and_a_stranger_checks_the_package(
    clock: Clock, tmp_path: Path
) -> None:
    """Of four, one was handed over before and one is not sealed: two go, by an act each; list and package say so."""
    office = make_office("kaiyuan")
    one, two, before = (archived(office, clock, which) for which in range(3))
    young = archived(office, clock, 3, "close")
    before.do("hand-over-file", "archivist", handed_to="archives", receiver="县档案馆", copies=["paper"])
    shown = words(signed_in(one.person("archivist")).get(PAGE))
    assert one.case.state["facts"]["archive_no"] in shown and shown.count("归档") >= 2
    codes = [play.case.code for play in (one, two, before, young)]
    answer = sent(one, *codes)
    assert answer.status_code == 302, words(answer)
    (batch,) = transfers_in([office.agency.pk])
    assert {row["code"] for row in batch.rows} == {one.case.code, two.case.code}
    why = {row["案卷"].split()[0]: row["原因"] for row in batch.listed["left"]}
    assert "已于" in why[before.case.number or before.case.code] and len(why) == 2
    for play in (one, two):
        act = Act.objects.get(subject=play.case_id, name="hand-over-file")
        row = next(row for row in batch.rows if row["id"] == str(play.case_id))
        assert (row["n"], row["digest"]) == (act.n, act.leaf_hash) and row["pages"] > 0
        assert row["archive_no"] == play.case.state["facts"]["archive_no"] and row["retention"]
        assert not list(check_case(next(case_files([play.case]))))
    assert not Act.objects.filter(subject=young.case_id, name="hand-over-file").exists()
    page = words(signed_in(one.person("agency-head")).get(answer["Location"]))
    assert "没有移交的 2 件" in page and "接收人还没有签收" in page
    listed = taken(one, f"{answer['Location']}list.pdf")
    (mine,) = check(listed)
    assert mine.intact and mine.whole and mine.signer == one.person("archivist").name
    with pypdfium2.PdfDocument(listed) as pdf:
        text = "".join("".join(p.get_textpage().get_text_range() for p in pdf).split())
        assert all(group in text for row in batch.rows for group in wrap(row["digest"], 16))
        for sheet in pdf:
            signs = sheet.get_textpage()
            ends = [signs.get_charbox(n)[2] for n in range(signs.count_chars())]
            assert max(ends) < sheet.get_width() - 60, (
                "what runs over the edge of the page nobody can compare"
            )
    assert one.case.state["facts"]["archive_no"] in text and "列入本批而没有移交的2件" in text
    sequence_all()
    looks = Access.objects.filter(kind="dossier").count()
    root = unpacked(taken(one, f"{answer['Location']}package.zip"), tmp_path / "got")
    assert Access.objects.filter(kind="dossier").count() == looks + 2
    assert (root / "移交清单.pdf").read_bytes() == listed
    for play in (one, two):
        bagit.Bag(str(root / "案卷" / play.case.code)).validate()
    code, said = checked(root)
    assert code == 0 and "2 件案卷与移交清单一致" in said, said
    spoilt(root, one.case.code)
    assert not list(check_transfers())


def spoilt(root: Path, code: str) -> None:
    """Each way of spoiling the package is found by the script."""
    bag = root / "案卷" / code
    paper = next((bag / "data" / "文书").glob("*.pdf"))
    leaf = max((bag / "账本").glob("*.leaf.json"))
    for file in (paper, leaf, root / "移交清单.json"):
        kept = file.read_bytes()
        file.write_bytes(kept.replace(b"1", b"2", 1))
        assert checked(root)[0] == 1, file
        file.write_bytes(kept)
    (bag / "data" / "多出.txt").write_text("x")
    assert "多出" in checked(root)[1]
    (bag / "data" / "多出.txt").unlink()
    bag.rename(root / "案卷" / "OTHER")
    assert "不在包里" in checked(root)[1] and "清单上没有的 OTHER" in checked(root)[1]
    (root / "案卷" / "OTHER").rename(bag)
    assert checked(root)[0] == 0


def test_a_refused_form_keeps_what_was_ticked_and_typed(clock: Clock) -> None:
    """At first every file is chosen; a form without its receiver comes back as it was sent."""
    office = make_office("kaiyuan")
    one, two = archived(office, clock), archived(office, clock, which=1)
    ticked = re.compile(r'name="(?:case|copies)" value="(\w+)" checked')
    fresh = signed_in(one.person("archivist")).get(PAGE).content.decode()
    assert set(ticked.findall(fresh)) == {one.case.code, two.case.code, "electronic"}
    back = sent(one, two.case.code, receiver="", copies=["paper", "media"], note="先送纸质的")
    text = back.content.decode()
    assert back.status_code == 422 and "先送纸质的" in text and 'value="archives" checked' in text
    assert set(ticked.findall(text)) == {two.case.code, "paper", "media"}


def test_the_receiver_signs_the_very_list_once(clock: Clock) -> None:
    """Another list's digest and a day to come are refused; the page tells who signed; nobody but the archivist hands over."""
    office = make_office("kaiyuan")
    play = archived(office, clock)
    assert sent(play, play.case.code, who="agency-head").status_code == 422
    assert signed_in(play.person("officer1")).get(PAGE).status_code == 403
    assert sent(play).status_code == 422 and "没有编号为ABCDE" in words(sent(play, "ABCDE"))
    at = sent(play, play.case.code)["Location"]
    (one,) = transfers_in([office.agency.pk])
    told = {
        "number": one.number, "receiver": "柳眉", "received_on": clock.now.date().isoformat(),
        "list_digest": one.listed["list_pdf"], "kept_at": "档案室一号柜",
    }  # fmt: skip
    keeper = play.person("archivist")
    for wrong, why in (
        ({"list_digest": "0" * 64}, "不是这一份清单"),
        ({"received_on": "2031-01-01"}, "还没有到"),
    ):
        with pytest.raises(Refused, match=why):
            administer("receive-file-transfer", office.agency, keeper, {**told, **wrong})
    administer("receive-file-transfer", office.agency, keeper, told)
    assert "由柳眉签收" in words(signed_in(keeper).get(at))
    with pytest.raises(Refused, match="已由柳眉签收"):
        administer("receive-file-transfer", office.agency, keeper, told)


def test_what_stopped_half_way_goes_on_and_a_lost_file_stays(clock: Clock) -> None:
    """A batch of which only the beginning was recorded is finished on its page, once; a file that is not whole is named."""
    office = make_office("kaiyuan")
    play, lost = archived(office, clock), archived(office, clock, 1)
    store.papers().path(Paper.objects.filter(case=lost.case_id).latest("n").pdf).unlink()
    told = {"handed_to": "room", "receiver": "档案室", "copies": ["paper"]}
    codes = f"{play.case.code} {lost.case.code}"
    administer("open-file-transfer", office.agency, play.person("archivist"), {**told, "cases": codes})
    (one,) = transfers_in([office.agency.pk])
    at = f"{PAGE}{one.id}/"
    assert "还没有办完" in words(signed_in(play.person("archivist")).get(at))
    for _ in (1, 2):
        assert signed_in(play.person("archivist")).post(at).status_code in (200, 302)
    (one,) = transfers_in([office.agency.pk])
    assert [row["code"] for row in one.rows] == [play.case.code]
    assert "文件丢失" in one.listed["left"][0]["原因"]
    assert Act.objects.filter(name="hand-over-file").count() == 1


def test_the_command_chooses_by_year_and_writes_the_package(
    clock: Clock, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By year and unit; a year without files hands over nothing; the second time there is nothing left."""
    office = make_office("kaiyuan")
    play = archived(office, clock)
    sequence_all()
    (settings.DATA / "secret.key").touch()
    unit, year = Case.objects.get(pk=play.case_id).unit, play.case.opened_at.year

    def run(file: str, *more: str) -> tuple[int, Any]:
        told = ["archive", "transfer", str(tmp_path / file), "--as", play.person("archivist").username]
        told += [
            "--to",
            "archives",
            "--receiver",
            "县档案馆 柳眉",
            "--data",
            str(settings.DATA),
            "--json",
            *more,
        ]
        capsys.readouterr()
        code = main(told)
        out = capsys.readouterr().out
        return code, json.loads(out) if out.strip() else {}

    assert run("none.zip", "--year", "2019")[0] == 1
    code, told = run("all.zip", "--year", str(year), *(("--unit", unit.name) if unit else ()))
    assert code == 0 and [row["code"] for row in told["handed"]] == [play.case.code] and told["left"] == []
    root = unpacked((tmp_path / "all.zip").read_bytes(), tmp_path / "got")
    assert checked(root)[0] == 0
    assert run("again.zip", "--year", str(year))[0] == 1
