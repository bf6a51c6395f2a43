"""What a new version of a law touches in an installation: entries of registers, running deadlines, open cases."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from sanxiang.cases.models import Case
from sanxiang.door.gather import calendar, pack_of
from sanxiang.law.articles import bare_article
from sanxiang.law.citing import NATION, articles_in, changed_articles
from sanxiang.law.clocks import due_of, label_of, rule_of
from sanxiang.people.models import Agency, GrantedItem
from sanxiang.registers.models import Release, Statute
from sanxiang.registers.releases import in_force


@dataclass(frozen=True)
class Versions:
    """The texts imported of a law, newest first, and the articles that the newest changed."""

    days: tuple[date, ...]
    changed: tuple[str, ...]

    def touches(self, articles: tuple[str, ...]) -> bool | None:
        """Does the newest version change what is cited? A law cited as a whole is touched; None with nothing to compare."""
        if len(self.days) < 2:
            return None
        return not articles or bool(set(articles) & set(self.changed))


def versions_of(name: str) -> Versions:
    """The imported texts, under the short name or the full one."""
    texts = list(Statute.objects.filter(name__in=(name, NATION + name)).order_by("-version"))
    changed = changed_articles(texts[1].articles, texts[0].articles) if len(texts) > 1 else []
    return Versions(tuple(text.version for text in texts), tuple(changed))


def registers_citing(name: str, on: date, agency: Agency | None = None) -> list[dict[str, Any]]:
    """Entries of the lists in force that day, or released for a later one, and of matters granted to towns.

    Of one agency, or of all.
    """
    found = [row for release in _releases(agency, on).iterator(50) for row in _entries(release, name)]
    whose = Q(agency=agency) if agency else Q()
    lasting = Q(valid_until=None) | Q(valid_until__gte=on)
    granted = GrantedItem.objects.filter(whose, lasting).select_related("agency")
    for item in granted.order_by("agency__name", "item_code"):
        articles = articles_in(item.basis, name)
        if articles is not None:
            told = {"register": "赋权事项", "kind": "granted-items", "id": None, "version": None, "row": None}
            found.append({"agency": item.agency.name, **told, "name": item.label, "articles": articles})
    return found


def _releases(agency: Agency | None, on: date) -> QuerySet[Release]:
    """Of each register the release in force, and those still to come. One query."""
    wanted = Q(pk__in=in_force(on).values("pk")) | Q(in_force_from__gt=on)
    whose = Q(register__agency=agency) if agency else Q()
    found = Release.objects.filter(wanted, whose).select_related("register__agency")
    return found.order_by("register__agency__name", "register__kind", "version")


def _entries(release: Release, name: str) -> Iterator[dict[str, Any]]:
    for place, row in enumerate(release.rows, 1):
        articles = articles_in(row, name)
        if articles is not None:
            yield {
                "agency": release.register.agency.name,
                "register": release.register.label,
                "kind": release.register.kind,
                "id": str(release.register_id),
                "version": release.version,
                "row": place,
                "name": _name_of(row),
                "articles": articles,
            }


def _name_of(row: dict[str, Any]) -> str:
    """What an entry is called: the column that names it, else its first words."""
    naming = [
        value for key, value in row.items() if key.endswith(("名称", "违法行为", "事项")) or key == "name"
    ]
    return next((str(value) for value in [*naming, *row.values()] if value), "")


def cases_citing(
    name: str, agencies: Collection[UUID] | None = None
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Open cases whose facts name the law, and the running deadlines of open cases that the law sets. Raises PackLost.

    Of these agencies, or of all.
    """
    whose = Q() if agencies is None else Q(agency__in=agencies)
    cases: list[dict[str, Any]] = []
    deadlines: list[dict[str, Any]] = []
    for case in Case.objects.filter(whose, closed="").order_by("opened_at").iterator(500):
        told = {"id": str(case.id), "number": case.number, "title": case.title}
        articles = articles_in(case.state["facts"], name)
        if articles is not None:
            cases.append({**told, "articles": articles})
        deadlines += [{"case": told["id"], **told, **row} for row in _deadlines(case, name)]
    return cases, deadlines


def _deadlines(case: Case, name: str) -> Iterator[dict[str, Any]]:
    pack = pack_of(case)
    for id, clock in case.state["clocks"].items():
        rule = rule_of(pack, id)
        if rule is None or clock["ended"] or rule.citation.instrument != name:
            continue
        due = due_of(clock, rule, pack, calendar())
        article = bare_article(rule.citation.article)
        yield {
            "limit": id,
            "label": label_of(pack, id),
            "due": due.date.isoformat() if due else None,
            "articles": (article,) if article else (),
        }
