"""A backup file tells by itself if it is whole: any damage, cut or addition is named."""

import hashlib
import io
import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanxiang.custody.archive import HEAD, Damaged, Hashing, Writer, check, members, packed, unpacked

FILE = b"a photo" * 999
DIGEST = hashlib.sha256(FILE).hexdigest()


def made(place: Path) -> Path:
    """A small backup with a member of each sort."""
    with place.open("wb") as out:
        writer = Writer(Hashing(out))
        writer.add(HEAD, b'{"format": "sanxiang-backup", "version": 1}')
        writer.add("tables/ledger_act/000000.jsonl.gz", packed(['["甲",1]', '["乙",null]']))
        writer.add("keys/keys/ed25519", b"11" * 32)
        writer.stream(f"store/evidence/{DIGEST}", io.BytesIO(FILE), len(FILE))
        names = hashlib.sha256(f"evidence/{DIGEST}\n".encode()).hexdigest()
        files = {"names": names, "count": 1, "bytes": len(FILE), "altered": 0}
        writer.finish({"made": "2026-01-01", "files": files})
    return place


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup that nobody touched."""
    return made(tmp_path_factory.mktemp("archive") / "whole.tar")


def test_what_was_written_is_read(whole: Path) -> None:
    manifest = check(whole)
    assert manifest["made"] == "2026-01-01" and len(manifest["members"]) == 3
    (piece,) = [unpacked(member) for member in members(whole, "tables")]
    assert piece == [["甲", 1], ["乙", None]]
    with tarfile.open(whole) as tar:
        assert {one.mode for one in tar} == {0o600}, "whoever unpacks it lets nobody else read it"


def spans(whole: Path) -> list[tuple[int, int]]:
    """Where the bytes of each member lie, with its header; padding is nobody's."""
    with tarfile.open(whole) as tar:
        return [(one.offset, one.offset_data + one.size) for one in tar]


def test_the_sum_of_a_header_has_one_spelling(whole: Path) -> None:
    """Its last byte is covered by no sum: a header says of itself how it adds up."""
    for start, _ in spans(whole):
        damaged = bytearray(whole.read_bytes())
        damaged[start + 155] ^= 1
        place = whole.with_name("respelled.tar")
        place.write_bytes(damaged)
        with pytest.raises(Damaged, match="开头被改动过"):
            check(place)


@given(st.data())
def test_any_altered_byte_is_found(whole: Path, data: st.DataObject) -> None:
    start, end = data.draw(st.sampled_from(spans(whole)))
    at = data.draw(st.integers(start, end - 1))
    mask = data.draw(st.integers(1, 255))
    damaged = bytearray(whole.read_bytes())
    damaged[at] ^= mask
    place = whole.with_name("damaged.tar")
    place.write_bytes(damaged)
    with pytest.raises(Damaged, match=r"damaged\.tar"):
        check(place)


@given(st.data())
def test_a_file_cut_off_is_no_backup(whole: Path, data: st.DataObject) -> None:
    last = spans(whole)[-1][1]
    place = whole.with_name("cut.tar")
    place.write_bytes(whole.read_bytes()[: data.draw(st.integers(0, last - 1))])
    with pytest.raises(Damaged):
        check(place)


def test_a_foreign_archive_and_a_name_that_leads_out_are_refused(whole: Path, tmp_path: Path) -> None:
    place = tmp_path / "foreign.tar"
    for name, words in (
        ("readme", "不属于"),
        ("data/../../etc/passwd", "不属于"),
        ("data/x", "不是本系统的备份"),
    ):
        with tarfile.open(place, "w") as tar:
            tar.addfile(tarfile.TarInfo(name))
        with pytest.raises(Damaged, match=words):
            check(place)
    place.write_text("not a tar at all")
    with pytest.raises(Damaged, match="不是本系统的备份"):
        check(place)


def test_a_member_that_the_manifest_does_not_name_is_refused(whole: Path, tmp_path: Path) -> None:
    place = tmp_path / "more.tar"
    with tarfile.open(whole) as old, tarfile.open(place, "w") as new:
        for one in old:
            if one.name == "manifest.json":
                extra = tarfile.TarInfo("data/policy")
                new.addfile(extra, io.BytesIO(b""))
            new.addfile(one, old.extractfile(one))
    with pytest.raises(Damaged, match="data/policy"):
        check(place)
