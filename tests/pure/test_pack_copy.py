"""A new locality from another's pack: the rules come along, and say where they came from; the other's names and days do not."""

import re
from pathlib import Path

import pytest

from sanxiang.law.check import check
from sanxiang.law.copying import COPIED, FACTS, Naming, copy_pack, still_copied
from sanxiang.law.packs import Pack, list_packs, load_pack
from sanxiang.law.places import shelf

TOLD = Naming("yunxi", "云溪县水务局", "330999", "云溪县“三项制度”办法", '云水发〔2026〕3号"\\')


def copied(source: str, root: Path, told: Naming = TOLD) -> Pack:
    copy_pack(load_pack(source), shelf().holding(source) / source, root / told.id, told)
    return load_pack(told.id, root)


@pytest.mark.parametrize("source", list_packs())
def test_what_was_the_other_countys_text_is_nobodys_text_yet(source: str, tmp_path: Path) -> None:
    pack, other = copied(source, tmp_path), load_pack(source)
    assert check("yunxi", tmp_path) == [] and pack.manifest["identity"]["doc_no"] == TOLD.number
    own = [b for b in pack.blocks if b.file.startswith("yunxi/")]
    assert not [b for b in own if b.data.get("provenance") == "text"]
    assert len(still_copied(pack)) > 40
    text = "".join(f.read_text(encoding="utf-8") for f in (tmp_path / "yunxi").iterdir())
    assert other.name not in re.sub(rf"{COPIED}[^\n\"]*", "", text)
    assert "法制办" not in (tmp_path / "yunxi" / "pack.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("source", list_packs())
def test_the_rules_come_along_and_the_days_of_the_past_do_not(source: str, tmp_path: Path) -> None:
    pack, other = copied(source, tmp_path), load_pack(source)
    assert {g.id for g in pack.guards} == {g.id for g in other.guards}
    for key in pack.parameters:
        now, then = pack.parameter(key), other.parameter(key)
        if key in FACTS:
            assert not now.is_set or now.provenance == "national", key
        else:
            assert str(now.value) == str(then.value).replace(other.name, TOLD.name), key
            assert now.is_set == then.is_set, key
    assert {str(b.data.get("due")) for b in pack.of_kind("measure")} <= {"standing", "not-set", "None"}
    schemes = {i.name for i in pack.instruments.values() if i.kind == "scheme"}
    assert schemes == {TOLD.scheme}


def test_a_copy_of_a_copy_still_names_the_first(tmp_path: Path) -> None:
    first = copied("kaiyuan", tmp_path)
    second = Naming("xinghe", "星河县水利局")
    copy_pack(first, tmp_path / "yunxi", tmp_path / "xinghe", second)
    again = load_pack("xinghe", tmp_path)
    assert check("xinghe", tmp_path) == [] and len(still_copied(again)) == len(still_copied(first))
    assert {b.data["from"] for b in again.blocks if str(b.data.get("from", "")).startswith(COPIED)} == {
        "照抄自开原市水利局三项制度实施方案",
        "照抄自开原市水利局设定",
    }
