"""A data folder whose making was broken off: every command says so in a sentence."""

from collections.abc import Callable

import pytest

from installation import Installation


@pytest.mark.parametrize("words", [("search", "罚款"), ("law", "impact", "行政处罚法"), ("law", "list")])
def test_a_folder_without_tables_is_a_sentence(
    installations: Callable[[], Installation], words: tuple[str, ...]
) -> None:
    made = installations()
    made.data.mkdir(parents=True, exist_ok=True)
    (made.data / "secret.key").write_text("a key and nothing else\n", encoding="utf-8")
    answer = made.run(*words)
    assert answer.returncode == 1 and answer.stdout == ""
    assert answer.stderr.startswith("数据库打不开或者没有建完") and len(answer.stderr.splitlines()) == 1


def test_the_impact_of_a_law_that_nobody_knows_is_a_no(installation: Installation) -> None:
    answer = installation.run("law", "impact", "无此法", "--json")
    assert answer.returncode == 1 and answer.stdout == "" and "《无此法》" in answer.stderr
