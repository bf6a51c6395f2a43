"""Who can be chosen in a form, and what the house works out so that nobody has to."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import F

from sanxiang.cases.models import Case
from sanxiang.desk.forms import Offer, goes_out, officer_choices
from sanxiang.desk.picks import picks_of
from sanxiang.desk.suggestions import suggestions
from sanxiang.door import benchmarks, erasing, gather
from sanxiang.door.models import Task
from sanxiang.door.recording.venues import notice_for
from sanxiang.door.registers.dressing import DRESS
from sanxiang.door.registers.items import with_items
from sanxiang.door.registers.notices import Lists, lists_of, notices, on_list
from sanxiang.door.sight import Sight
from sanxiang.law.clocks import due_of
from sanxiang.law.facts import Facts, Officer
from sanxiang.law.forms import carried
from sanxiang.law.hours import told_hours
from sanxiang.law.money import late_fine, plain, unpaid
from sanxiang.people import roles
from sanxiang.people.authority import attended, officers_on
from sanxiang.people.models import Agency


def offer_of(facts: Facts, case: Case) -> Offer:
    """The form's choices: people only where a field asks for them. At most twelve queries."""
    stated = str(facts.state["facts"].get("item") or "")
    act = with_items(facts.act, case.agency, facts.on, stated)
    act = erasing.with_choices(act, case, facts.pack)
    facts = replace(facts, act=benchmarks.with_tiers(act, benchmarks.offered(act, case, facts.on)))
    types = {one.type for item in facts.act.fields for one in (item, *item.columns)}
    officers = officer_choices(facts, candidates(facts, case), case.act_type) if "officers" in types else ()
    people = staff(case.agency, facts.on) if "person" in types else ()
    lists = lists_of(case.agency, facts.on)
    facts = replace(facts, extra={**facts.extra, "av_items": lists.recorded})
    told = notices(lists, case, facts.pack, facts.act, facts.actor, facts.officers)
    told += told_hours(facts.pack, facts.state, facts.act, facts.on, facts.calendar)
    told += notice_for(case, facts.act)
    seen = as_seen(facts, case)
    return Offer(
        facts,
        tuple(marked(one, lists) for one in officers),
        people,
        computed(seen, case),
        suggestions(seen, case),
        tuple(told),
        picks_of(seen, case, people),
        seen.state["facts"],
    )


def as_seen(facts: Facts, case: Case) -> Facts:
    """The case as far as whoever fills in the form may see it: a form brings no witness along for the eyes of a stranger."""
    state = facts.state
    sight = Sight(facts.actor, state, str(case.unit_id or ""))
    shown = {
        "facts": sight.facts(facts.pack)[0],
        "evidence": [piece for piece in state["evidence"] if sight.may(piece.get("secrecy", "case"))],
        "shown": state.get("shown") if sight.may("witness") else {},
    }
    return replace(facts, state={**state, **shown})


def marked(choice: dict[str, Any], lists: Lists) -> dict[str, Any]:
    """An officer to choose, with a word where the list of officers in force does not have them."""
    if on_list(lists, choice["name"], choice["numbers"]):
        return choice
    return {**choice, "detail": f"{choice['detail']}；不在当日有效的执法人员清单上"}


def candidates(facts: Facts, case: Case) -> tuple[Officer, ...]:
    """The case's handlers, then every other officer of the agency on that day."""
    posts = (
        attended(facts.on)
        .filter(agency=case.agency, role=roles.OFFICER)
        .order_by("unit__name", "person__name")
    )
    ids = dict.fromkeys(
        [*facts.state["handlers"], *(str(key) for key in posts.values_list("person", flat=True))]
    )
    return tuple(map(gather.officer, officers_on(list(ids), facts.on, case.agency)))


def staff(agency: Agency, on: date) -> tuple[dict[str, str], ...]:
    """Everybody with a post in the agency that touches cases, once."""
    posts = (
        attended(on)
        .filter(agency=agency, role__in=roles.CASE_ROLES)
        .select_related("person", "unit")
        .order_by("person__name")
    )
    found: dict[str, str] = {}
    for post in posts:
        place = f"{post.unit.name} " if post.unit else ""
        found.setdefault(str(post.person_id), f"{post.person.name}（{place}{roles.LABELS[post.role]}）")
    return tuple({"value": key, "label": label} for key, label in found.items())


def receiver_of(facts: Facts) -> str:
    """The natural person who will sign for a paper: one to whom certificates were shown, the party's own head before others.

    A company signs through somebody. "" where nobody was shown a certificate yet, and for a head who is known where the
    scheme does not ask that the certificates were shown to whoever receives.
    """
    party = facts.state["facts"].get("party") or {}
    rules = facts.pack.guards_of(facts.act.id, facts.state["procedure"])
    asked = any(g.needs == "shown-to-each" and "receiver" in g.args["fields"] for g in rules)
    if not asked and (party.get("legal_rep") or party.get("kind") != "org"):
        return ""
    shown = list(dict.fromkeys(name for names in (facts.state.get("shown") or {}).values() for name in names))
    own = [str(party.get(key) or "") for key in ("legal_rep", "contact")]
    own += [str(party.get("name") or "")] if party.get("kind") == "citizen" else []
    known = [name for name in own if name and any(name in one or one in name for one in shown)]
    return next(iter([*known, *shown]), "")


def related(name: str, party: Mapping[str, Any]) -> str:
    """The name with what its bearer is to the party, where the case says so; it is what the receipt has to state."""
    if name == party.get("legal_rep"):
        return f"{name}（{'法定代表人' if party.get('kind') == 'org' else '经营者'}）"
    own = party.get("kind") in ("citizen", "individual-business") and name == party.get("name")
    return f"{name}（本人）" if own else name


def paper_asked(facts: Facts, case: Case) -> str:
    """The paper that the most urgent open task wants served, the one whose title the case page shows; "" without one.

    One query for acts that serve, none for others.
    """
    if not any(effect["do"] == "serve" for effect in facts.act.effects) or case.pk is None:
        return ""
    open_ = Task.objects.filter(case=case, closed_n=None, kind__in=facts.act.closes)
    task = open_.order_by(F("due").asc(nulls_last=True), "opened_n").first()
    rules = facts.pack.papers
    made = [
        kind
        for kind, paper in facts.state["papers"].items()
        if task
        and kind in rules
        and goes_out(rules[kind], facts.act)
        and paper.get("status") != "served"
        and int(paper.get("n", -1)) == task.opened_n
    ]
    return next(
        (kind for kind in made if rules[kind].label in (task.title if task else "")), next(iter(made), "")
    )


def beginning(facts: Facts) -> dict[str, Any]:
    """What a form of the first steps brings: who stands there and before whom, and what was told on the spot."""
    stated, known = facts.state["facts"], dict[str, Any]()
    if facts.act.field("officers") and not facts.state["handlers"] and roles.OFFICER in facts.act.by:
        known["officers"] = [facts.actor.id]
    if facts.act.field(DRESS):
        known[DRESS] = [{"officer": one} for one in facts.state["handlers"] or [facts.actor.id]]
    party = stated.get("party") or {}
    head = party.get("legal_rep") or (party.get("name") if party.get("kind") != "org" else "")
    if facts.act.field("shown_to") and head:
        name, _, relation = related(str(head), party).partition("（")
        known["shown_to"] = [{"name": name, "relation": relation.removesuffix("）")}]
    told = stated.get("notified") or {}
    if facts.act.id == ON_THE_SPOT and told.get("kinds"):
        known["decision"] = {key: told[key] for key in ("kinds", "fine") if told.get(key)}
    return known


ON_THE_SPOT = "decide-on-spot"


def computed(facts: Facts, case: Case) -> dict[str, Any]:
    """Values that the law works out, or the agency's own: the public text's digest, what is still to pay, the additional
    fine up to today, the court."""
    known = beginning(facts)
    moves = [effect for effect in facts.act.effects if effect["do"] == "pay"]
    if moves and (open_ := unpaid(facts.state) * (-1 if moves[0].get("back") else 1)) > 0:
        known["amount"] = plain(open_)
    if (item := facts.act.field("receiver")) and (
        name := receiver_of(facts) or carried(item, facts.state["facts"])
    ):
        known["receiver"] = related(str(name), facts.state["facts"].get("party") or {})
    if facts.act.field("paper") and (paper := paper_asked(facts, case)):
        known["paper"] = paper
    if facts.act.field("responsible"):
        known["responsible"] = facts.actor.id
    if facts.act.field("court"):
        known["court"] = case.agency.court
    if "publication_digest" in facts.extra and facts.act.field("digest"):
        known["digest"] = facts.extra["publication_digest"]
    clock, rule = facts.state["clocks"].get("pay"), facts.pack.limits.get("pay")
    if facts.act.field("late_fine") and clock and rule:
        due = due_of(clock, rule, facts.pack, facts.calendar)
        known["late_fine"] = plain(late_fine(facts.state, due.date, facts.on)) if due else None
    return known
