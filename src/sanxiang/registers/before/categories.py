"""The catalogue of what is told beforehand 事前公开目录, category by category as the scheme lists them, with what is lacking.

Nine in most schemes, eight in 开原's, which leaves out 监督方式. A unit is measured by what names it; what an agency has once for
all its units counts for each.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sanxiang.registers.before.told import Told
from sanxiang.speech import cn_day

EIGHT = ("主体", "人员", "职责", "权限", "依据", "程序", "救济渠道", "随机抽查事项清单")
NATIONAL = "《国务院办公厅关于全面推行行政执法公示制度执法全过程记录制度重大执法决定法制审核制度的指导意见》"
"""What every agency tells, where a scheme has no list of its own."""

SUBJECT = ("执法主体机构名称", "机构性质", "单位地址", "投诉举报电话")
ENTRUSTED = ("受委托组织基本信息", "委托执法协议")
"""Asked only of an agency that entrusts others; these have a table of their own."""
BASES = ("依据", "实施依据", "处罚依据", "设定依据")


@dataclass(frozen=True)
class Category:
    """One category: what there is and where it stands (an anchor of the agency's page, or `register:kind`), or what lacks."""

    label: str
    text: str = ""
    where: str = ""
    lacking: tuple[str, ...] = ()


Rows = list[dict[str, Any]]
Teller = Callable[[Told, str], Category]
"""What an agency, or with a unit's name that unit, has told of one category."""


def categories_of(told: Told, unit: str = "") -> list[Category]:
    """Each category of the scheme's catalogue, in its order."""
    labels = told.fields("ex-ante") or EIGHT
    return [
        Category(label, one.text, one.where, one.lacking)
        for label in labels
        for one in (TELL.get(label, nothing)(told, unit),)
    ]


def missing_of(told: Told, unit: str = "") -> list[str]:
    """The categories that were not told."""
    return [one.label for one in categories_of(told, unit) if not one.text]


def source_of(told: Told) -> str:
    """Who asks for the catalogue."""
    return "本地方案" if told.fields("ex-ante") else NATIONAL


def nothing(told: Told, unit: str = "") -> Category:
    """A category that nobody has told anything about."""
    return Category("")


def subject_fields(told: Told) -> list[tuple[str, str]]:
    """主体资格: the fields that the scheme lists, out of the agency's register and what the agency is registered with."""
    organ, rows = told.organ, told.rows("subjects")
    mine = next((row for row in rows if organ.name in row.values()), rows[0] if len(rows) == 1 else {})
    known = {
        "执法主体机构名称": organ.name,
        "机构性质": organ.get_kind_display(),
        "单位地址": organ.address,
        "投诉举报电话": organ.complaint_phone,
    }
    fields = [name for name in told.fields("subjects") or SUBJECT if name not in ENTRUSTED]
    fields += [name for name in mine if name not in (*fields, *ENTRUSTED)]
    found = [(name, str(mine.get(name) or known.get(name) or "")) for name in fields]
    more = (("统一社会信用代码", organ.uscc), ("电话", organ.phone))
    return found + [(name, value) for name, value in more if name not in fields and value]


def subject(told: Told, unit: str = "") -> Category:
    """Complete only with every field that the scheme lists."""
    lacking = tuple(name for name, value in subject_fields(told) if not value)
    return Category("", "" if lacking else "见基本信息", "#about", lacking)


def people(told: Told, unit: str = "") -> Category:
    """Who may enforce today."""
    count = len({line.person for line in told.officers if not unit or unit in line.units})
    return Category("", f"{count}人" if count else "", "#officers")


def own(rows: Rows, unit: str) -> Rows:
    """The rows that name this unit; rows that name no unit are not told apart by this."""
    return [row for row in rows if any(unit in str(value) for value in row.values())] if unit else rows


def listed(kind: str, names: Iterable[str] = ()) -> Teller:
    """A register in force; with `names` only where some row says something in one of these columns."""
    wanted = tuple(names)

    def tell(told: Told, unit: str = "") -> Category:
        rows = own(told.rows(kind), unit)
        if not any(not wanted or any(row.get(name) for name in wanted) for row in rows):
            return nothing(told)
        release = told.releases[kind]
        text = f"{release.register.label}，{len(rows)}项，{cn_day(release.in_force_from)}起施行"
        return Category("", text, f"register:{kind}")

    return tell


def duties(told: Told, unit: str = "") -> Category:
    """In the agency's own words, else in the list of items."""
    said = dict(subject_fields(told)).get("执法职责和权限")
    return (
        Category("", "见基本信息", "#about") if said and not unit else listed("items", ("职责",))(told, unit)
    )


def powers(told: Told, unit: str = "") -> Category:
    """The items themselves; a town's are those it was given."""
    found = listed("items")(told, unit)
    if not found.text and told.granted and not unit:
        return Category("", f"赋权事项，{len(told.granted)}项", "#granted")
    return found


def procedures(told: Told, unit: str = "") -> Category:
    """The flowcharts that are published: for a unit its own, and those that the agency publishes for all."""
    rows = [row for row in told.rows("flowchart") if not unit or row.get("机构") in (None, "", unit)]
    kinds = dict.fromkeys(str(row.get("执法类别") or row.get("步骤") or "") for row in rows)
    return Category("", f"{len(kinds)}类执法行为的流程图" if kinds else "", "register:flowchart")


def supervision(told: Told, unit: str = "") -> Category:
    """Where to complain."""
    phone = told.organ.complaint_phone
    return Category("", f"投诉举报电话 {phone}" if phone else "")


def remedies(told: Told, unit: str = "") -> Category:
    """Review and court, both or nothing."""
    organ = told.organ
    if not (organ.review_body and organ.court):
        return nothing(told)
    return Category("", f"向{organ.review_body}申请行政复议，或者向{organ.court}提起行政诉讼")


TELL: dict[str, Teller] = {
    "主体": subject,
    "人员": people,
    "职责": duties,
    "权限": powers,
    "依据": listed("items", BASES),
    "程序": procedures,
    "随机抽查事项清单": listed("random-items"),
    "监督方式": supervision,
    "救济渠道": remedies,
}
