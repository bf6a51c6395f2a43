"""A log as files, checked without a database: what was changed is named, by file and entry, and an older state is held against it."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import bulk_log
from bulk_log import Bulk, make_bulk
from sanxiang.cli import main
from sanxiang.ledger.tlog import verify_export as checking
from sanxiang.ledger.tlog.fault import Fault
from sanxiang.ledger.tlog.leaf_form import step_of
from sanxiang.ledger.tlog.note import ED25519, Key, format_vkey, parse_note, parse_vkey, public_key, sign
from sanxiang.ledger.tlog.seen import read_seen
from sanxiang.ledger.tlog.verify_bundles import entries_of
from sanxiang.ledger.tlog.verify_export import Asked, verify_export

SIZE = 1_300


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Bulk:
    """Five full tiles and a partial one, and the twin."""
    return make_bulk(tmp_path_factory.mktemp("bulk") / "log", SIZE)


@pytest.fixture
def copy(made: Bulk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bulk:
    """Its own to damage; two bundles are read at a time."""
    monkeypatch.setattr(checking, "AT_ONCE", 2)
    folder = tmp_path / "log"
    shutil.copytree(made.folder, folder)
    return Bulk(folder, made.vkey, made.vkey_sm3)


def faults(log: Bulk, hashes_only: bool = False, jobs: int = 1) -> list[Fault]:
    asked = Asked((parse_vkey(log.vkey), parse_vkey(log.vkey_sm3)), hashes_only=hashes_only, jobs=jobs)
    return verify_export(log.folder, asked).faults


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_whole_log_has_no_fault(copy: Bulk, jobs: int) -> None:
    assert faults(copy, jobs=jobs) == [] == faults(copy, hashes_only=True, jobs=jobs)
    found = verify_export(copy.folder, Asked(jobs=jobs))
    assert (found.trusted, found.key, found.twin, found.subjects) == (False, copy.vkey, True, SIZE // 20)


def place_of(log: Bulk, index: int) -> int:
    """Where in its bundle an entry begins."""
    entries = entries_of((log.folder / f"tile/entries/{index // 256:03}").read_bytes())
    return sum(2 + len(entry) for entry in entries[: index % 256]) + 2


CASES: dict[str, tuple[Callable[[Bulk], object], str, str]] = {
    "an entry in a full bundle": (lambda log: flip(log.folder / "tile/entries/001", place_of(log, 300) + 20), "bundle", "条目 300 "),
    "an entry in the last bundle": (lambda log: flip(log.folder / "tile/entries/005.p/20", 30), "bundle", "条目 1280 "),
    "a full tile": (lambda log: flip(log.folder / "tile/0/003", 40), "tile", "tile/0/003"),
    "the last tile": (lambda log: flip(log.folder / "tile/0/005.p/20", 40), "tile", "tile/0/005.p/20"),
    "a tile of level 1": (lambda log: flip(log.folder / "tile/1/000.p/5", 40), "tile", "tile/1/000.p/5"),
    "a tile of the twin": (lambda log: flip(log.folder / "extra/log-sm3/tile/0/002", 40), "tile", "extra/log-sm3/tile/0/002"),
    "no tile of the twin": (lambda log: (log.folder / "extra/log-sm3/tile/1/000.p/5").unlink(), "tile", "不见了"),
    "no bundle": (lambda log: (log.folder / "tile/entries/004").unlink(), "bundle", "不见了"),
    "a bundle of another place": (
        lambda log: shutil.copy(log.folder / "tile/entries/000", log.folder / "tile/entries/002"), "bundle", "tile/entries/002",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_was_changed_is_named(copy: Bulk, case: str) -> None:
    change, what, words = CASES[case]
    change(copy)
    found = faults(copy)
    assert {fault.what for fault in found} <= {what, "chain", "entry"}
    assert any(fault.what == what and words in fault.where + fault.why for fault in found), found


@pytest.mark.parametrize("index", [300, 505, 509, 511])
def test_the_steps_behind_a_changed_one_are_not_accused(copy: Bulk, index: int) -> None:
    """They link to what it was; the next of its subject may lie in another stretch."""
    entry = entries_of((copy.folder / f"tile/entries/{index // 256:03}").read_bytes())[index % 256]
    flip(
        copy.folder / f"tile/entries/{index // 256:03}",
        place_of(copy, index) + entry.index(b'"at":"2026') + len(b'"at":"202'),
    )
    assert [(fault.what, f"条目 {index} " in fault.why) for fault in faults(copy)] == [("bundle", True)]


def test_two_changes_at_once_are_both_named(copy: Bulk) -> None:
    flip(copy.folder / "tile/entries/001", place_of(copy, 300) + 20)
    flip(copy.folder / "tile/0/003", 40)
    told = " ".join(fault.where + fault.why for fault in faults(copy))
    assert "条目 300 " in told and "tile/0/003" in told and "tile/0/001" not in told


def test_an_older_log_is_held_against_it(copy: Bulk, tmp_path: Path) -> None:
    """A shorter log of the same acts is part of it; one of other acts, and a longer one, are not."""
    keys = dict.fromkeys([parse_vkey(copy.vkey), parse_vkey(copy.vkey_sm3)])
    part = make_bulk(tmp_path / "part", 700, subjects=SIZE // 20)
    other = make_bulk(tmp_path / "other", 700, subjects=SIZE // 20, seed=2)
    longer = make_bulk(tmp_path / "longer", SIZE + 1, subjects=SIZE // 20)
    wanted = {part: [], other: ["fork"], longer: ["rollback"]}
    for log, kinds in wanted.items():
        for path in ("checkpoint", "extra/log-sm3/checkpoint"):
            text = (log.folder / path).read_text(encoding="utf-8")
            seen = read_seen(text, str(log.folder), keys)
            found = verify_export(copy.folder, Asked(tuple(keys)), [seen]).faults
            assert [(fault.what, fault.by) for fault in found] == [(kind, "receipt") for kind in kinds]


def test_that_it_was_compared_is_said(copy: Bulk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Or whoever compares thinks that nobody did."""
    part = make_bulk(tmp_path / "part", 700, subjects=SIZE // 20)
    words = ["ledger", "verify", str(copy.folder), "--vkey", copy.vkey]
    assert main(words) == 0
    assert "（--seen）" in capsys.readouterr().out
    assert main([*words, "--seen", str(part.folder / "checkpoint")]) == 0
    told = capsys.readouterr().out
    assert (
        f"已与 {part.folder / 'checkpoint'} 对照：那时的 700 条原样都在。" in told
        and "（--seen）" not in told
    )


def test_what_is_witnessed_may_be_earlier_but_of_this_log(copy: Bulk, tmp_path: Path) -> None:
    """An earlier checkpoint of the same log waits for nobody; one of another log, or a later one, makes nothing good."""
    people = {"subjects": SIZE // 20}
    wanted = {
        make_bulk(tmp_path / "part", 700, **people): None,
        make_bulk(tmp_path / "other", 700, seed=2, **people): "不是同一本账",
        make_bulk(tmp_path / "longer", SIZE + 1, **people): "不是同一个检查点",
    }
    for log, why in wanted.items():
        shutil.copy(log.folder / "checkpoint", copy.folder / "extra/checkpoint.witnessed")
        found = [fault for fault in faults(copy) if fault.what == "cosignature"]
        assert [fault.by for fault in found] == (["witness"] if why else [])
        assert not why or why in found[0].why
    (copy.folder / "extra/checkpoint.witnessed").unlink()
    (copy.folder / "extra/policy").write_bytes("quorum 见证\n".encode("gbk"))
    assert [fault.what for fault in faults(copy)] == ["policy"]


def retired(log: Bulk, until: int) -> str:
    """Say of the log's key in the folder that it is retired; the line of the one in its place."""
    new = Key(bulk_log.ORIGIN, ED25519, public_key(b"\x09" * 32))
    lines = [format_vkey(new), log.vkey_sm3, f"{log.vkey} # 已停用，签过第 {until} 条以前的检查点"]
    (log.folder / "extra/vkeys").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return lines[0]


def test_a_retired_key_signs_no_further_than_its_retirement(copy: Bulk) -> None:
    """Whoever stole it signs what he likes: neither the folder's own key nor one given by hand makes that good."""
    new, old = retired(copy, SIZE), parse_vkey(copy.vkey)
    assert verify_export(copy.folder).faults == faults(copy) == []
    for until in (SIZE - 1, 5):
        retired(copy, until)
        for vkeys in ((), (old,), (parse_vkey(new), old)):
            for hashes_only in (False, True):
                (fault,) = verify_export(copy.folder, Asked(vkeys, hashes_only=hashes_only)).faults
                assert fault.where == "checkpoint"
                assert f"在第 {until} 条之后已经停用" in fault.why and "密钥可能失窃" in fault.why
    (copy.folder / "extra/vkeys").unlink()
    assert faults(copy) == []  # whoever gives the key alone says nothing of its end
    (fault,) = verify_export(copy.folder, Asked((old,), until={old: 5})).faults
    assert "已经停用" in fault.why


def test_what_is_witnessed_is_signed_by_a_key_in_force(copy: Bulk, tmp_path: Path) -> None:
    """Also where the policy names the key that was stolen; and what it signed before goes on counting."""
    (copy.folder / "checkpoint").write_text(
        sign(parse_note((copy.folder / "checkpoint").read_text(encoding="utf-8")).text, bulk_log.ORIGIN, b"\x09" * 32),
        encoding="utf-8",
    )  # fmt: skip
    part = make_bulk(tmp_path / "part", 700, subjects=SIZE // 20)
    shutil.copy(part.folder / "checkpoint", copy.folder / "extra/checkpoint.witnessed")
    named = f"log {copy.vkey}\nquorum none\n"
    for until, policy in ((700, ""), (699, ""), (700, named), (699, named)):
        new = retired(copy, until)
        for vkeys in ((), (parse_vkey(new), parse_vkey(copy.vkey))):
            found = verify_export(copy.folder, Asked(vkeys, policy)).faults
            assert [fault.what for fault in found] == (["cosignature"] if until < 700 else [])
            assert until == 700 or "已经停用" in found[0].why


def test_a_retired_key_says_nothing_of_what_was_seen_later(
    copy: Bulk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (copy.folder / "checkpoint").write_text(
        sign(parse_note((copy.folder / "checkpoint").read_text(encoding="utf-8")).text, bulk_log.ORIGIN, b"\x09" * 32),
        encoding="utf-8",
    )  # fmt: skip
    other = make_bulk(tmp_path / "other", 700, seed=2)
    remark = f"{copy.vkey} # 已停用，签过第 699 条以前的检查点"
    words = ["ledger", "verify", str(copy.folder), "--seen", str(other.folder / "checkpoint")]
    new = retired(copy, 699)
    assert main(words) == 1 and "已经停用" in capsys.readouterr().err
    (copy.folder / "extra/vkeys").write_text(f"{new}\n", encoding="utf-8")
    assert main([*words, "--vkey", new, "--vkey", remark]) == 1 and "已经停用" in capsys.readouterr().err
    assert main([*words, "--vkey", new, "--vkey", copy.vkey]) == 1
    assert "历史被改写后重新签过名" in capsys.readouterr().out


def test_a_chain_that_breaks_is_named_though_the_tree_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever signs may sign a log in which an act is missing: every hash fits, the chain does not."""
    whole = bulk_log.leaves

    def without(size: int, subjects: int, seed: int = 1) -> list[bytes]:
        found = list(whole(size + 1, subjects, seed))
        return found[:200] + found[201:]

    monkeypatch.setattr(bulk_log, "leaves", without)
    log = make_bulk(tmp_path / "log", 600, subjects=4)
    (fault,) = faults(log)
    assert fault.what == "chain" and re.fullmatch(r"条目 2\d\d（.*）", fault.where)
    assert faults(log, hashes_only=True) == []


@pytest.mark.parametrize("tile", ["tile/0/000", "tile/0/001", "extra/log-sm3/tile/0/000"])
@pytest.mark.parametrize("at_once", [1, 256])
def test_a_tile_that_nobody_signed_excuses_no_break(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tile: str, at_once: int
) -> None:
    """Whoever left an act out may write its hash into a tile, as if one that is there had been it."""
    whole = list(bulk_log.leaves(601, 4))
    monkeypatch.setattr(bulk_log, "leaves", lambda size, subjects, seed=1: whole[:250] + whole[251:])
    monkeypatch.setattr(checking, "AT_ONCE", at_once)
    log = make_bulk(tmp_path / "log", 600, subjects=4)
    file = log.folder / tile
    file.write_bytes(file.read_bytes()[:-32] + hashlib.sha256(b"\x00" + whole[250]).digest())
    assert sorted(fault.what for fault in faults(log)) == ["chain", "tile"]


def test_the_list_of_digests_names_what_lies_beside_the_log(copy: Bulk) -> None:
    """Each file under extra/, and the list itself when no text is left of it."""
    sums, keys = copy.folder / "extra/sha256sums", copy.folder / "extra/vkeys"
    good = f"{hashlib.sha256(keys.read_bytes()).hexdigest()}  vkeys\n".encode()
    sums.write_bytes(good)
    assert faults(copy) == []
    for bad in (
        good[:-1],
        good.replace(b"v", b"\xff"),
        good.replace(b"  ", b" "),
        good.replace(b"vkeys", b"../x"),
    ):
        sums.write_bytes(bad)
        assert [fault.where for fault in faults(copy)][:1] == ["extra/sha256sums"]
    sums.write_bytes(good)
    flip(keys, 3)
    assert [(fault.where, fault.what) for fault in faults(copy)] == [("extra/vkeys", "extra")]


@pytest.mark.parametrize(
    "leaf", [b'{"n":1, "v":1}', b"[]", b"{}x", b'{"a":1,"a":1}', b"\xff", b'{"c":1,"n":1,"p":""}']
)
def test_a_leaf_that_is_not_canonical_is_no_leaf(leaf: bytes) -> None:
    with pytest.raises(ValueError):
        step_of(leaf)


def test_leaves_of_other_shapes_pass() -> None:
    """What a later version of the software may write, and an entry of the log of looks."""
    assert step_of(b'{"at":"x","v":2}') is None
    own = {"c": "é", "n": 3, "p": "00"}
    assert step_of(json.dumps(own, ensure_ascii=False, separators=(",", ":")).encode()) == (
        "é".encode(),
        3,
        b"00",
    )


def test_the_command_says_what_it_rests_on(copy: Bulk, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(copy.folder)
    assert main(["ledger", "verify", folder]) == 0
    assert "验证密钥取自这个目录本身" in capsys.readouterr().out
    assert main(["ledger", "verify", folder, "--vkey", copy.vkey, "--vkey", copy.vkey_sm3, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["valid"], told["trusts"], told["entries"], told["twin"]) == (True, "given", SIZE, True)
    other = make_bulk(copy.folder.with_name("other"), 3, twin=False)
    flip(copy.folder / "tile/0/000", 0)
    assert main(["ledger", "verify", folder, "--vkey", copy.vkey]) == 1
    assert "tile/0/000：文件被改动" in capsys.readouterr().out
    assert main(["ledger", "verify", folder, "--vkey", "x"]) == 1
    assert "“x”不是验证密钥：验证密钥应写作 名称+8 位标识+base64" in capsys.readouterr().err
    assert main(["ledger", "verify", folder, "--seen", str(other.folder / "tile/0/000.p/3")]) == 1
    assert main(["ledger", "verify", folder, "--case", "1"]) == 1


@pytest.mark.parametrize("option", ["--old-checkpoint", "--policy"])
def test_a_film_is_no_checkpoint_and_no_policy(
    copy: Bulk, tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"\x00\x00\x00\x20ftypisom\xb8\xff")
    assert main(["ledger", "verify", str(copy.folder), "--vkey", copy.vkey, option, str(film)]) == 1
    told = capsys.readouterr().err
    assert f"{film} 不是文本文件" in told and "请核对" in told and "codec" not in told and "vkey" not in told


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_a_folder_that_holds_no_log_is_no_advice_to_found_one(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A stranger who mistypes a path has no installation, and shall not be told to make one."""
    (tmp_path / "empty").mkdir()
    assert main(["ledger", "verify", str(tmp_path / name)]) == 1
    said = capsys.readouterr().err
    assert "没有导出的账本" in said and "核对路径" in said and "init" not in said
