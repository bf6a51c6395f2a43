"""A file that is damaged or missing is told by its case and paper, not by its digest alone."""

import pytest

from clockwork import Clock
from play import Play, make_office
from sanxiang.cases.models import Evidence, Paper
from sanxiang.custody import places
from sanxiang.custody.naming import named, with_names
from sanxiang.demo import stories
from side_stories import photo

pytestmark = pytest.mark.django_db


def test_a_file_is_named_by_its_case(clock: Clock) -> None:
    play = Play(make_office("kaiyuan"), "ordinary", stories.ordinary("2000", which=2), clock)
    play.until("conclude-investigation")
    play.do("add-evidence", "officer1", **photo(play.office))
    paper = Paper.objects.filter(case=play.case_id).exclude(pdf="").first()
    piece = Evidence.objects.filter(case=play.case_id).first()
    assert paper is not None and piece is not None
    told = named(f"papers/{paper.pdf}")
    assert play.case.number in told and f"《{play.case.title}》的文书“{paper}”" in told
    text = with_names(f"备份里的 store/evidence/{piece.digest} 损坏")
    assert f"evidence/{piece.digest}（案件 {play.case.number}" in text and str(piece) in text
    assert named("papers/" + "0" * 64) == "" and with_names("没有文件") == "没有文件"


def test_a_failed_drill_is_told_until_one_succeeds() -> None:
    assert places.drill_trouble() == ""
    places.remember(
        "drill", {"at": "2026-11-22T00:00:00+00:00", "ok": False, "file": "a.tar", "why": "读不出来"}
    )
    assert places.drill_trouble() == "最近一次恢复演练没有通过：a.tar，读不出来"
    places.remember("drill", {"at": "2026-11-23T00:00:00+00:00", "ok": True, "file": "a.tar", "why": ""})
    assert places.drill_trouble() == ""
