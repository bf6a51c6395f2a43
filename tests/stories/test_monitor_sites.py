"""电子技术监控设备: what it recorded is evidence only after it was examined, and from a place that was made known."""

from typing import Any

import pytest

from footage import film, plain
from knocks import signed_in
from play import STORIES, Clock, Play, make_office
from reader import Client
from sanxiang.door.administer import administer
from sanxiang.law.guards import Refused
from sanxiang.law.packs import load_pack

pytestmark = pytest.mark.django_db


def test_fixed_camera_footage_is_examined_and_from_an_announced_site(clock: Clock) -> None:
    """Not examined: refused; so is silence about where its place was made known.

    Once the list of sites is released, anybody can read it, and footage of another site is refused.
    """
    play = Play(make_office("kaiyuan"), *STORIES["hearing"], clock)
    play.until("interview")
    officers = [str(play.person(who).pk) for who in ("officer1", "officer2")]
    clip = {
        "means": "cctv",
        "began": f"{play.moment:%Y-%m-%d}T08:00",
        "ended": f"{play.moment:%Y-%m-%d}T08:30",
    }
    told: dict[str, Any] = {
        "officers": officers,
        "kind": "audiovisual",
        "title": "监控录像",
        "proves": "夜间取水",
        "monitor": True,
    }
    body = {**told, "source_of": "清河大桥监控调取", "files": [film()], "clips": [clip]}
    with pytest.raises(Refused, match="记录内容的审核情况"):
        play.do("add-evidence", "officer1", **body)
    body |= {"monitor_checked": "法制机构、信息中心审核合格"}
    with pytest.raises(Refused, match="也没有写明设置地点在哪里向社会公布"):
        play.do("add-evidence", "officer1", **body)
    with play.branch():
        play.do("add-evidence", "officer1", **body, monitor_site="清河大桥东头，2026年1月5日在县政府网站公布")
    rows = [{"点位编号": "K-07", "设置地点": "清河大桥东头", "公布日期": "2026-01-05"}]
    release = {"kind": "monitor-sites", "in_force_from": play.moment.date(), "rows": rows}
    agency = play.office.agency
    administer("release-register", agency, play.person("legal-reviewer"), release, now=play.moment)
    for site, says in (("", "没有写明是哪一处监控设备"), ("K-09", "不在已公布的清单上")):
        with pytest.raises(Refused, match=says):
            play.do("add-evidence", "officer1", **body, monitor_site=site)
    play.do("add-evidence", "officer1", **body, monitor_site="K-07")
    assert "清河大桥东头" in plain(Client().get(f"/agencies/{agency.pk}/monitor-sites/").content.decode())
    form = signed_in(play.person("officer1")).get(f"/desk/cases/{play.case_id}/acts/add-evidence/")
    assert "监控设备的编号或者设置地点" in plain(form.content.decode())


@pytest.mark.parametrize(
    "procedure", ["coercive-measure", "inspection", "licence-end", "requisition", "adjudication"]
)
def test_other_kinds_of_acts_cite_the_part_on_sound_and_film(procedure: str) -> None:
    """Cameras in what is no penalty stand under 三（八）, which counts them among the means; penalties under their own article."""
    for one, article in ((procedure, "三（八）"), ("ordinary", "第四十一条")):
        found = {guard.id: guard.citation.article for guard in load_pack("laizhou").read_by(one).guards}
        assert {found[name] for name in ("monitor-examined", "monitor-site")} == {article}
