"""`pack show`: where a scheme is silent, the statute's own value stands beside it and binds."""

import json

import pytest

from altered import Alter, said
from locality_table import LOCALITIES
from sanxiang import cli


@pytest.mark.parametrize("locality", LOCALITIES)
def test_three_days_bind_where_the_scheme_names_none(
    locality: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The scheme's 及时 stays 方案未定. 行政处罚法 第四十八条 has days for penalties alone; for the rest operators keep to the same."""
    assert cli.main(["pack", "show", locality, "--json"]) == 0
    rows = {row["key"]: row for row in json.loads(capsys.readouterr().out)["parameters"]}
    row = rows["takedown.limit"]
    assert (row["value"], row["shown"], row["provenance"]) == (None, "方案未定", "operator")
    assert row["national"] is None
    assert (row["binding"]["value"], row["binding"]["provenance"]) == (3, "operator")
    for name in ("national", "binding"):
        told = rows["publish.withdraw_wd"][name]
        assert (told["value"], told["citation"]) == (3, "《行政处罚法》第四十八条")
    assert cli.main(["pack", "show", locality]) == 0
    (line,) = [one for one in capsys.readouterr().out.splitlines() if one.startswith("下线时限")]
    assert "方案未定" in line and line.endswith("；没有设定之前参照法律：3　《行政处罚法》第四十八条")


def test_an_operator_may_give_what_is_no_penalty_more_days(
    alter: Alter, capsys: pytest.CaptureFixture[str]
) -> None:
    """五天 for other publications; for a penalty the three days of the law stay."""
    alter("kaiyuan", said("takedown.limit", "5"))
    assert cli.main(["pack", "show", "kaiyuan", "--json"]) == 0
    rows = {row["key"]: row for row in json.loads(capsys.readouterr().out)["parameters"]}
    assert rows["takedown.limit"]["binding"]["value"] == 5
    assert rows["publish.withdraw_wd"]["binding"]["value"] == 3


def test_a_list_joined_with_the_statutes_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["pack", "show", "kaiyuan"]) == 0
    (line,) = [one for one in capsys.readouterr().out.splitlines() if one.startswith("应当撤下的情形")]
    assert "；与国家规定合并适用：" in line and "确认无效" in line
