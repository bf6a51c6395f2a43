"""Who may look at what inside a case. All names are invented."""

import copy
from dataclasses import replace
from typing import Any

import pytest

from sanxiang.door.sight import Sight, marks_of, printed_by, who_may_see
from sanxiang.law.facts import Actor, empty_state
from sanxiang.law.packs import Pack, load_pack

LOCALITIES = ("laizhou", "dongying", "lingchuan", "kaiyuan", "huantai")
HANDLER = Actor("a", "林青", roles=frozenset({"officer"}))
COLLEAGUE = Actor("b", "何苇", roles=frozenset({"officer"}))
HEAD = Actor("c", "秦禾", roles=frozenset({"agency-head"}))
UNIT_HEAD = Actor("d", "周岚", roles=frozenset({"unit-head"}), headed=("brigade",))
REVIEWER = Actor("e", "宋砚", roles=frozenset({"legal-reviewer"}))
SUPERVISOR = Actor("f", "卫衡", roles=frozenset({"supervisor"}))


def state(**more: Any) -> dict[str, Any]:
    return {**empty_state("ordinary", "intake"), "handlers": ["a"], **more}


@pytest.fixture(params=LOCALITIES)
def pack(request: pytest.FixtureRequest) -> Pack:
    return load_pack(request.param)


@pytest.mark.parametrize("secrecy", ["public", "case", "identity", "person"])
@pytest.mark.parametrize("who", [HANDLER, COLLEAGUE, SUPERVISOR])
def test_it_shows_ordinary_fields_to_whoever_may_see_the_case(who: Actor, secrecy: str) -> None:
    assert who_may_see(who, state(), secrecy)


@pytest.mark.parametrize(
    ("who", "may"),
    [
        (HANDLER, True),
        (HEAD, True),
        (UNIT_HEAD, True),
        (COLLEAGUE, False),
        (REVIEWER, False),
        (SUPERVISOR, False),
    ],
)
def test_it_shows_the_informant_to_handlers_and_heads_alone(who: Actor, may: bool) -> None:
    assert who_may_see(who, state(review={"round": 1}), "informant", "brigade") is may


def test_it_shows_witnesses_to_a_reviewer_once_the_case_is_handed_over() -> None:
    assert not who_may_see(REVIEWER, state(), "witness")
    assert who_may_see(REVIEWER, state(review={"round": 1}), "witness")


def test_the_head_of_another_unit_sees_no_informant() -> None:
    assert not who_may_see(UNIT_HEAD, state(), "informant", "station")


def test_a_handler_who_left_the_case_sees_no_informant() -> None:
    assert not who_may_see(HANDLER, state(handlers=["b"], former_handlers=["a"]), "informant")


def test_an_unknown_mark_hides() -> None:
    assert not who_may_see(HEAD, state(), "state-secret")


def test_the_packs_use_no_mark_that_hides_from_everybody(pack: Pack) -> None:
    assert all(who_may_see(HANDLER, state(), mark) for mark in marks_of(pack).values())


def test_facts_are_withheld_by_name(pack: Pack) -> None:
    known = state(facts={"informant": "举报人甲", "cause": "擅自取水"})
    assert Sight(COLLEAGUE, known).facts(pack) == ({"cause": "擅自取水"}, ["informant"])
    assert Sight(HANDLER, known).facts(pack) == (known["facts"], [])


@pytest.mark.parametrize(
    ("clue", "hidden"),
    [
        ({"source": "complaint"}, ["summary"]),
        ({"source": "transfer", "informant": "举报人甲"}, ["informant", "summary"]),
        ({"source": "inspection"}, []),
    ],
)
def test_what_a_complaint_told_is_withheld_with_the_informant(
    pack: Pack, clue: dict[str, str], hidden: list[str]
) -> None:
    known = state(facts={**clue, "summary": "邻居反映夜里排污"})
    assert sorted(Sight(COLLEAGUE, known).facts(pack)[1]) == hidden
    assert Sight(HANDLER, known).facts(pack)[1] == []


def test_a_copy_is_as_secret_as_what_was_copied(pack: Pack) -> None:
    act = next(iter(pack.acts.values()))
    copying = replace(act, effects=({"do": "copy", "from": "informant", "to": "reported_by"},))
    changed = replace(pack, acts={**pack.acts, act.id: copying})
    assert marks_of(changed)["reported_by"] == "informant"


def test_closed_columns_are_cut_out_of_groups_and_rows(pack: Pack) -> None:
    party = pack.acts["file"].field("party") or pack.acts["start-summary"].field("party")
    assert party is not None
    closed = replace(
        party,
        columns=tuple(replace(c, secrecy="informant") if c.name == "phone" else c for c in party.columns),
    )
    value = {"name": "某公司", "phone": "0000-1"}
    before = copy.deepcopy(value)
    assert Sight(COLLEAGUE, state()).of(closed, value) == {"name": "某公司"}
    assert Sight(COLLEAGUE, state()).of(closed, [value]) == [{"name": "某公司"}]
    assert Sight(HANDLER, state()).of(closed, value) == before == value


def test_a_paper_is_closed_when_it_prints_what_is_closed(pack: Pack) -> None:
    assert "interviewee" in printed_by(pack, "interview-record").names
    assert not Sight(COLLEAGUE, state()).paper(pack, "interview-record", {"interviewee": "witness"})
    assert Sight(HANDLER, state()).paper(pack, "interview-record", {"interviewee": "witness"})
    assert Sight(COLLEAGUE, state()).paper(pack, "site-record", {"record": "case"})


def test_what_was_said_bears_the_mark_of_the_act_that_said_it(pack: Pack) -> None:
    """A witness is questioned and a site inspected into fields of one name; a testimony and a copy are both filed as evidence."""
    marks = {act: pack.acts[act].field("record") for act in ("inspect", "interview")}
    assert {act: item.mark({}) for act, item in marks.items() if item} == {
        "inspect": "case",
        "interview": "witness",
    }
    title = pack.acts["add-evidence"].field("title")
    assert title is not None
    assert [title.mark({"kind": kind}) for kind in ("testimony", "documentary")] == ["witness", "case"]
    assert "record" not in marks_of(pack)


def test_archivists_see_the_witnesses_of_a_closed_case() -> None:
    archivist = Actor("g", "陶简", roles=frozenset({"archivist"}))
    assert not who_may_see(archivist, state(), "witness")
    assert who_may_see(archivist, state(closed="closed"), "witness")
    assert not who_may_see(archivist, state(closed="closed"), "informant")


def test_no_paper_prints_the_informant(pack: Pack) -> None:
    assert not [
        kind
        for kind in pack.papers
        if {"informant", "told_informant", "summary"} & printed_by(pack, kind).names
    ]


def worded(pack: Pack, kind: str, body: str) -> Pack:
    """The pack with another template for one paper."""
    return replace(pack, papers={**pack.papers, kind: replace(pack.papers[kind], body=body)})


@pytest.mark.parametrize(
    ("body", "open_"),
    [
        ("{{ agency.title }}", True),
        ("{{ data.on | title }}", True),
        ("{{ {'title': '标题'}['title'] }}", True),
        ("{% if data.title %}有{% endif %}", True),
        ("{{ '有' if data.title else '无' }}", True),
        ("{{ '另存' if secret('title') else data.title }}", True),
        ("{{ '无' if act.id == 'x' else data.title }}", False),
        ("{{ data.title or '' }}", False),
        ("{{ data['title'] }}", False),
        ("{{ data.get('title') }}", False),
        ("{% set shown = data.title %}{{ shown }}", False),
        ("{% for name in ['title'] %}{{ data[name] }}{% endfor %}", False),
        ("{% for one in data.title %}{{ loop.index }}{% endfor %}", False),
    ],
)
def test_a_paper_is_closed_by_what_it_prints_not_by_a_word_that_reads_alike(
    pack: Pack, body: str, open_: bool
) -> None:
    changed = worded(pack, "site-record", body)
    assert Sight(COLLEAGUE, state()).paper(changed, "site-record", {"title": "witness"}) is open_


def test_a_paper_is_closed_when_it_quotes_what_another_act_was_told_in_confidence(pack: Pack) -> None:
    """The answer to an objection names who objected; the act that recorded the objection kept the name to the handlers."""
    assert not Sight(COLLEAGUE, state()).paper(pack, "cfm-objection-answer", {})
    assert Sight(HANDLER, state()).paper(pack, "cfm-objection-answer", {})
