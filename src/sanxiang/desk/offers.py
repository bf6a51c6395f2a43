"""Who can be chosen in a form, and what the house works out so that nobody has to."""

from dataclasses import replace
from datetime import date
from typing import Any

from sanxiang.cases.models import Case
from sanxiang.desk.forms import Offer, officer_choices
from sanxiang.desk.suggestions import suggestions
from sanxiang.door import benchmarks, gather
from sanxiang.door.items import with_items
from sanxiang.door.notices import Lists, lists_of, notices, on_list
from sanxiang.law.clocks import due_of
from sanxiang.law.facts import Facts, Officer
from sanxiang.law.money import late_fine, plain, unpaid
from sanxiang.people import roles
from sanxiang.people.authority import attended, officers_on
from sanxiang.people.models import Agency


def offer_of(facts: Facts, case: Case) -> Offer:
    """The form's choices: people only where a field asks for them. At most ten queries."""
    stated = str(facts.state["facts"].get("item") or "")
    act = with_items(facts.act, case.agency, facts.on, stated)
    facts = replace(facts, act=benchmarks.with_tiers(act, benchmarks.offered(act, case, facts.on)))
    types = {item.type for item in facts.act.fields}
    officers = officer_choices(facts, candidates(facts, case), case.act_type) if "officers" in types else ()
    people = staff(case.agency, facts.on) if "person" in types else ()
    lists = lists_of(case.agency, facts.on)
    told = notices(lists, case, facts.pack, facts.act, facts.actor, facts.officers)
    return Offer(
        facts,
        tuple(marked(one, lists) for one in officers),
        people,
        computed(facts, case),
        suggestions(facts, case),
        tuple(told),
    )


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


def computed(facts: Facts, case: Case) -> dict[str, Any]:
    """Values that the law works out, or the agency's own: the public text's digest, what is still to pay, the additional
    fine up to today, the court."""
    known: dict[str, Any] = {}
    moves = [effect for effect in facts.act.effects if effect["do"] == "pay"]
    if moves and (open_ := unpaid(facts.state) * (-1 if moves[0].get("back") else 1)) > 0:
        known["amount"] = plain(open_)
    if facts.act.field("receiver") and (name := receiver_of(facts)):
        known["receiver"] = name
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
