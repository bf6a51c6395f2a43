"""What spoilers are made with: how they are registered, and the small steps that many of them need.

A spoiler stands in a lawful case, one step before, and spoils one thing so that just one guard fails. It gets a `Play` on a side
path that is forgotten afterwards and returns the knock (or several) to be refused; no knock where the locality lifts the guard.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F

from knocks import Knock
from play import Play
from sanxiang.cases.models import Case
from sanxiang.demo import stories
from sanxiang.law.packs import Pack
from sanxiang.law.rules import Guard
from sanxiang.people.models import Certificate, Person
from side_stories import BOOK, REASON

Spoil = Callable[[Play], Knock | list[Knock]]
Everywhere = Callable[[Play], tuple[Knock, set[str]]]

END = "the end"
"""Behind a story's last step."""


@dataclass(frozen=True)
class Spoiler:
    """Which guard fails, in which story, before which of its steps, and what else cannot but fail with it.

    Of `also`, only what the locality asks of that act is expected.
    """

    guard: str
    story: str
    before: str
    spoil: Spoil
    also: frozenset[str] = frozenset()


SPOILERS: list[Spoiler] = []
EVERYWHERE: dict[str, Everywhere] = {}
"""Guards that stand before many acts: tried at each of these acts that a story comes to."""


def told_guards(pack: Pack) -> list[Guard]:
    """The rules that stand before an act of the stories' procedures. Those of other kinds of acts are seen to refuse by the
    examples beside them, without which `pack check` lets no rule in."""
    procedures = {BOOK[name][0] for name in BOOK}

    def stands(guard: Guard) -> bool:
        acts = (pack.acts[name] for name in guard.on if name in pack.acts)
        here = {p for act in acts for p in act.procedures} & procedures
        return bool(here & set(guard.procedures) if guard.procedures else here)

    return [guard for guard in pack.guards if stands(guard) and not guard.id.startswith(ELSEWHERE)]


ELSEWHERE = (
    "archive.",
    "supplement.",
    "destruction.",
    "explain-missing.",
    "hand-over.",
    "hold.",
    "release.",
    "mark.",
    "register-paper.",
    "seal.",
    "sign-paper.",
    "certify-paper.",
    "refuse-signature.",
    "attach-scan.",
    "lev.",
    "serve.coercion-",
    "void.no-coercion",
    "repair.",
)
"""Rules on what is done with any case's file, papers, films and public text: refused in the tests of those pages, and by their examples."""


def fails(guard: str, story: str, before: str, *also: str) -> Callable[[Spoil], Spoil]:
    """Register a spoiler."""

    def register(spoil: Spoil) -> Spoil:
        SPOILERS.append(Spoiler(guard, story, before, spoil, frozenset(also)))
        return spoil

    return register


def fails_everywhere(guard: str) -> Callable[[Everywhere], Everywhere]:
    """Register a spoiler for each act of a guard."""

    def register(spoil: Everywhere) -> Everywhere:
        EVERYWHERE[guard] = spoil
        return spoil

    return register


# Days


def yesterday(play: Play) -> date:
    """The day before the play's."""
    return play.moment.date() - timedelta(days=1)


# People


def certificates(play: Play, who: str) -> list[Certificate]:
    """The person's certificates."""
    return list(Certificate.objects.filter(person=play.person(who)))


def change_certificates(play: Play, who: str, **change: Any) -> None:
    """Change each certificate of a person, through the door."""
    for row in certificates(play, who):
        play.administer("change-certificate", certificate=row, **change)


def certify(play: Play, who: str) -> None:
    """Give a person a certificate like the first officer's."""
    like = certificates(play, "officer1")[0]
    same = ("kind", "categories", "area", "valid_from", "valid_until", "inspected_until", "exam_passed_on")
    told = {name: getattr(like, name) for name in same}
    play.administer("issue-certificate", person=play.person(who), number=f"演示补{who}", **told)


def make_reviewer(play: Play, who: str, qualified: bool = True) -> None:
    """Give a person the post of a legal reviewer too, and the national legal qualification."""
    play.administer("grant-post", person=play.person(who), role="legal-reviewer", valid_from=date(2025, 1, 2))
    if qualified:
        rows = Person.objects.filter(id=play.person(who).id)
        rows.update(has_legal_qualification=True, qualification_number="演示资格二", n=F("n") + 1)


def recuse(play: Play, who: str, by: str = "party") -> None:
    """A recusal asked for and granted; that of the head by a deputy."""
    decides = "agency-head"
    if who == decides:
        decides = "archivist"
        told = {"role": "agency-head", "valid_from": date(2025, 1, 2)}
        play.administer("grant-post", person=play.person(decides), **told)
    play.do("request-recusal", "officer1", recusal_of=play.office.id(who), recusal_by=by, **REASON)
    play.do("decide-recusal", decides, granted=True, **REASON)


def handover(play: Play, *who: str) -> dict[str, Any]:
    """What a change of handlers says."""
    return {"officers": [play.office.id(w) for w in who], "handed_over": "案卷一册", **REASON}


# The case


def without(told: dict[str, Any], *names: str) -> dict[str, Any]:
    """The same with some things left unsaid."""
    return {name: value for name, value in told.items() if name not in names}


def evidence(play: Play, **more: Any) -> dict[str, Any]:
    """A piece of evidence without a file."""
    told = {"kind": "documentary", "title": "台账", "proves": "水量", "source_of": "当事人提供"}
    return {**told, "officers": stories.two(play.office), **more}


def pay(play: Play, amount: str) -> None:
    """So much of the principal has come in."""
    play.do("record-payment", "officer1", amount=amount, towards="principal", receipt="票据 9")


def forget(play: Play, act: str) -> None:
    """The case has no record of an act, as one begun under rules that did not ask for it."""
    state = play.case.state
    state["last"] = {k: v for k, v in state["last"].items() if k.split(":")[0].split("+")[0] != act}
    Case.objects.filter(id=play.case_id).update(state=state, n=F("n") + 1)
