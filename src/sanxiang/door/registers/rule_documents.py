"""Rule documents 具体办法、制度: what an agency writes for itself because its scheme tells it to. Bringing one into force is an act.

They are registers of their own kinds: dated releases, so that what held on an earlier day stays what it was. A row is a chapter.
"""

from sanxiang.door.admin.rules import Change, admin_act, asked, given_day, unmet
from sanxiang.door.pinned import current
from sanxiang.door.registers.open_words import ARTICLE, CURE, rows_unclean
from sanxiang.law.blocks import Citation
from sanxiang.law.guards import Verdict
from sanxiang.law.own_rules import RuleKind, figures_wrong, kinds_of, lacking, unfigured
from sanxiang.law.registers.kinds import label_of
from sanxiang.ledger.leaf import digest_of
from sanxiang.people import roles
from sanxiang.registers.models import Register, Release
from sanxiang.speech import cn_day

NORM = Citation("国办发〔2018〕118号", "", "norm")
KINDS = {
    "rule-disclosure": "行政执法公示办法",
    "rule-ex-post": "事后公开规定",
    "rule-recording": "执法全过程记录办法",
    "rule-av-device": "音像记录设备管理办法",
    "rule-record-use": "记录信息管理使用制度",
    "rule-record-access": "记录信息调阅监督制度",
    "rule-review": "重大执法决定法制审核办法",
    "rule-accountability": "责任追究制度",
    "rule-guides": "用语与文书指引",
}
"""Every kind that some scheme asks for; the agency's own scheme says by which name."""


def kind_of(change: Change) -> RuleKind | None:
    """The rule document as the scheme of the agency asks for it; None where it does not."""
    return kinds_of(current(change.agency.locality)).get(str(change.data.get("kind", "")))


def sound_rule(change: Change) -> list[Verdict]:
    """The scheme asks for it, every demanded chapter is written, its figures tighten and never loosen, its day is not past."""
    kind, rows, pack = kind_of(change), change.data.get("rows") or [], current(change.agency.locality)
    if kind is None:
        names = "、".join(one.label for one in kinds_of(pack).values())
        fact = "本地方案没有要求制定这一种办法、制度"
        return [unmet("rule-asked", NORM, fact, f"方案要求制定的有：{names}")]
    cite = kind.citation
    verdicts = [
        unmet(f"chapter:{name}", cite, f"“{name}”一章没有内容", f"写明“{name}”之后再施行")
        for name in lacking(kind, rows)
    ]
    verdicts += [
        unmet("figure", cite, wrong, "填写大于零的整数，不能比方案和法律规定的宽；这一章不设定数值的留空")
        for wrong in figures_wrong(kind, rows, pack)
    ]
    if kind.required and not kind.explored:
        verdicts += [
            unmet(
                f"figure:{name}", cite, f"“{name}”没有定数值，方案和法律也都没有定", f"在“{name}”一行填写数值"
            )
            for name in unfigured(kind, rows, pack)
            if name in FINAL
        ]
    verdicts += [
        unmet("clean-public-fields", ARTICLE, f"第 {number} 章{text}", CURE)
        for number, text in rows_unclean(kind.id, rows)
    ]
    return verdicts + _days(change, cite)


FINAL = ("公开期限",)
"""Chapters whose figure nobody else can supply and without which the rule cannot come into force."""


def _days(change: Change, cite: Citation) -> list[Verdict]:
    begins = change.data.get("in_force_from")
    last = (
        Release.objects.filter(register__agency=change.agency, register__kind=change.data.get("kind", ""))
        .order_by("-version")
        .values_list("in_force_from", flat=True)
        .first()
    )
    if not begins or not last or str(begins) >= str(last):
        return []
    fact = f"施行日期{cn_day(begins)}早于现行版本的{cn_day(last)}，会改变以往某日有效的内容"
    return [unmet("in-force-from", cite, fact, "填写现行版本施行之日或者更晚的日期")]


@admin_act(
    "release-rule",
    "施行具体办法、制度",
    (roles.LEGAL_REVIEWER, roles.AGENCY_HEAD, roles.SUPERVISOR),
    (
        asked("kind", "办法、制度", "choice", options=KINDS),
        asked("title", "名称", longest=200, help="全称，例如“某某局行政执法公示办法”"),
        asked("owner", "责任单位", longest=200, help="负责起草、解释和修订的机构；几个单位共同负责的都写上"),
        asked("basis", "制定依据", "longtext", help="本地方案和上级规定的名称、文号"),
        asked("in_force_from", "施行日期", "date", help="从这一天起以本版为准，直到下一版施行"),
        asked("rows", "章节", "rows", help="方案要求写明的章节都要有内容；“数值”只填本章设定的天数"),
        asked("note", "修订说明", "longtext", required=False),
    ),
    NORM,
    group="registers",
    help="施行之后不能修改，内容有变的施行新的版本。所定的期限对施行之后开始的事项有效",
    checks=sound_rule,
    target="kind",
    secrecy="case",
)
def release_rule(change: Change) -> Release:
    """A version of a rule document, in force from its day; the versions before it stay."""
    data, pack = change.data, current(change.agency.locality)
    register, fresh = Register.objects.get_or_create(
        agency=change.agency,
        kind=data["kind"],
        defaults={"label": label_of(pack, data["kind"]), "n": change.n, "head": change.agency.head},
    )
    release = Release.objects.create(
        register=register,
        version=1 if fresh else Release.objects.filter(register=register).count() + 1,
        in_force_from=given_day(data["in_force_from"]),
        rows=list(data["rows"]),
        digest=digest_of(list(data["rows"])),
        note=data.get("note") or "",
        told={name: data[name] for name in ("title", "owner", "basis")},
        act=change.act_id,
        n=change.n,
    )
    if not fresh:
        Register.objects.filter(id=register.id).update(n=change.n, head=change.agency.head)
    return release
