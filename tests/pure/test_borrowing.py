"""A procedure borrows steps from another, each under the article that asks for it there."""

import shutil
from pathlib import Path

import pytest

from sanxiang.law.blocks import PackError
from sanxiang.law.check import check
from sanxiang.law.packs import Pack, load_pack
from sanxiang.law.places import packs_root

SITE = """# 行政许可法（2019）：试验

```toml instrument
id = "trial"
name = "行政许可法"
kind = "law"
version = 2019-04-23
effective_from = 2019-04-23
```

## 第三十四条

```toml procedure
id = "trial"
label = "试验程序"
act_type = "licence"
start = "looking"
stages = [["looking", "核查"], ["decided", "已决定"], ["closed", "已办结"], ["archived", "已归档"]]
title_end = "许可"
```

```toml act
id = "trial-start"
label = "登记申请"
procedures = ["trial"]
stages = ["looking"]
first = true
milestone = "filed"
fields = ["party", "cause"]
```

```toml borrow
procedures = ["trial"]
acts = ["inspect", "serve"]
stages = ["looking"]
guards = ["two-officers"]
drops = ["shown-before"]
labels = { inspect = "实地核查" }
starts = { remedy-review = ["trial-start"] }
limits = ["remedy-review"]
```
"""


def packs_with(tmp_path: Path, text: str = SITE) -> Path:
    """The shipped packs and one more file of the national pack."""
    root = Path(shutil.copytree(packs_root(), tmp_path / "packs"))
    (root / "national" / "99-试验.md").write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return load_pack("lingchuan", packs_with(tmp_path_factory.mktemp("lent")))


def test_an_act_that_is_borrowed_is_open_in_both_procedures_under_the_article_of_each(pack: Pack) -> None:
    here, there = pack.read_by("trial"), pack.read_by("ordinary")
    everywhere = {act.id for act in pack.acts.values() if set(pack.procedures) <= set(act.procedures)}
    assert {act.id for act in here.acts_of("trial")} - everywhere == {"trial-start", "inspect", "serve"}
    assert (here.acts["inspect"].label, str(here.acts["inspect"].citation)) == (
        "实地核查",
        "《行政许可法》第三十四条",
    )
    assert there.acts["inspect"].label == "现场检查（勘验）" and there is pack
    assert "《行政处罚法》" in str(there.acts["inspect"].citation)


def test_its_conditions_come_along_and_what_is_named_bears_the_article_that_asks_for_it_there(
    pack: Pack,
) -> None:
    mine = {g.id: str(g.citation) for g in pack.read_by("trial").guards_of("inspect", "trial")}
    theirs = {g.id for g in pack.read_by("ordinary").guards_of("inspect", "ordinary")}
    assert mine["two-officers"] == "《行政许可法》第三十四条"
    assert "officers-certified" in mine  # nobody named it: it holds as it is
    assert "shown-before" in theirs and "shown-before" not in mine


def test_a_period_begins_by_what_the_procedure_says(pack: Pack) -> None:
    here = {rule.id: rule for rule in pack.read_by("trial").limits_of("trial")}
    assert here["remedy-review"].start == ("trial-start",)
    assert "trial-start" not in pack.limits["remedy-review"].start


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        pytest.param('"serve"]', '"swerve"]', "动作 swerve 不存在", id="act"),
        pytest.param('guards = ["two-', 'guards = ["too-', "guards 的 too-officers 不存在", id="guard"),
        pytest.param('["trial-start"] }', '["nothing"] }', "起算动作 nothing 不存在", id="start"),
        pytest.param(
            'stages = ["looking"]\nguards',
            'stages = ["decided"]\nguards',
            "也能在 decided 阶段办理",
            id="looser",
        ),
    ],
)
def test_a_slip_is_named_and_no_procedure_is_loosened_on_the_way(
    tmp_path: Path, was: str, now: str, says: str
) -> None:
    assert was in SITE
    root = packs_with(tmp_path, SITE.replace(was, now))
    try:
        found = check("lingchuan", root)
    except PackError as error:
        found = [str(error)]
    assert any(says in one for one in found), found
