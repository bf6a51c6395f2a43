"""Formats of papers: what a locality may word anew, what it may not leave out, and which format is in use."""

import contextlib
import html
import io
import json
from datetime import timedelta

import pytest

from altered import Alter
from knocks import fact_of, refused_everywhere, signed_in
from play import Clock, make_office
from publishing import begun
from sanxiang.cases.models import Paper
from sanxiang.cli import main
from sanxiang.law.packs import load_pack

pytestmark = pytest.mark.django_db

KIND, ACT = "on-site-notice", "notify-on-site"


def own(body: str, source: str, more: str = "") -> str:
    """The locality's own notice on site, instead of the national one."""
    told = f'id = "{KIND}"\ninstead_of = "{KIND}"\nlabel = "现场告知书"\nkind = "external"\nseal = "agency"'
    return (
        f"```toml paper\n{told}\nsource = \"{source}\"\nversion = \"2\"\n{more}\nbody = '''\n{body}'''\n```\n"
    )


def checked(locality: str) -> list[str]:
    """What `sanxiang pack check` says of the locality; exit code and list agree."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = main(["pack", "check", locality, "--json"])
    said = json.loads(out.getvalue())
    assert code == (1 if said["errors"] else 0)
    return [one["error"] for one in said["errors"]]


LINES = (
    ("本机关执法人员{{ officers_line() }}依法", "本机关依法", "执法人员姓名和证号"),
    ("{{ data.told_rights }}", "依法享有的权利", "data.told_rights"),
    ("{{ data.told_basis }}", "{{ data.told_basis or '' }}", "data.told_basis"),
    ("[签名: 当事人]\n", "", "签名: 当事人"),
    ("[印章]", "", "印章"),
)
"""A line of the national notice, what a locality makes of it, and what is then missing."""


@pytest.mark.carries("KY-035", locality="kaiyuan", change=('value = "layered"', 'value = "samples"'))
def test_a_local_format_keeps_what_the_format_above_demands(alter: Alter, clock: Clock) -> None:
    """Each thing left out is named with file, line and the scheme's clause; with all of them the format is used and its tag kept."""
    base = load_pack("kaiyuan").papers[KIND].body
    for line, instead, missing in LINES:
        assert line in base
        alter("kaiyuan", add=own(base.replace(line, instead), "司法部基本格式"))
        (told,) = checked("kaiyuan")
        assert missing in told and "补充.md" in told and "《现场告知书》" in told
        assert "三项制度实施方案》二（一）" in told and "逐级套用格式" in told
    alter("kaiyuan", add=own(f"%% 开原市水利局\n{base}", "司法部基本格式、开原市水利局完善"))
    assert checked("kaiyuan") == []
    play = begun(make_office("kaiyuan"), "ordinary", clock, until=ACT)
    for element in play.pack.setting("notice.elements"):
        answer = refused_everywhere(play.knock(**{f"told_{element}": None}))
        assert answer.guards & {"notice-elements", f"field:told_{element}"}
    play.step()
    paper = Paper.objects.get(case=play.case_id, kind=KIND)
    assert paper.template == "司法部基本格式、开原市水利局完善 第2版" and paper.content["paper"] == KIND
    page = signed_in(play.person("officer1")).get(f"/desk/cases/{play.case_id}/papers/{paper.pk}/")
    assert "司法部基本格式、开原市水利局完善 第2版" in html.unescape(page.content.decode())


SAMPLE = "原国土资源部统一样本"


@pytest.mark.carries("LZ-021", locality="laizhou", change=('["原国土资源部", "省法制办"]', '["自然资源部"]'))
def test_papers_on_site_follow_the_samples_that_the_scheme_names(alter: Alter, clock: Clock) -> None:
    """Source and version stand on the paper; a format from elsewhere is refused by the check, a retired one makes no paper."""
    base = load_pack("laizhou").papers[KIND].body
    play = begun(make_office("laizhou"), "ordinary", clock)
    with play.branch():
        play.until(ACT)
        play.pass_days(play.next().after)
        day = play.moment.date()
    alter("laizhou", add=own(base, "本局自拟"))
    (told,) = checked("laizhou")
    assert "本局自拟" in told and "原国土资源部、省法制办" in told and "二（一）3（1）" in told
    alter("laizhou", add=own(base, SAMPLE, f"effective_to = {day - timedelta(days=1)}"))
    with play.branch():
        play.until(ACT)
        knock = play.knock()
        answer = refused_everywhere(knock)
        assert answer.guards == {"paper-format"} and "停用" in fact_of(answer, "paper-format")
        closed = signed_in(knock.by).get(f"/desk/cases/{play.case_id}/acts/{ACT}/").content.decode()
        assert fact_of(answer, "paper-format") in html.unescape(closed)
    alter("laizhou", add=own(base, SAMPLE, f"effective_to = {day}"))
    assert checked("laizhou") == []
    play.until(ACT)
    play.step()
    paper = Paper.objects.get(case=play.case_id, kind=KIND)
    assert paper.template == f"{SAMPLE} 第2版"
    page = signed_in(play.person("officer1")).get(f"/desk/cases/{play.case_id}/papers/{paper.pk}/")
    assert f"{SAMPLE} 第2版" in html.unescape(page.content.decode())
