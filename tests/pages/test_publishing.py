"""公示 of a penalty: by whom, until when, with what in it, with what hidden, withheld for which reason; and how it is found."""

import html
import json
import re
from datetime import datetime

import pytest
from django.test import Client

from api_client import Api
from board import PLACES, text
from knocks import WAYS, refused_everywhere, signed_in
from play import CHINA, Clock, Play, days_after, make_office
from publishing import LABOUR, NEW_YEAR, begun, due_of, listed, page, read, supervisor_above, surfaces
from rows import row
from sanxiang.cases.models import Publication
from sanxiang.demo import stories
from sanxiang.door.administer import administer

pytestmark = pytest.mark.django_db


# The clock


@pytest.mark.parametrize("locality", [row("KY-003", "KY-023"), row("LC-007")])
def test_a_penalty_is_published_within_seven_working_days_by_the_unit_that_decided_it(
    locality: str, clock: Clock
) -> None:
    """Two decisions before two holidays, counted by hand; near the day the desk warns, after it the unit stands on the supervisor's list.

    Thursday 2026-02-12: 13, 14 (worked), 24, 25, 26, 27, 28 (worked). Wednesday 04-29: 30, 05-06, 07, 08, 09 (worked), 11, 12.
    """
    office = make_office(locality)
    supervisor = supervisor_above(office.agency)
    for start, due, warned, after in (
        (NEW_YEAR, "2026-02-28", (2026, 2, 27), (2026, 3, 1)),
        (LABOUR, "2026-05-12", (2026, 5, 11), (2026, 5, 13)),
    ):
        play = begun(office, "summary", clock, start, "prepare-publication")
        assert due_of(office, play) == (due, False)
        editor = office.people["disclosure-editor"]
        play.at(datetime(*warned, 9, 0, tzinfo=CHINA))
        assert "就要到期" in page(editor, "/desk/tasks/") and listed(supervisor) == []
        play.at(datetime(*after, 9, 0, tzinfo=CHINA))
        assert due_of(office, play) == (due, True)
        assert "已经超期" in page(editor, "/desk/tasks/")
        (late,) = listed(supervisor)
        assert (late["id"], late["unit"]["id"], late["agency"]["id"]) == (
            str(play.case_id),
            str(office.brigade.pk),
            str(office.agency.pk),
        )
        assert str(play.case_id) in page(supervisor, "/desk/cases/?overdue=1")
        another_unit_may_not(play)
        play.until("record-payment")
        assert listed(supervisor) == []


def another_unit_may_not(play: Play) -> None:
    """An editor of another unit is refused in every way."""
    with play.branch():
        post = {
            "role": "disclosure-editor",
            "unit": play.office.legal,
            "valid_from": datetime(2025, 1, 2).date(),
        }
        administer("grant-post", play.office.agency, None, {"person": play.person("legal-reviewer"), **post})
        answer = refused_everywhere(play.knock(who="legal-reviewer", after=0))
        assert answer.guards == {"publication.own-unit"}


# The text


FIELDS = ('"执法机关", "执法对象", "执法类别", "执法结论"', '"执法机关", "执法对象", "执法结论"')


@pytest.mark.parametrize("locality", [row("LC-029"), row("KY-005", change=FIELDS)])
def test_a_record_has_the_four_fields_or_is_not_published(locality: str, clock: Clock) -> None:
    """What is lacking is named on page, API and command; a wrong date is refused; the form is told; the portal shows every field."""
    office = make_office(locality)
    spared = begun(office, "spared", clock, until="enter-execution")
    answer = refused_everywhere(spared.attempt("prepare-publication", "disclosure-editor"))
    lacking = next(fact for guard, _, fact, _ in answer.refused if guard == "publication.fields")
    assert "执法类别" in lacking and "执法结论" in lacking
    forms = {
        one["act_type"]: one["schema"] for one in Api().get(f"/public/schema?locality={locality}")["items"]
    }
    assert forms["penalty"]["required"] == ["authority", "party", "kind", "result"]
    assert forms["penalty"]["properties"]["decided_on"]["format"] == "date"
    play = begun(office, "ordinary", clock, until="publish")
    assert refused_everywhere(play.knock(on="2026-02-30")).unreadable == ("on",)
    play.step()
    published = play.case.publications.get()
    fields = (office.agency.name, published.party, "行政处罚", "罚款2,000元")
    listing = surfaces(published)["/decisions/"]
    whole = surfaces(published)[f"/decisions/{published.pk}/"]
    assert all(field in listing and field in whole for field in fields)
    told = Api().get(f"/public/decisions/{published.pk}")
    assert (told["authority"], told["party"], told["act_type"], told["result"]) == (
        office.agency.name,
        published.party,
        "penalty",
        "罚款2,000元",
    )


SECRET = "青檀七号配方"


@pytest.mark.carries("KY-010", locality="kaiyuan")
def test_what_must_be_hidden_is_hidden_everywhere_and_the_rest_is_published(clock: Clock) -> None:
    """A trade secret in the facts: the editor masks it and says why, another person confirms; only those on the case read the original."""
    office = make_office("kaiyuan")
    play = begun(office, "ordinary", clock, until="draft-decision")
    told = stories.penalty("2000", which=2)
    play.step(decision={**told, "found": f"{told['found']}当事人所用固化剂为{SECRET}。"})
    play.until("prepare-publication")
    mask = [
        {
            "text": SECRET,
            "kind": "trade-secret",
            "why": "商业秘密；确需公开处罚决定的依据：《行政处罚法》第四十八条",
        }
    ]
    play.step(hide=mask)
    refused = refused_everywhere(play.knock(who="disclosure-editor"))
    assert "role" in refused.guards
    play.step()
    published = play.case.publications.get()
    public = surfaces(published, SECRET)
    assert not [
        place
        for place, body in public.items()
        if SECRET in body.replace(f"q={SECRET}", "").replace(f'value="{SECRET}"', "")
    ]
    assert Api().get(f"/public/decisions?q={SECRET}")["total"] == 0
    assert "固化剂为***" in public[f"/decisions/{published.pk}/"] and published.status == "published"
    assert ".pdf" not in public[f"/decisions/{published.pk}/"]
    assert SECRET in page(office.people["officer1"], f"/desk/cases/{play.case_id}/timeline/")
    timeline = page(office.people["disclosure-approver"], f"/desk/cases/{play.case_id}/timeline/")
    assert "确需公开处罚决定的依据" in timeline
    stranger = make_office("laizhou").people["officer1"]
    assert signed_in(stranger).get(f"/desk/cases/{play.case_id}/timeline/").status_code == 404
    assert Client().get(f"/desk/cases/{play.case_id}/").status_code == 302


@pytest.mark.carries("LZ-028", locality="laizhou")
def test_what_is_withheld_is_withheld_for_a_ground_on_record(clock: Clock) -> None:
    """Without ground, basis or reason nothing is withheld; with them the portal knows nothing, the timeline who decided and why."""
    office = make_office("laizhou")
    play = begun(office, "ordinary", clock, until="prepare-publication")
    exempt = {
        "ground": "N4",
        "exempt_basis": "《政府信息公开条例》第十五条",
        "reconsider_on": "2027-01-04",
        "reason": "涉及商业秘密，公开会损害第三方合法权益",
    }
    for name in ("ground", "exempt_basis", "reason"):
        answer = refused_everywhere(
            play.attempt("exempt-publication", "disclosure-approver", **{**exempt, name: None})
        )
        assert answer.guards == {f"field:{name}"}
    assert "role" in refused_everywhere(play.attempt("exempt-publication", "officer1", **exempt)).guards
    play.do("exempt-publication", "disclosure-approver", **exempt)
    assert "publish.not-exempt" in refused_everywhere(play.knock()).guards
    client, title = Client(), play.case.title
    assert not [place for place in PLACES if title in text(client.get(place))]
    assert Api().get(f"/public/decisions?q={title[:6]}")["total"] == 0
    timeline = page(office.people["officer1"], f"/desk/cases/{play.case_id}/timeline/")
    entry = timeline[timeline.index("决定不予公开") :][:2000]
    assert all(
        word in entry
        for word in (
            "商业秘密",
            exempt["exempt_basis"],
            exempt["reason"],
            play.person("disclosure-approver").name,
        )
    )


# The search


@pytest.mark.carries("LZ-035", locality="laizhou")
def test_the_portal_finds_two_characters_and_never_what_is_hidden(clock: Clock) -> None:
    """Words of the decision are found on page and API; a masked name is not; filters narrow the count together."""
    office = make_office("laizhou")
    start = clock.now
    for which, day in ((0, 0), (1, 7), (2, 14)):
        play = Play(
            office, "summary", stories.summary("100", "citizen", which), clock, days_after(start, day)
        )
        clock.now = play.moment
        play.until("record-payment")
    hidden = [stories.CITIZENS[n] for n in range(3)]
    rows = list(Publication.objects.order_by("decided_on"))
    assert [str(r.decided_on) for r in rows] == ["2026-03-02", "2026-03-09", "2026-03-16"]
    for words, hits in (("杂物", 1), ("标志", 3), (hidden[0], 0), (hidden[1], 0), ("演示县", 0)):
        assert count(q=words) == hits, words
    assert count(q="标志", **{"from": "2026-03-09"}) == 2
    assert count(q="标志", to="2026-03-09", act_type="penalty") == 2
    assert count(q="标志", to="2026-03-09", act_type="licence") == 0
    assert count(q="管沟", **{"from": "2026-03-03", "to": "2026-03-10", "agency": str(office.agency.pk)}) == 1
    assert count(q="杂物", **{"from": "2026-03-03"}) == 0


def count(**asked: str) -> int:
    """How many the API counts, when the page shows as many."""
    client = Client()
    told = Api().get(f"/public/decisions?{'&'.join(f'{k}={v}' for k, v in asked.items())}")
    shown = text(client.get("/decisions/", asked)).count('<article class="result')
    assert told["total"] == len(told["items"]) == shown
    return int(told["total"])


@pytest.mark.parametrize(("locality", "opens"), [("laizhou", True), ("kaiyuan", True), ("lingchuan", False)])
def test_a_trade_secret_opens_by_consent_only_where_the_scheme_lets_it(
    locality: str, opens: bool, clock: Clock
) -> None:
    """A state secret never does; when the reason is gone anything does."""
    play = begun(make_office(locality), "ordinary", clock, until="prepare-publication")
    lifted = {"lift_basis": "权利人来函", "reason": "复查"}
    for ground, way, refused in (
        ("N4", "ended", False),
        ("N4", "consent", not opens),
        ("N5", "public-interest", not opens),
        ("N1", "consent", True),
        ("N1", "ended", False),
        ("N7", "consent", False),
    ):
        told = {
            "ground": ground,
            "exempt_basis": "《政府信息公开条例》第十五条",
            "reconsider_on": "2027-01-04",
            "reason": "复查",
        }
        with play.branch():
            play.do("exempt-publication", "disclosure-approver", **told)
            knock = play.attempt("lift-exemption", "disclosure-approver", lift_ground=way, **lifted)
            answer = refused_everywhere(knock) if refused else WAYS["page"](knock)
            assert answer.guards == ({"lift.secret"} if refused else set()), (ground, way)
            assert bool(answer.done) is not refused


# What a scheme excludes, what is given on request


FORMULA = {
    "text": SECRET,
    "kind": "trade-secret",
    "why": "商业秘密；确需公开处罚决定的依据：《行政处罚法》第四十八条",
}
WITHHELD = {
    "ground": "N4",
    "exempt_basis": "《政府信息公开条例》第十五条",
    "reconsider_on": "2027-01-04",
    "reason": "涉密",
}


def with_formula(locality: str, clock: Clock) -> Play:
    """A decision whose facts hold a trade secret, before anything of it is public."""
    play = begun(make_office(locality), "ordinary", clock, until="draft-decision")
    told = stories.penalty("2000", which=2)
    play.step(decision={**told, "found": f"{told['found']}当事人所用固化剂为{SECRET}。"})
    play.until("prepare-publication")
    return play


@pytest.mark.carries("LC-008", locality="lingchuan")
def test_where_the_scheme_excludes_secrets_no_treatment_opens_them(clock: Clock) -> None:
    """Flagged as a trade secret: in 陵川 neither a mask nor a second look publishes it; in 开原 it is published treated."""
    play = with_formula("lingchuan", clock)
    answer = refused_everywhere(play.knock(hide=[FORMULA]))
    assert answer.guards == {"publication.masked-secrets"}
    assert "本地方案规定不公开" in answer.refused[0][2]
    play.do("exempt-publication", "disclosure-approver", **WITHHELD)
    for way in ("treated", "consent", "public-interest"):
        lifted = {"lift_ground": way, "lift_basis": "权利人来函", "reason": "复查"}
        answer = refused_everywhere(play.attempt("lift-exemption", "disclosure-approver", **lifted))
        assert answer.guards == {"lift.secret"}
    assert "publish.not-exempt" in refused_everywhere(play.knock()).guards
    assert not [place for place in PLACES if play.case.title in text(Client().get(place))]
    timeline = page(play.person("officer1"), f"/desk/cases/{play.case_id}/timeline/")
    assert "商业秘密" in timeline and play.person("disclosure-approver").name in timeline

    play = with_formula("kaiyuan", clock)
    play.do("exempt-publication", "disclosure-approver", **WITHHELD)
    lifted = {
        "lift_ground": "treated",
        "lift_basis": "《行政处罚法》第四十八条",
        "reason": "隐去配方后确需公开",
    }
    play.do("lift-exemption", "disclosure-approver", **lifted)
    assert refused_everywhere(play.knock()).guards == {"publication.secret-hidden"}
    state = [{**FORMULA, "kind": "state-secret"}]
    assert "publication.masked-secrets" in refused_everywhere(play.knock(hide=state)).guards
    play.step(hide=[FORMULA])
    play.step()
    shown = surfaces(play.case.publications.get())[f"/decisions/{play.case.publications.get().pk}/"]
    assert "固化剂为***" in shown and SECRET not in shown


def test_words_that_a_rule_has_changed_are_hidden_as_the_editor_copied_them(clock: Clock) -> None:
    """A name within them, or wide letters, which the rules write otherwise: nothing of the words stands in any public place, nor in
    the decision that goes out beside.
    """
    play = begun(make_office("kaiyuan"), "ordinary", clock, until="draft-decision")
    recipes = ("王建国提供的祖传卤水配方是花椒三两。", "ＡＢ１２３工艺")
    told = stories.penalty("2000", which=2)
    play.step(decision={**told, "found": f"{told['found']}{recipes[0]}当事人另用{recipes[1]}。"})
    play.until("prepare-publication")
    play.step(hide=[{**FORMULA, "text": words} for words in recipes], with_document=True)
    play.step()
    row = play.case.publications.get()
    shown = surfaces(row, "卤水")
    (file,) = json.loads(shown[f"/decisions/{row.pk}.json"])["files"]
    shown[file["href"]] = "".join(read(file["href"]).split())
    for place, body in shown.items():
        assert not [part for part in ("花椒三两", "123工艺", "１２３工艺") if part in body], place
    assert "***当事人另用***。" in shown[f"/decisions/{row.pk}/"]


@pytest.mark.parametrize("typed", ["青檀七号秘方", "第七号配方", "演示县水利局"])
def test_what_is_to_be_hidden_must_be_found(typed: str, clock: Clock) -> None:
    """A slip of the pen would publish the secret: words that no text holds, or that stand where nothing is hidden, are refused."""
    play = with_formula("kaiyuan", clock)
    answer = refused_everywhere(play.knock(hide=[{**FORMULA, "text": typed}]))
    assert answer.guards == {"publication.clean"} and "第 1 项要隐去的文字" in answer.refused[0][2]
    assert typed not in answer.refused[0][2], "a refusal is kept, and read by others"


@pytest.mark.carries("LZ-002", locality="laizhou")
def test_what_is_given_on_request_shows_its_title_and_how_to_ask(clock: Clock) -> None:
    """List, page, search, API: no text in any; published after all, it stands in each. The scheme itself is a title, too."""
    office = make_office("laizhou")
    play = begun(office, "ordinary", clock, until="prepare-publication")
    told = {**WITHHELD, "ground": "on-request", "exempt_basis": "《政府信息公开条例》第二十七条"}
    play.do("exempt-publication", "disclosure-approver", **told)
    row, found = play.case.publications.get(), play.case.state["facts"]["decided"]["found"][:12]
    party = play.case.party
    shown = surfaces(row, party)
    assert not [place for place, body in shown.items() if found in body]
    assert not [place for place, body in shown.items() if party in body.replace(f'value="{party}"', "")]
    assert "罚款2,000元" not in "".join(shown.values())
    one, listed_ = shown[f"/decisions/{row.pk}/"], text(Client().get("/decisions/on-request/"))
    for body in (one, listed_, shown[f"/decisions/{row.pk}.json"]):
        assert f"{play.case.state['facts']['cause']}案" in body and f"向{office.agency.name}提出" in body
    form = re.search(r'href="(/apply/\?[^"]+)"', one)
    assert form, "the way to ask leads to the form"
    asked = text(Client().get(html.unescape(form[1])))
    assert (
        f'value="{office.agency.pk}" selected' in asked
        and f"{play.case.state['facts']['cause']}案</textarea>" in asked
    )
    assert Api().get(f"/public/decisions?q={party}")["total"] == 0
    organ = html.unescape(text(Client().get(f"/agencies/{office.agency.pk}/")))
    assert "三项制度实施方案》（莱自然资规发〔2019〕187号）依申请公开，本平台不登正文" in organ
    again = {"lift_ground": "ended", "lift_basis": "确定为主动公开", "reason": "复查"}
    play.do("lift-exemption", "disclosure-approver", **again)
    play.until("record-payment")
    shown = surfaces(row, found[:6])
    here = (f"/decisions/{row.pk}/", f"/decisions/{row.pk}.json", f"/public/decisions/{row.pk}")
    assert all(found in shown[place] for place in here)
    assert all(str(row.pk) in shown[place] for place in ("/decisions/", f"/decisions/?q={found[:6]}"))
    assert count(q=found[:6]) == 1 and str(row.pk) not in text(Client().get("/decisions/on-request/"))
