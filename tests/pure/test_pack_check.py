"""`sanxiang pack check` on packs that are broken: file, line and reason, never a traceback."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sanxiang import cli
from sanxiang.law.packs import load_pack
from sanxiang.law.places import packs_root

Check = Callable[..., tuple[int, str]]
SCHEME = "陵自然资发-2019-23.md"


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Check:
    monkeypatch.setattr(cli, "GROUPS", ("pack",))

    def call(*words: str) -> tuple[int, str]:
        code = cli.main(["pack", "check", *words])
        return code, capsys.readouterr().out

    return call


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A pack that lies alone, without a national one beside it."""
    return Path(shutil.copytree(packs_root() / "lingchuan", tmp_path / "lingchuan"))


def line_of(file: Path, text: str) -> int:
    return file.read_text(encoding="utf-8").splitlines().index(text) + 1


def test_a_pack_that_lies_anywhere_is_checked_on_the_shipped_national_one(check: Check, pack: Path) -> None:
    code, told = check(str(pack))
    assert code == 0 and told.startswith("没有问题：lingchuan\n")


def test_json_tells_the_errors(check: Check, pack: Path) -> None:
    (pack / SCHEME).unlink()
    code, out = check(str(pack), "--json")
    told = json.loads(out)
    assert code == 1 and told["ok"] is False and any("identity.level" in e["error"] for e in told["errors"])


def test_the_line_of_bad_toml_is_the_line_of_the_file(check: Check, pack: Path) -> None:
    file = pack / SCHEME
    line = line_of(file, 'key = "identity.level"')
    file.write_text(
        file.read_text(encoding="utf-8").replace('key = "identity.level"', "key = identity", 1), "utf-8"
    )
    assert check(str(pack)) == (
        1,
        f"lingchuan/{SCHEME}:{line}：TOML 写法有误，第 7 列附近：key = identity\n",
    )


def test_bad_toml_in_the_manifest_has_its_line(check: Check, pack: Path) -> None:
    file = pack / "pack.toml"
    lines = [*file.read_text(encoding="utf-8").splitlines(), "x = = 1"]
    file.write_text("\n".join(lines), "utf-8")
    assert check(str(pack))[1].startswith(f"lingchuan/pack.toml:{len(lines)}：TOML 写法有误")


def test_a_file_that_is_no_utf8_has_its_line(check: Check, pack: Path) -> None:
    file = pack / SCHEME
    lines = file.read_bytes().count(b"\n") + 1
    file.write_bytes(file.read_bytes() + "陵川".encode("gbk"))
    assert check(str(pack)) == (1, f"lingchuan/{SCHEME}:{lines}：不是 UTF-8 文字，请用 UTF-8 编码另存\n")


@pytest.mark.parametrize(
    ("block", "says"),
    [
        ("```toml value\nkey = { a = 1 }\nvalue = 1\n```", "key 应为文字"),
        ('```toml value\nkey = "av.scenes"\nvalue = 1\neffective_from = [1]\n```', "effective_from 应为日期"),
        ('```toml guard\nid = "x"\non = { a = 1 }\nneeds = "two-officers"\n```', "on 应为文字的数组"),
        ('```toml guard\nid = "x"\non = ["file"]\nneeds = []\n```', "needs 应为文字"),
        (
            '```toml guard\nid = "x"\non = ["file"]\nneeds = "two-officers"\nargs = true\n```',
            "args 应为一组键值",
        ),
        ('```toml stage\nid = "x"\nlabel = "甲"\ndone_by = [[]]\n```', "done_by 应为文字的数组"),
        ('```toml act\nid = "x"\nlabel = "甲"\nfields = 5\n```', "fields 应为名称或者键值的数组"),
        ('```toml field\nlabel = "甲"\n```', "field 缺少 name"),
    ],
)
def test_a_value_of_a_wrong_type_is_refused_with_file_and_line(
    check: Check, pack: Path, block: str, says: str
) -> None:
    file = pack / SCHEME
    line = file.read_text(encoding="utf-8").count("\n") + 2
    file.write_text(file.read_text(encoding="utf-8") + f"\n{block}\n", "utf-8")
    code, out = check(str(pack))
    assert code == 1 and out.startswith(f"lingchuan/{SCHEME}:{line}：") and says in out


def test_a_task_whose_period_does_not_exist_is_named(check: Check, pack: Path) -> None:
    act = 'id = "x"\nlabel = "甲"\nprocedures = ["ordinary"]\nstages = ["intake"]'
    opens = 'opens = [{ task = "x", limit = "nowhere", role = "officer", title = "甲" }]'
    file = pack / SCHEME
    file.write_text(file.read_text("utf-8") + f"\n```toml act\n{act}\n{opens}\n```\n", "utf-8")
    code, out = check(str(pack))
    assert code == 1 and f"lingchuan/{SCHEME}:" in out and "act x 的任务用的期限 nowhere 不存在" in out


def test_a_statutes_rule_without_an_article_is_named(check: Check, pack: Path) -> None:
    file = pack / "国家规定.md"
    file.write_text(file.read_text("utf-8").replace("## 第四十八条 ", "## 撤回 "), "utf-8")
    code, out = check(str(pack))
    assert code == 1 and "lingchuan/国家规定.md:" in out and "“撤回”没有条号" in out


def test_an_article_that_nobody_looked_up_is_said_to_be_unverified_and_remarked_on(check: Check) -> None:
    code, out = check("kaiyuan")
    assert code == 0 and out.count("条号待核：kaiyuan/国家规定.md:") == 2
    cited = str(load_pack("kaiyuan").parameter("hearing.threshold.org").citation)
    assert cited == "《水行政处罚实施办法》（条号待核）听证数额"


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [("type = ", "type = {} #", "type 应为文字"), ("label = ", "#", "parameter 缺少 label")],
)
def test_a_broken_catalogue_is_refused_with_file_and_line(
    check: Check, tmp_path: Path, was: str, now: str, says: str
) -> None:
    root = shutil.copytree(packs_root(), tmp_path / "packs")
    file = root / "national" / "parameters.toml"
    file.write_text(file.read_text(encoding="utf-8").replace(was, now, 1), "utf-8")
    code, out = check(str(root))
    assert code == 1 and "national/parameters.toml:" in out and says in out


@pytest.mark.parametrize("words", [("show", "lingchuan"), ("diff", "lingchuan", "kaiyuan")])
def test_people_read_values_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    monkeypatch.setattr(cli, "GROUPS", ("pack",))
    assert cli.main(["pack", *words]) == 0
    out = capsys.readouterr().out
    assert "2019年11月1日" in out and "执法督查股" in out
    assert not any(sign in out for sign in ("[{", "{'", "['", "datetime", "True", "None"))
