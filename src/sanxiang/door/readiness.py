"""What an agency still lacks before its first case can be opened and carried to its end, and the act that cures each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from sanxiang.door import gather
from sanxiang.door.admin.rules import CERTIFICATES
from sanxiang.door.pinned import current
from sanxiang.law.blocks import Citation
from sanxiang.law.conditions.people import officer_flaw, reviewer_flaw
from sanxiang.law.facts import Actor, Facts, Officer, empty_state
from sanxiang.law.packs import Pack
from sanxiang.people import roles
from sanxiang.people.authority import granted_on, officers_on
from sanxiang.people.models import Agency, Post, Unit, in_force

PAPERS = Citation("行政处罚法", "第五十九条")
REVIEW = Citation("行政处罚法", "第五十八条")
PUBLIC = Citation("行政处罚法", "第四十八条")
FILING = Citation("行政处罚法", "第五十四条")
ARCHIVING = Citation("行政处罚法", "第四十七条")
DECIDING = Citation("行政处罚法", "第五十七条")
GRANTED = Citation("行政处罚法", "第二十四条")

NO_CASES = frozenset({Agency.Kind.GOVERNMENT.value, Agency.Kind.SUPERVISOR.value})
"""These answer for others and handle no cases of their own."""


@dataclass(frozen=True)
class Need:
    """One thing that a first case takes: whether it is there, what was found, and the act that brings it."""

    label: str
    met: bool
    fact: str
    act: str
    citation: Citation
    told: Mapping[str, str] = field(default_factory=dict)
    """What the form of that act may be filled in with."""


@dataclass(frozen=True)
class Standing:
    """An agency on one day, read once."""

    agency: Agency
    on: date
    posts: tuple[Post, ...]
    units: tuple[Unit, ...]
    fit: tuple[Officer, ...]
    flaws: tuple[str, ...]

    def holders(self, role: str) -> list[Post]:
        """The posts of that role."""
        return [post for post in self.posts if post.role == role]


def readiness(agency: Agency, on: date) -> list[Need]:
    """The list, in the order in which an office is set up. Four queries, five for a town, whatever the agency's size."""
    standing = standing_of(agency, on)
    people = [*organs(standing), *enforcers(standing), *others(standing)]
    return [placed(agency), *granted(agency, on), *printed(agency), *people]


def standing_of(agency: Agency, on: date) -> Standing:
    """Posts, units, and which officers may enforce today."""
    rows = Post.objects.filter(in_force(on), agency=agency, person__active=True)
    posts = tuple(rows.select_related("person", "unit").order_by("person__name"))
    ids = dict.fromkeys(str(post.person_id) for post in posts if post.role == roles.OFFICER)
    officers = [gather.officer(fact) for fact in officers_on(list(ids), on, agency)]
    facts = blank_facts(agency, on)
    kind = act_type(facts.pack)
    judged = [(officer, officer_flaw(officer, facts, kind)) for officer in officers]
    return Standing(
        agency,
        on,
        posts,
        tuple(Unit.objects.filter(agency=agency).order_by("name")),
        tuple(officer for officer, flaw in judged if not flaw),
        tuple(f"{officer.name}：{flaw}" for officer, flaw in judged if flaw),
    )


def act_type(pack: Pack) -> str:
    """Penalties where the scheme has them, else its first kind of act."""
    codes = [str(kind["code"]) for kind in pack.act_types()] or ["penalty"]
    return "penalty" if "penalty" in codes else codes[0]


def blank_facts(agency: Agency, on: date) -> Facts:
    """What the law may ask about a certificate when there is no case yet."""
    pack = current(agency.locality)
    rule = next(act for act in pack.acts.values() if act.first)
    return Facts(
        pack=pack,
        act=rule,
        state=empty_state(rule.procedures[0], ""),
        data={},
        actor=Actor("", ""),
        on=on,
        now=timezone.localtime(),
        calendar=gather.calendar(),
        region=agency.region,
    )


def placed(agency: Agency) -> Need:
    """Where the agency is: without it no certificate's area could be held against it."""
    told = agency.region or "还没有填区划代码；证件的执法区域按它核对"
    return Need("行政区划代码", bool(agency.region), told, "change-agency", CERTIFICATES)


def granted(agency: Agency, on: date) -> list[Need]:
    """What the province gave to a town or sub-district: for nothing else may it open a case."""
    if agency.kind != Agency.Kind.TOWN:
        return []
    given = [item.label for item in granted_on(agency, on)]
    fact = f"{len(given)} 项：{'、'.join(given[:3])}{'等' if len(given) > 3 else ''}"
    lacking = "还没有登记省里赋予的执法事项，乡镇、街道不能立案"
    return [Need("赋权事项", bool(given), fact if given else lacking, "grant-item", GRANTED)]


def printed(agency: Agency) -> list[Need]:
    """What papers print about the agency."""
    asked = (
        ("机关代字", (("short", "机关代字"),), "没有代字，文书编不了号"),
        ("地址和电话", (("address", "地址"), ("phone", "电话")), "文书上要写明"),
        ("罚款缴纳账户", (("account", "缴纳账户"),), "处罚决定书要写明履行方式"),
        (
            "复议机关和管辖法院",
            (("review_body", "复议机关"), ("court", "管辖法院")),
            "不写明救济途径的决定不能作出",
        ),
    )
    needs = []
    for label, columns, why in asked:
        lacking = [name for column, name in columns if not getattr(agency, column)]
        there = "、".join(str(getattr(agency, column)) for column, _ in columns)
        fact = f"还没有填{'、'.join(lacking)}；{why}" if lacking else there
        needs.append(Need(label, not lacking, fact, "change-agency", PAPERS))
    return needs


def organs(standing: Standing) -> list[Need]:
    """The units that a case runs through."""
    enforcing = [unit.name for unit in standing.units if unit.is_enforcement]
    legal = [unit.name for unit in standing.units if unit.is_legal_organ]
    told = {"kind": "brigade", "is_enforcement": "on"}
    return [
        Need("执法机构", bool(enforcing), named(enforcing, "还没有执法机构"), "add-unit", FILING, told),
        Need(
            "法制机构",
            bool(legal),
            named(legal, "还没有法制机构"),
            "add-unit",
            REVIEW,
            {"is_legal_organ": "on"},
        ),
    ]


def named(names: list[str], otherwise: str) -> str:
    """Names in a row, or what is missing."""
    return "、".join(dict.fromkeys(names)) if names else otherwise


def enforcers(standing: Standing) -> list[Need]:
    """Two officers who may enforce today: a post, and a certificate without a flaw."""
    held = standing.holders(roles.OFFICER)
    fact = f"{len(standing.fit)} 人可以执法" + (f"；{'；'.join(standing.flaws)}" if standing.flaws else "")
    # Who lacks people first needs posts; who has them needs certificates.
    act = "grant-post" if len({post.person_id for post in held}) < 2 else "issue-certificate"
    told = {"role": roles.OFFICER} if act == "grant-post" else {}
    return [Need("两名持证执法人员", len(standing.fit) >= 2, fact, act, CERTIFICATES, told)]


def others(standing: Standing) -> list[Need]:
    """Everybody else whom a case comes to."""
    reviewers = [p for p in standing.holders(roles.LEGAL_REVIEWER) if p.unit and p.unit.is_legal_organ]
    flaws = {p.person.name: review_flaw(p, standing) for p in reviewers}
    qualified = [name for name, flaw in flaws.items() if not flaw]
    lacking = "；".join(f"{n}{flaw}" for n, flaw in flaws.items() if flaw) or "法制机构还没有法制审核人员"
    editors = {p.person_id: p.person.name for p in standing.holders(roles.DISCLOSURE_EDITOR)}
    approvers = {p.person_id: p.person.name for p in standing.holders(roles.DISCLOSURE_APPROVER)}
    pair = any(one != other for one in editors for other in approvers)
    missing = roles.DISCLOSURE_APPROVER if editors else roles.DISCLOSURE_EDITOR
    both = named([*editors.values(), *approvers.values()], "还没有公示员和公示审核人")
    return [
        holder(standing, roles.UNIT_HEAD, FILING),
        holder(standing, roles.AGENCY_HEAD, DECIDING),
        Need(
            "有资格的法制审核人员",
            bool(qualified),
            named(qualified, lacking),
            "record-qualification" if reviewers else "grant-post",
            REVIEW,
            {"person": str(reviewers[0].person_id)} if reviewers else {"role": roles.LEGAL_REVIEWER},
        ),
        Need(
            "公示员和另一名公示审核人",
            pair,
            both if pair or not editors or not approvers else f"{both}；提交和审核不能是同一人",
            "grant-post",
            PUBLIC,
            {"role": missing},
        ),
        holder(standing, roles.ARCHIVIST, ARCHIVING),
    ]


def review_flaw(post: Post, standing: Standing) -> str:
    """What the strictest rule on reviewers misses in the person of this post; empty when they may review."""
    person, rules = post.person, current(standing.agency.locality).guards
    actor = Actor(
        "",
        person.name,
        legal_qualification=person.has_legal_qualification,
        review_began=person.started_review_on,
    )
    asked = [g.args.get("since") for g in rules if g.needs == "reviewer-qualified"]
    return next((flaw for since in asked if (flaw := reviewer_flaw(actor, since)[0])), "")


def holder(standing: Standing, role: str, citation: Citation) -> Need:
    """Somebody in that role."""
    names = [post.person.name for post in standing.holders(role)]
    label = roles.LABELS[role]
    return Need(label, bool(names), named(names, f"还没有{label}"), "grant-post", citation, {"role": role})
