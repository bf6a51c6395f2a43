"""法制审核目录清单 and 音像记录事项清单: whether an agency has one that covers what it does, and which entries a case falls under."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sanxiang.door.pinned import current
from sanxiang.law.lists import ITEM, Row, cell
from sanxiang.law.packs import Pack
from sanxiang.law.recording.listed import unknown_rows
from sanxiang.people.models import Agency
from sanxiang.registers.releases import in_force, rows_in_force

KIND, RECORDED = "review-catalogue", "av-items"
ABOVE = frozenset({Agency.Kind.GOVERNMENT.value, Agency.Kind.SUPERVISOR.value})
"""These answer for others and decide nothing themselves."""

KINDS = {"penalty": "行政处罚", "licence": "行政许可"}
"""What lists call kinds of acts that a scheme does not name itself."""

TYPE_COLUMNS = ("执法类别", "行为类别", "事项类型", "类别")
"""How lists call the kind of act that an item is of."""


@dataclass(frozen=True)
class Gap:
    """What an agency's catalogue lacks. A `fault` is a duty of the scheme; the rest is worth knowing."""

    agency: str
    fault: bool
    text: str
    citation: str


def gaps(agencies: Iterable[Agency], on: date) -> list[Gap]:
    """What the catalogues of these agencies lack on a day. One query, whatever their number."""
    many = [one for one in agencies if one.kind not in ABOVE]
    wanted = in_force(on).filter(register__agency__in=many, register__kind__in=(KIND, "items", RECORDED))
    rows = {(one.register.agency_id, one.register.kind): one.rows for one in wanted}
    found: list[Gap] = []
    for agency in many:
        pack = current(agency.locality)
        found += gaps_of(agency, pack, rows.get((agency.pk, KIND)), rows.get((agency.pk, "items")))
        found += recorded_gaps(agency, pack, rows.get((agency.pk, RECORDED)))
    return found


def recorded_gaps(agency: Agency, pack: Pack, rows: list[Row] | None) -> list[Gap]:
    """No list of what is recorded in sound or film where the scheme wants one, or rows by which nothing is ever asked for."""
    duty = next((b for b in pack.of_kind("list") if b.data.get("id") == RECORDED), None)
    label = str(duty.data.get("label")) if duty else "音像记录事项清单"
    cite = str(duty.citation) if duty else "《行政处罚法》第四十七条"
    if not rows:
        alone = not any(True for _ in pack.of_kind("record"))
        more = "；本地方案没有列必须音像记录的活动，全以这份清单为准" if alone else ""
        return [Gap(agency.name, True, f"还没有有效的《{label}》{more}", cite)] if duty else []
    if lost := unknown_rows(rows, pack):
        text = f"《{label}》{'、'.join(lost[:5])}{'等' if len(lost) > 5 else ''}不是本系统的环节或者活动，办案时不会据此要求音像记录"
        return [Gap(agency.name, False, text, cite)]
    return []


def gaps_of(agency: Agency, pack: Pack, rows: list[Row] | None, items: list[Row] | None) -> list[Gap]:
    """No catalogue at all, or kinds of acts that none of its entries is of."""
    duty, types = pack.parameter("review.catalogue_mandatory"), pack.parameter("review.catalogue_types")
    label = str(pack.listed(KIND).get("label", "法制审核目录清单"))
    if not rows:
        fault = bool(duty.is_set and duty.value)
        text = f"还没有有效的《{label}》" + ("" if fault else "；本地方案只要求探索，没有编制不算没有落实")
        return [Gap(agency.name, fault, text, str(duty.citation))]
    if not types.is_set:
        return []
    missing = [
        kind
        for kind in exercised(pack, list(types.value), items or [])
        if not covered(kind, rows, types.value)
    ]
    if not missing:
        return []
    named = "、".join(str(kind["label"]) for kind in missing)
    text = f"《{label}》没有列入：{named}；没有重大事项的类别，列一行并写明理由"
    return [Gap(agency.name, bool(duty.is_set and duty.value), text, str(types.citation))]


def exercised(pack: Pack, wanted: list[str], items: list[Row]) -> list[dict[str, Any]]:
    """The kinds of acts that the catalogue must cover: those of the agency's list of items where that tells them, else the scheme's."""
    kinds = [k for k in pack.act_types() if wanted == ["all"] or k["code"] in wanted]
    told = {str(row[column]) for row in items for column in TYPE_COLUMNS if row.get(column)}
    mine = [k for k in kinds if any(names(k, text) for text in told)]
    return mine or kinds


def covered(kind: Mapping[str, Any], rows: list[Row], wanted: list[str]) -> bool:
    """Is some entry of this kind? A catalogue of one kind need not say so in every line."""
    texts = [cell(row, TYPE_COLUMNS) for row in rows]
    return any(names(kind, text) if text else wanted == [kind["code"]] for text in texts)


def names(kind: Mapping[str, Any], text: str) -> bool:
    """Does a cell name this kind of act, in the scheme's words or in short (行政处罚, 处罚)?"""
    label = str(kind["label"])
    return text in (kind["code"], label) or label in text or label.removeprefix("行政") in text


def entries(
    agency: Agency, on: date, *called: str, kind: str = "penalty", pack: Pack | None = None
) -> list[dict[str, str]]:
    """The entries of the agency's catalogue in force that name the item or the cause of an act of this kind: name, and the sum
    from which. An entry that names no kind is of the kinds that the scheme's catalogue covers, which are penalties at least."""
    wanted = {text for text in called if text}
    label = next((k["label"] for k in pack.act_types() if k["code"] == kind), "") if pack else ""
    mine = {"code": kind, "label": label or KINDS.get(kind, kind)}
    types = pack.parameter("review.catalogue_types") if pack else None
    covered_ = kind == "penalty" or not (types and types.is_set) or bool({"all", kind} & set(types.value))
    found = []
    for row in rows_in_force(agency, KIND, on) or ():
        named, text = cell(row, ITEM), cell(row, TYPE_COLUMNS)
        if named in wanted and (names(mine, text) if text else covered_):
            found.append({"name": named, "amount": str(row.get("涉案金额") or "")})
    return found
