"""What the fields of administrative acts may point at: who and what can be chosen, and what was meant.

`Scope` is the set of agencies in which the one who acts has a say; None is the operator, who has it everywhere. What
lies outside does not exist for the form and is refused at the door, so that nobody grants posts to another county's people.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from sanxiang.cases.models import Case
from sanxiang.door.models import Loan, Number
from sanxiang.door.pinned import current
from sanxiang.law.packs import list_packs, usable_packs
from sanxiang.ledger.models import Opening
from sanxiang.people import roles
from sanxiang.people.authority import uuid_of
from sanxiang.people.models import Agency, Certificate, Leave, MachineToken, Person, Post, Unit
from sanxiang.people.signin import fold_username
from sanxiang.registers.models import Draft, Filing, Recheck
from sanxiang.speech import cn_day

Scope = frozenset[UUID] | None


@dataclass(frozen=True)
class Reference:
    """One kind of thing to point at: what pages offer as (value, label), and the row that a value means."""

    choices: Callable[[Agency, Scope, date], list[tuple[str, str]]]
    find: Callable[[str, Agency, Scope], Any]


def staff(scope: Scope) -> QuerySet[Person]:
    """Everybody who has, had or may get a post in these agencies: posts, and accounts made there that have none yet."""
    if scope is None:
        return Person.objects.all()
    return Person.objects.filter(
        Q(pk__in=Post.objects.filter(agency__in=scope).values("person")) | Q(pk__in=unposted(scope))
    )


def unposted(scope: Scope) -> list[UUID]:
    """Accounts made by an act on one of these agencies that never had a post. Two queries at most."""
    bare = set(Person.objects.filter(posts=None).values_list("pk", flat=True))
    if not bare or scope is None:
        return sorted(bare)
    made = Opening.objects.filter(act__subject__in=scope, act__name="add-person", name="row")
    return sorted(
        bare & {key for value in made.values_list("value", flat=True) if (key := uuid_of(value or ""))}
    )


def key_of(value: str) -> UUID:
    """The key that was written; what is none leads nowhere."""
    return uuid_of(value) or UUID(int=0)


def people(agency: Agency, scope: Scope, on: date) -> list[tuple[str, str]]:
    """Accounts in use, with their number of the account so that namesakes differ."""
    found = staff(scope).filter(active=True).order_by("name", "username")
    return [(str(p.pk), f"{p.name}（{p.username}）") for p in found.only("name", "username")]


def person(value: str, agency: Agency, scope: Scope) -> Person | None:
    """By key or by account."""
    key = uuid_of(value)
    rows = Person.objects.filter(pk=key) if key else Person.objects.filter(username=fold_username(value))
    found = rows.first()
    if found is None or scope is None:
        return found
    known = Post.objects.filter(person=found, agency__in=scope).exists() or found.pk in unposted(scope)
    return found if known else None


def units(agency: Agency, scope: Scope, on: date) -> list[tuple[str, str]]:
    """The agency's units."""
    return [(str(u.pk), u.name) for u in Unit.objects.filter(agency=agency).order_by("name")]


def unit(value: str, agency: Agency, scope: Scope) -> Unit | None:
    """By key or by name, always of this agency."""
    key = uuid_of(value)
    return Unit.objects.filter(agency=agency).filter(Q(pk=key) if key else Q(name=value)).first()


def posts(agency: Agency, scope: Scope, on: date) -> list[tuple[str, str]]:
    """Posts of the agency that have not ended."""
    rows = Post.objects.filter(agency=agency).exclude(valid_until__lt=on).select_related("person", "unit")
    return [(str(p.pk), post_name(p)) for p in rows.order_by("person__name", "role")]


def post_name(post: Post) -> str:
    """A post in words."""
    return f"{post.person.name} {post.unit.name if post.unit else ''}{roles.LABELS[post.role]}"


def post(value: str, agency: Agency, scope: Scope) -> Post | None:
    """By key, always of this agency."""
    return Post.objects.filter(agency=agency, pk=key_of(value)).select_related("person").first()


def certificates(agency: Agency, scope: Scope, on: date) -> list[tuple[str, str]]:
    """Certificates of everybody within reach."""
    rows = Certificate.objects.filter(person__in=staff(scope), revoked_on=None).select_related("person")
    return [(str(c.pk), f"{c.person.name} {c.number}") for c in rows.order_by("person__name", "number")]


def certificate(value: str, agency: Agency, scope: Scope) -> Certificate | None:
    """By key or by number, of somebody within reach."""
    key = uuid_of(value)
    found = Certificate.objects.filter(Q(pk=key) if key else Q(number=value)).select_related("person").first()
    return found if found and person(str(found.person_id), agency, scope) else None


def leaves(agency: Agency, scope: Scope, on: date) -> list[tuple[str, str]]:
    """Leaves of today and later."""
    rows = Leave.objects.filter(person__in=staff(scope)).exclude(valid_until__lt=on).select_related("person")
    return [(str(x.pk), f"{x.person.name} {cn_day(x.valid_from)}起") for x in rows.order_by("valid_from")]


def leave(value: str, agency: Agency, scope: Scope) -> Leave | None:
    """By key, of somebody within reach."""
    found = Leave.objects.filter(pk=key_of(value)).select_related("person").first()
    return found if found and person(str(found.person_id), agency, scope) else None


def agencies(agency: Agency, scope: Scope, on: date) -> list[tuple[str, str]]:
    """Every other agency in use; their names are public."""
    rows = Agency.objects.filter(active=True).exclude(pk=agency.pk).order_by("name")
    return [(str(key), name) for key, name in rows.values_list("pk", "name")]


def other_agency(value: str, agency: Agency, scope: Scope) -> Agency | None:
    """By key or by name."""
    key = uuid_of(value)
    return Agency.objects.exclude(pk=agency.pk).filter(Q(pk=key) if key else Q(name=value)).first()


def tokens(agency: Agency, scope: Scope, on: date) -> list[tuple[str, str]]:
    """Tokens that were not taken back."""
    rows = MachineToken.objects.filter(post__agency=agency, revoked_at=None).order_by("name")
    return [(str(key), name) for key, name in rows.values_list("pk", "name")]


def token(value: str, agency: Agency, scope: Scope) -> MachineToken | None:
    """By key, always of this agency."""
    return MachineToken.objects.filter(post__agency=agency, pk=key_of(value)).first()


def localities(agency: Agency, scope: Scope, on: date) -> list[tuple[str, str]]:
    """The packs that can be used; one that is just being written may be broken."""
    return [(name, pack.name) for name, pack in usable_packs().items()]


def locality(value: str, agency: Agency, scope: Scope) -> str | None:
    """A pack by its id."""
    return value if value in list_packs() else None


def series(agency: Agency, scope: Scope, on: date) -> list[tuple[str, str]]:
    """The kinds of papers that bear a number here, decisions on the spot first: theirs are taken along."""
    found = [
        (p.series, f"{p.label}（{p.series}）") for p in current(agency.locality).papers.values() if p.series
    ]
    return sorted(dict(found).items(), key=lambda one: "当场" not in one[1])


def one_series(value: str, agency: Agency, scope: Scope) -> str | None:
    """A series by its 文种代字."""
    return value if value in dict(series(agency, scope, date.min)) else None


def numbers(agency: Agency, scope: Scope, on: date) -> list[tuple[str, str]]:
    """Numbers still reserved."""
    rows = Number.objects.filter(series__agency=agency, status="reserved").order_by("series", "ordinal")
    return [(str(key), text) for key, text in rows.values_list("pk", "text")]


def number(value: str, agency: Agency, scope: Scope) -> Number | None:
    """By key or as it is written, always of this agency."""
    key = {"pk": int(value)} if value.isascii() and value.isdigit() else {"text": value}
    return Number.objects.filter(series__agency=agency, **key).first()


MOST_FILES = 500
"""So many archived files a list offers, the newest; every other is found by its number."""


def archived(agency: Agency, scope: Scope, on: date) -> list[tuple[str, str]]:
    """Archived files of the agency that are in their place."""
    rows = Case.objects.filter(agency=agency, stage="archived").exclude(
        loans__in=Loan.objects.filter(returned_at=None)
    )
    return named_files(rows.order_by("-opened_at", "pk")[:MOST_FILES])


def lent(agency: Agency, scope: Scope, on: date) -> list[tuple[str, str]]:
    """Files of the agency that are out."""
    return named_files(
        Case.objects.filter(agency=agency, loans__returned_at=None, loans__isnull=False).order_by("pk")
    )


def named_files(cases: QuerySet[Case]) -> list[tuple[str, str]]:
    """Files by number and title."""
    rows = cases.values_list("pk", "number", "code", "title")
    return [(str(key), f"{number or code} {title}") for key, number, code, title in rows]


def file_of(value: str, agency: Agency, scope: Scope) -> Case | None:
    """By key, number or code, always of this agency; whether it may be lent the act says."""
    key, own = (
        uuid_of(value),
        Case.objects.filter(agency=agency).only("id", "agency", "stage", "number", "title"),
    )
    return own.filter(Q(pk=key) if key else Q(number=value) | Q(code=value)).first()


def drafts(agency: Agency, scope: Scope, on: date) -> list[tuple[str, str]]:
    """Drafts of lists that are neither released nor dropped."""
    return [
        (str(one.pk), str(one)) for one in Draft.objects.filter(agency=agency, ended="").order_by("label")
    ]


def filings(agency: Agency, scope: Scope, on: date) -> list[tuple[str, str]]:
    """Versions that are not yet told on the page of the government."""
    rows = Filing.objects.filter(release__register__agency=agency, admitted_at=None)
    return [(str(one.pk), str(one)) for one in rows.select_related("release__register").order_by("opened_at")]


def rechecks(agency: Agency, scope: Scope, on: date) -> list[tuple[str, str]]:
    """Entries of lists that are to be looked over."""
    rows = Recheck.objects.filter(register__agency=agency, closed_at=None).select_related("register")
    return [(str(one.pk), str(one)) for one in rows.order_by("opened_at")]


def a_draft(value: str, agency: Agency, scope: Scope) -> Draft | None:
    """By key, always of this agency."""
    return Draft.objects.filter(agency=agency, pk=key_of(value)).first()


def a_filing(value: str, agency: Agency, scope: Scope) -> Filing | None:
    """By key, always of this agency."""
    rows = Filing.objects.filter(release__register__agency=agency, pk=key_of(value))
    return rows.select_related("release__register").first()


def a_recheck(value: str, agency: Agency, scope: Scope) -> Recheck | None:
    """By key, always of this agency."""
    return (
        Recheck.objects.filter(register__agency=agency, pk=key_of(value)).select_related("register").first()
    )


REFERENCES: dict[str, Reference] = {
    "person": Reference(people, person),
    "unit": Reference(units, unit),
    "post": Reference(posts, post),
    "certificate": Reference(certificates, certificate),
    "leave": Reference(leaves, leave),
    "agency": Reference(agencies, other_agency),
    "token": Reference(tokens, token),
    "locality": Reference(localities, locality),
    "paper-series": Reference(series, one_series),
    "reserved-number": Reference(numbers, number),
    "archived-case": Reference(archived, file_of),
    "lent-case": Reference(lent, file_of),
    "register-draft": Reference(drafts, a_draft),
    "register-filing": Reference(filings, a_filing),
    "register-recheck": Reference(rechecks, a_recheck),
}
"""By the type of the field."""
