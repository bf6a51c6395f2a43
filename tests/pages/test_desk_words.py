"""Officers read words of their own trade: no key of a rule pack, no command, no field of a database."""

import re

import pytest

from cast import Cast
from conftest import SignIn
from sanxiang.door.log.taking import account, taken
from sanxiang.law.packs import load_pack
from sanxiang.ledger.sequencer import sequence_all

pytestmark = pytest.mark.django_db
KEY = re.compile(r"\b[a-z]+[._][a-z_.]+\b")


@pytest.mark.parametrize("locality", ["dongying", "huantai", "kaiyuan", "laizhou", "lingchuan"])
def test_no_reason_cure_or_hint_names_a_key(locality: str) -> None:
    pack = load_pack(locality)
    told = [guard.cure for guard in pack.guards]
    told += [
        str(v)
        for guard in pack.guards
        for k, v in guard.args.items()
        if k in ("text", "cure", "clear", "none")
    ]
    told += [act.help for act in pack.acts.values()]
    told += [f.help for act in pack.acts.values() for f in act.fields]
    assert [words for words in told if KEY.search(words)] == []


def test_the_ledger_speaks_of_commands_to_operators_alone(cast: Cast, browser: SignIn) -> None:
    officer, admin = (
        browser(one).get("/desk/ledger/").content.decode() for one in (cast.handler, cast.admin)
    )
    assert "sanxiang ledger" not in officer and "由系统管理员在服务器上办理" in officer
    assert "校验码" in officer and "哈希" not in officer
    assert "sanxiang ledger verify" in admin


def test_administrators_see_who_took_the_whole_away(cast: Cast, browser: SignIn) -> None:
    """A backup and an export hold what no page shows to anybody at once."""
    taken("backed-up", {"file": "/mnt/外接/全部.tar", "keys": True})
    sequence_all()
    officer, admin = (
        browser(one).get("/desk/ledger/").content.decode() for one in (cast.handler, cast.admin)
    )
    assert (
        "备份整个安装" in admin and "文件 /mnt/外接/全部.tar" in admin and f"服务器账号 {account()}" in admin
    )
    assert "备份整个安装" not in officer and "全部.tar" not in officer


def test_a_parameter_is_headed_by_its_name_not_by_its_key(cast: Cast, browser: SignIn) -> None:
    page = browser(cast.handler).get("/desk/scheme/").content.decode()
    heads = re.findall(r"<dt>(.*?)</dt>", page, re.DOTALL)
    assert len(heads) > 50 and not [head for head in heads if KEY.search(re.sub("<[^>]+>", "", head))]
    assert '参数编码 <span class="mono">archive.limit</span>' in page
