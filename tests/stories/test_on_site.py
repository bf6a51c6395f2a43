"""On site: who may come, with which certificate, what is told and explained, and which papers that leaves."""

import contextlib
import csv
import html
import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db.models import F

from knocks import fact_of, refused_everywhere, signed_in
from play import STORIES, Clock, Play, accepted, make_office
from rows import row
from sanxiang.cases.models import Case, Paper
from sanxiang.cli import main
from sanxiang.demo import stories
from sanxiang.people.models import Certificate

pytestmark = pytest.mark.django_db


def play_of(locality: str, story: str, clock: Clock, until: str = "") -> Play:
    """A story in a fresh office of that locality, played to just before a step."""
    procedure, steps = STORIES[story]
    play = Play(make_office(locality), procedure, steps, clock)
    if until:
        play.until(until)
    return play


def change(play: Play, who: str, **columns: Any) -> None:
    """Other certificates for somebody."""
    Certificate.objects.filter(person=play.person(who)).update(n=F("n") + 1, **columns)


def timeline(play: Play) -> str:
    """The case's timeline as its handler reads it."""
    page = signed_in(play.person("officer1")).get(f"/desk/cases/{play.case_id}/timeline/")
    return html.unescape(page.content.decode())


# Certificates shown


SHOWN = [row("LZ-025"), row("DY-025"), row("LC-021"), row("KY-017"), row("HT-008")]


@pytest.mark.parametrize("locality", SHOWN)
def test_nobody_acts_on_site_before_certificates_were_shown(locality: str, clock: Clock) -> None:
    """Without the entry the inspection is refused; the entry takes certificates in force, of the scheme's kinds, and names who saw them."""
    play = play_of(locality, "summary", clock, "show-certificate")
    with play.branch():
        blocked = refused_everywhere(play.knock("inspect"))
        assert "certificate-shown" in blocked.guards
        assert "还没有出示执法证件的记录" in fact_of(blocked, "certificate-shown")
    knock = play.knock()
    with play.branch():
        change(play, "officer2", valid_until=play.moment.date() - timedelta(days=1))
        expired = refused_everywhere(knock)
        assert expired.guards == {"officers-certified"} and "到期" in fact_of(expired, "officers-certified")
    with play.branch():
        change(play, "officer1", kind="某行业协会工作证")
        strange = refused_everywhere(knock)
        assert strange.guards >= {"officers-certified"} and "不在本方案认可之列" in fact_of(
            strange, "officers-certified"
        )
    kinds = play.pack.setting("certificate.accepted")
    for kind in (*kinds["kinds"], kinds["successor"]):
        with play.branch():
            change(play, "officer1", kind=kind)
            accepted(knock, play)
    for nobody in (None, []):
        assert refused_everywhere(play.knock(after=0, shown_to=nobody)).guards == {"field:shown_to"}
    done = play.step()
    assert done.act.name == "show-certificate"
    told = timeline(play)
    names = [play.person(who).name for who in ("officer1", "officer2")]
    assert "出示执法证件" in told and not [
        word for word in (*names, "现场负责人", "出示") if word not in told
    ]
    accepted(play.knock(), play)


@pytest.mark.parametrize("locality", [row("LC-021"), row("KY-017"), row("DY-025"), row("HT-008")])
def test_papers_are_served_by_officers_who_have_shown_their_certificates(locality: str, clock: Clock) -> None:
    """The case has gone over to two others: they show theirs before they serve anything."""
    play = play_of(locality, "ordinary", clock, "serve")
    pair = [play.office.id("officer3"), play.office.id("unit-head")]
    play.do("assign-officers", "unit-head", officers=pair, reason="轮岗", handed_over="案卷一册")
    told = {"who": "officer3", "officers": pair, "receiver": "顾长庚"}
    blocked = refused_everywhere(play.knock(**told))
    assert "service-certificate" in blocked.guards
    names = [play.person(who).name for who in ("officer3", "unit-head")]
    assert all(name in fact_of(blocked, "service-certificate") for name in names)
    shown = {**stories.shown(play.office, None), "officers": pair, "dress": stories.dressed(pair)}
    play.do("show-certificate", "officer3", **shown)
    accepted(play.knock(after=0, **told), play)


@pytest.mark.carries("KY-017", locality="kaiyuan")
def test_certificates_are_shown_to_everybody_whom_the_step_concerns(clock: Clock) -> None:
    """Party and others alike: whoever is questioned or present without having seen the certificates stops the step."""
    play = play_of("kaiyuan", "ordinary", clock, "inspect")
    stranger = refused_everywhere(play.knock(present="邻居老王"))
    assert stranger.guards == {"shown-at-inspection"}
    told = fact_of(stranger, "shown-at-inspection")
    assert "没有向所填的“现场人员”出示执法证件的记录" in told and "邻居老王" not in told
    shown = stories.shown(play.office, None) | {"shown_to": [{"name": "邻居老王", "relation": "见证人"}]}
    play.do("show-certificate", "officer1", **shown)
    accepted(play.knock(present="邻居老王"), play)


@pytest.mark.carries("HT-013", locality="huantai")
def test_certificates_are_shown_even_where_the_scheme_says_worn_or_shown(clock: Clock) -> None:
    """行政处罚法 第五十五条 asks for showing: a scheme that lets officers wear them instead takes nothing from that."""
    play = play_of("huantai", "summary", clock, "show-certificate")
    for mode in ("shown", "both"):
        accepted(play.knock(after=0, mode=mode), play)
    worn = refused_everywhere(play.knock(after=0, mode="worn"))
    assert worn.guards == {"certificate-mode"} and "没有出示" in fact_of(worn, "certificate-mode")
    assert refused_everywhere(play.knock(after=0, mode=None)).guards >= {"field:mode"}
    change(play, "officer2", kind="某行业协会工作证")
    assert refused_everywhere(play.knock(after=0, mode="shown")).guards >= {"officers-certified"}
    change(play, "officer2", kind="中华人民共和国行政执法证", valid_until=date(2025, 12, 31))
    assert refused_everywhere(play.knock(after=0, mode="shown")).guards == {"officers-certified"}


# Who may enforce


@pytest.mark.parametrize("locality", [row("LZ-024"), row("DY-024"), row("LC-020")])
def test_who_has_not_passed_the_examination_does_nothing(locality: str, clock: Clock, tmp_path: Path) -> None:
    """Neither assigned, nor on the spot, nor taken over from an old system: by page, API, command and import."""
    play = play_of(locality, "ordinary", clock, "file")
    one, newcomer = play.office.id("officer1"), play.office.id("unlicensed")
    answer = refused_everywhere(play.knock(officers=[one, newcomer]))
    assert answer.guards == {"officers-certified"} and "没有行政执法证" in fact_of(
        answer, "officers-certified"
    )
    change(play, "officer3", exam_passed_on=None)
    answer = refused_everywhere(play.knock(after=0, officers=[one, play.office.id("officer3")]))
    assert answer.guards == {"officers-certified"} and "未通过执法资格考试" in fact_of(
        answer, "officers-certified"
    )
    play.until("interview")
    handed = {"officers": [one, newcomer], "reason": "轮岗", "handed_over": "案卷一册"}
    assert (
        "officers-certified"
        in refused_everywhere(play.attempt("assign-officers", "unit-head", **handed)).guards
    )
    assert "officers-certified" in refused_everywhere(play.knock(officers=[one, newcomer])).guards
    assert "recorder-certified" in refused_everywhere(play.knock(who="unlicensed")).guards
    count = Case.objects.count()
    for who in ("unlicensed", "officer3"):
        told = take_over(play, who, tmp_path)
        assert (told["added"], told["rejected"]) == (0, 1) and Case.objects.count() == count
        reason = Path(told["rejected_file"]).read_text(encoding="utf-8-sig")
        assert play.person(who).name in reason or play.person(who).username in reason
    assert take_over(play, "officer2", tmp_path)["added"] == 1


def take_over(play: Play, who: str, folder: Path) -> Any:
    """`sanxiang import cases` of a list with one open case that this person is to handle."""
    path, agency = folder / f"{who}.csv", play.office.agency
    told = {
        "当事人": "云溪清泉有限公司", "当事人类型": "单位", "案由": "擅自取水", "违法行为发生日期": "2026-02-01", "立案日期": "2026-02-10",
        "立案号": f"{agency.short}立〔2026〕7号", "承办人用户名": f"{play.person('officer1').username}、{play.person(who).username}",
        "案件阶段": "调查取证", "承办机构": play.office.brigade.name,
    }  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, told)
        writer.writeheader()
        writer.writerow(told)
    data = Path(settings.DATA)
    if not (data / "secret.key").exists():
        (data / "secret.key").write_text("a key of the tests\n")
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        main(
            [
                "import",
                "cases",
                str(path),
                "--agency",
                agency.name,
                "--go-live",
                "2026-02-11",
                "--data",
                str(data),
                "--json",
            ]
        )
    return json.loads(out.getvalue())


# Told and explained

THREE = {"told_reason": "执法事由", "told_basis": "执法依据", "told_rights": "权利义务"}
FOUR = {**THREE, "told_content": "执法内容"}
TOLD = [
    row("LZ-022", values=(FOUR,)),
    row("DY-027", "DY-028", values=(THREE,)),
    row("LC-022", values=(THREE,)),
    row("KY-019", values=(THREE,)),
    row("HT-014", values=(THREE,)),
]


@pytest.mark.parametrize(("locality", "elements"), TOLD)
def test_the_notice_tells_every_element_of_the_scheme(
    locality: str, elements: dict[str, str], clock: Clock
) -> None:
    """No inspection before the notice; each element blank is refused by name; one that only another scheme asks may stay blank.

    The paper keeps the template's id, version and source; what was explained and answered stands on the timeline.
    """
    play = play_of(locality, "ordinary", clock, "notify-on-site")
    with play.branch():
        assert "told-before-inspection" in refused_everywhere(play.knock("inspect")).guards
    for field, label in elements.items():
        answer = refused_everywhere(play.knock(after=0, **{field: "　"}))
        assert answer.guards == {"notice-elements"} and label in fact_of(answer, "notice-elements")
    for field in set(FOUR) - set(elements):
        accepted(play.knock(after=0, **{field: None}), play)
    play.step()
    paper = Paper.objects.get(case=play.case_id, kind="on-site-notice")
    template = play.pack.papers["on-site-notice"]
    assert (
        paper.template == f"{template.source} 第{template.version}版" and template.source and template.version
    )
    shown = timeline(play)
    for field in (*elements, "explained", "answer"):
        assert str(stories.told(play.office, None)[field]) in shown
    assert "现场告知" in shown


@pytest.mark.carries("DY-027", locality="dongying")
def test_an_inspection_leaves_its_record(clock: Clock) -> None:
    """It is not completed without the words of the record, nor the investigation without any record of it."""
    play = play_of("dongying", "ordinary", clock, "inspect")
    assert refused_everywhere(play.knock(record=None)).guards == {"field:record"}
    with play.branch():
        told = {"kind": "documentary", "title": "台账", "proves": "水量", "source_of": "当事人提供"}
        play.do("add-evidence", "officer1", officers=stories.two(play.office), **told)
        play.until("conclude-investigation", without=("inspect", "interview"))
        answer = refused_everywhere(play.knock())
        assert answer.guards == {"stage-recorded"} and "现场或询问笔录" in fact_of(answer, "stage-recorded")
    play.step()
    assert Paper.objects.filter(case=play.case_id, kind="site-record").count() == 1


@pytest.mark.carries("LZ-023", locality="laizhou")
def test_the_notice_is_not_closed_without_an_explanation(clock: Clock) -> None:
    """Who explained what, and what the party answered: asked for in both procedures, and read on the timeline."""
    office = make_office("laizhou")
    for story, act in (("ordinary", "notify-on-site"), ("summary", "tell-on-spot")):
        procedure, steps = STORIES[story]
        play = Play(office, procedure, steps, clock)
        play.until(act)
        for field in ("explained", "answer"):
            assert refused_everywhere(play.knock(after=0, **{field: None})).guards == {f"field:{field}"}
        told = play.next().data(play.office, None)
        play.step()
        shown = timeline(play)
        assert (
            told["explained"] in shown and told["answer"] in shown and play.person("officer1").name in shown
        )


# Dress and insignia


@pytest.mark.carries("DY-026", locality="dongying")
def test_where_everybody_dresses_as_prescribed_everybody_answers(clock: Clock) -> None:
    """The answer is asked for each officer before the inspection goes on, and stands on the timeline."""
    play = play_of("dongying", "ordinary", clock, "show-certificate")
    two = stories.two(play.office)
    blank = refused_everywhere(play.knock(dress=None))
    assert blank.guards == {"dress-answered"} and "没有填写" in fact_of(blank, "dress-answered")
    half = [{"officer": two[0], "uniform": "yes"}, {"officer": two[1], "uniform": "no"}]
    unexplained = refused_everywhere(play.knock(after=0, dress=half))
    assert "没有写原因" in fact_of(unexplained, "dress-answered")
    half[1]["reason"] = "暗访摸排，不着装"
    play.step(dress=half)
    told = timeline(play)
    assert all(word in told for word in ("着装和标识", "按规定着装、佩戴标识", "暗访摸排，不着装"))


@pytest.mark.carries("KY-018", "KY-020", locality="kaiyuan")
def test_who_is_in_the_states_uniform_answers_and_nobody_else(clock: Clock) -> None:
    """Without the flag nobody is asked; with it the answer is demanded. What is left blank counts in the rate alone."""
    play = play_of("kaiyuan", "ordinary", clock, "show-certificate")
    one, other = stories.two(play.office)
    accepted(play.knock(dress=None), play)
    play.administer("record-uniform", person=play.person("officer2"), uniformed=True)
    asked = refused_everywhere(play.knock(after=0, dress=[{"officer": one, "badge": "yes"}]))
    assert asked.guards == {"dress-answered"}
    name, unasked = play.person("officer2").name, play.person("officer1").name
    assert name in fact_of(asked, "dress-answered") and unasked not in fact_of(asked, "dress-answered")
    free = refused_everywhere(play.knock(after=0, dress=[{"officer": other, "uniform": "not-required"}]))
    assert "国家规定统一着装" in fact_of(free, "dress-answered")
    play.step(dress=[{"officer": one}, {"officer": other, "uniform": "yes", "badge": "yes"}])
    page = signed_in(play.person("officer1")).get("/desk/dress/").content.decode()
    assert "50%" in page and "第一季度" in page
