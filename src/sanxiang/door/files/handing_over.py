"""案卷移交 in batches: named together, handed over one by one, each by its own act; then a list of what was and of what was not.

A batch is three acts of the agency: it is opened (number, receiver, cases), its list is drawn up (made from the hand-overs that
stand in the cases, signed with the archivist's certificate), and the receiver's signature on it is registered. Whoever dies in
between finds the batch open and goes on: a case that was handed over under its number is not handed over again.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from textwrap import wrap
from typing import Any
from uuid import UUID

from django.db.models import Q

from sanxiang.cases import store
from sanxiang.cases.disclosure.party_copy import sheet
from sanxiang.cases.models import Case, Evidence, Paper
from sanxiang.cases.papers.markup import Block, Cell, Content
from sanxiang.cases.papers.sealing import lock, personal
from sanxiang.cases.papers.seals import SealFault
from sanxiang.cases.papers.signed import spot_of
from sanxiang.cases.papers.typeset import RareSign, intact, save, to_pdf
from sanxiang.door import casefile, gather
from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.door.attempts import Unreadable
from sanxiang.door.perform import perform
from sanxiang.door.said import said_by
from sanxiang.law.blocks import Citation
from sanxiang.law.casefile import PARTS, RETENTIONS, total
from sanxiang.law.guards import Refused, Verdict
from sanxiang.law.rules import Field
from sanxiang.ledger.models import Act, Opening
from sanxiang.ledger.verify import Fault
from sanxiang.people import roles
from sanxiang.people.models import Person
from sanxiang.speech import cn_day

OPEN, LIST, RECEIVE = "open-file-transfer", "list-file-transfer", "receive-file-transfer"
NAMES = (OPEN, LIST, RECEIVE)
HAND_OVER = "hand-over-file"
DUE = Citation("档案法", "第十五条")
KEEPERS = (roles.ARCHIVIST,)
PLACES = {"room": "本机关档案室", "archives": "国家综合档案馆", "successor": "职能承接机关"}
COPIES = {"paper": "纸质案卷", "electronic": "电子案卷（移交包）", "media": "音像载体"}
MOST = 300
"""Cases of one batch."""
PARTING = re.compile(r"[\s,，、;；]+")
HEAD = ("档号", "题名", "页数", "保管期限", "卷数", "校验值（移交这一步的账本条目，SHA-256）")
GROUP = 16
"""Signs of a digest that stand on one line of its column."""
WIDTHS = (16, 34, 7, 9, 6, 28)


@dataclass(frozen=True)
class Transfer:
    """A batch as its acts have it."""

    id: UUID
    agency: UUID
    number: str
    told: Mapping[str, Any]
    at: datetime
    by_name: str
    listed: Mapping[str, Any] = field(default_factory=dict)
    received: Mapping[str, Any] = field(default_factory=dict)

    @property
    def cases(self) -> list[str]:
        """The keys of the cases that were named."""
        return [str(key) for key in self.told.get("case_ids") or ()]

    @property
    def rows(self) -> list[Mapping[str, Any]]:
        """The lines of the list."""
        return list(self.listed.get("rows") or ())


def transfers_in(agencies: Collection[UUID]) -> list[Transfer]:
    """The batches of these agencies, newest first. Two queries."""
    found: dict[tuple[UUID, str], Transfer] = {}
    for act, said in said_by(NAMES, agencies):
        key = (act.subject, str(said.get("number") or ""))
        if act.name == OPEN:
            found[key] = Transfer(act.id, act.subject, key[1], said, act.at, act.by_name)
        elif key in found:
            one = found[key]
            found[key] = replace(one, listed=said) if act.name == LIST else replace(one, received=said)
    return list(found.values())[::-1]


def transfer_of(change: Change) -> Transfer | None:
    """The batch that is meant."""
    number = str(change.data.get("number") or "")
    return next((one for one in transfers_in([change.agency.pk]) if one.number == number), None)


# Opening.


def named(change: Change) -> tuple[list[UUID], list[str]]:
    """The agency's cases that were named, each once and in order, and what names none."""
    words = [word for word in PARTING.split(str(change.data.get("cases") or "")) if word]
    rows = Case.objects.filter(Q(code__in=words) | Q(number__in=words), agency=change.agency)
    known = {
        text: key for key, code, number in rows.values_list("pk", "code", "number") for text in (code, number)
    }
    return list(dict.fromkeys(known[word] for word in words if word in known)), [
        w for w in words if w not in known
    ]


def sound_batch(change: Change) -> list[Verdict]:
    """Every case is the agency's own, and there is at least one, and not too many."""
    found, strange = named(change)
    verdicts = []
    if strange:
        fact = f"{change.agency.name}没有编号为{'、'.join(strange[:5])}的案件"
        verdicts.append(unmet("cases", DUE, fact, "照案件页填写查询码或者立案号"))
    if not 0 < len(found) <= MOST and not strange:
        verdicts.append(unmet("cases", DUE, f"选了 {len(found)} 件案卷", f"选 1 至 {MOST} 件，多的分批移交"))
    return verdicts


def numbered(change: Change) -> dict[str, Any]:
    """The number of the list, and the keys of the cases."""
    year = change.day.year
    before = Act.objects.filter(kind="agency", subject=change.agency.pk, name=OPEN, at__year=year).count()
    return {
        "number": f"{change.agency.short}移〔{year}〕{before + 1}号",
        "case_ids": [str(key) for key in named(change)[0]],
    }


@admin_act(
    OPEN,
    "开始移交一批案卷",
    KEEPERS,
    (
        asked("handed_to", "移交到", "choice", options=PLACES),
        asked("receiver", "接收单位和接收人", longest=200),
        asked("copies", "移交内容", "multi", options=COPIES),
        asked("cases", "案卷", "longtext", longest=20_000, help="查询码或者立案号，用空格、逗号或者换行隔开"),
        asked("note", "说明", "longtext", required=False, longest=1000),
    ),
    DUE,
    group="archives",
    help="在“案卷移交”页按年度、类别、机构选取更方便",
    checks=sound_batch,
    adds=numbered,
)
def open_transfer(change: Change) -> None:
    """A batch is begun; each case follows by its own act."""


# Handing over.


def hand_over(one: Transfer, by: Person, channel: str = "page") -> list[dict[str, str]]:
    """Hand over each case of the batch, each in a transaction of its own; those that were not, each with why."""
    left = []
    told = {
        name: one.told.get(name) for name in ("handed_to", "receiver", "copies", "note") if one.told.get(name)
    }
    for case in Case.objects.filter(pk__in=one.cases).order_by("number", "code"):
        if given_under(case, one.number):
            continue
        why = gone(case)
        try:
            if not why:
                perform(HAND_OVER, case.pk, by, {**told, "list_no": one.number}, channel=channel)
        except Refused as refused:
            why = "；".join(verdict.fact for verdict in refused.verdicts)
        except Unreadable as unreadable:
            why = "；".join(unreadable.errors.values())
        if why:
            left.append({"案卷": f"{case.number or case.code} {case.title}", "原因": why})
    return left


def given_under(case: Case, number: str) -> Mapping[str, Any]:
    """The hand-over of this case under that number; empty where there is none."""
    rows = (case.state.get("custody") or {}).get("handed") or ()
    return next((row for row in rows if row.get("list_no") == number), {})


def gone(case: Case) -> str:
    """What of the file is not in the store: such a file cannot be handed over whole."""
    kept = store.papers(), store.evidence()
    papers = Paper.objects.filter(case=case).values_list("label", "pdf")
    lost = [f"《{label}》" for label, digest in papers if not kept[0].exists(digest)]
    lost += [
        "一份证据"
        for digest in Evidence.objects.filter(case=case).values_list("digest", flat=True)
        if not kept[1].exists(digest)
    ]
    return f"{'、'.join(lost)}的文件丢失，不能完整移交" if lost else ""


# The list.


def sound_list(change: Change) -> list[Verdict]:
    """There is such a batch, and its list was not drawn up before."""
    number, one = str(change.data.get("number") or ""), transfer_of(change)
    if not number:
        return []
    if one is None:
        return [unmet("number", DUE, f"没有编号为“{number}”的移交批次", "照“案卷移交”页上的编号填写")]
    if one.listed:
        return [unmet("once", DUE, f"{number}的移交清单已经确定", "另有案卷要移交的，另开一批")]
    return []


def drawn_up(change: Change) -> dict[str, Any]:
    """The list as it stands in the cases, and its PDF signed for the side that hands over. Raises Refused."""
    one = transfer_of(change)
    assert one is not None  # `sound_list` has refused
    rows = [row_of(case, one.number) for case in Case.objects.filter(pk__in=one.cases).order_by("number", "code")
            if given_under(case, one.number)]  # fmt: skip
    content = printed(change, one, rows)
    try:
        made = to_pdf(content)
        by, name = change.by, change.agency.name
        if by is not None:
            made, _ = personal(
                made, str(by.pk), by.name, "移交清单", change.now, spot_of(made, content, "移交人")
            )
        else:
            made, _ = lock(made, str(change.agency.pk), name, "移交清单")
    except RareSign as rare:
        raise Refused([unmet("signs", DUE, str(rare), "安装字体之后再确定清单")]) from rare
    except SealFault as fault:
        raise Refused([unmet("signed", DUE, f"清单没有签名：{fault}", "排除故障之后再确定清单")]) from fault
    return {"rows": rows, "list_pdf": save(made, store.papers())}


def row_of(case: Case, number: str) -> dict[str, Any]:
    """One line of the list: what the archive asks of a file, and the entry of its hand-over."""
    n = int(given_under(case, number)["n"])
    bound = casefile.bound_rows(case, gather.pack_of(case))
    facts = case.state["facts"]
    return {
        "id": str(case.pk),
        "code": case.code,
        "archive_no": str(facts.get("archive_no") or ""),
        "title": case.title,
        "pages": sum(total(bound.get(part, ())) for part in PARTS),
        "retention": RETENTIONS.get(str(facts.get("retention") or ""), ""),
        "volumes": sum(1 for part in PARTS if bound.get(part)),
        "n": n,
        "digest": Act.objects.get(kind="case", subject=case.pk, n=n).leaf_hash,
    }


def printed(change: Change, one: Transfer, rows: list[dict[str, Any]]) -> Content:
    """移交清单 with a place for each of the two to sign."""
    left = list(change.data.get("left") or ())
    place = PLACES[str(one.told["handed_to"])]
    copies = "、".join(COPIES.get(key, key) for key in one.told.get("copies") or ())
    text = (
        f"{change.agency.name}向{place}（{one.told['receiver']}）移交案卷 {len(rows)} 件，共 {sum(row['volumes'] for row in rows)} 卷 "
        f"{sum(row['pages'] for row in rows)} 页。移交内容：{copies}。"
    )
    blocks = [Block("paragraph", text)]
    if rows:
        names = ("archive_no", "title", "pages", "retention", "volumes")
        lines = (
            (*(Cell(str(row[name])) for name in names), Cell(" ".join(wrap(row["digest"], GROUP))))
            for row in rows
        )
        table = (tuple(map(Cell, HEAD)), *lines)
        blocks.append(Block("table", rows=table, widths=WIDTHS, labels=(False,) * len(HEAD), head=True))
    if left:
        blocks.append(Block("paragraph", f"列入本批而没有移交的 {len(left)} 件："))
        blocks += [Block("item", f"{row['案卷']}：{row['原因']}") for row in left]
    blocks += [Block("sign", "移交人"), Block("sign", "接收人")]
    return sheet(
        "transfer-list", "案卷移交清单", change.agency.name, one.number, change.day.isoformat(), blocks
    )


LEFT = replace(
    asked("left", "没有移交的案卷", "rows", required=False),
    columns=(Field("案卷", "案卷", required=False), Field("原因", "原因", required=False)),
)


@admin_act(
    LIST,
    "确定移交清单",
    KEEPERS,
    (asked("number", "移交清单编号", longest=60), LEFT),
    DUE,
    group="archives",
    help="清单照各案登记的移交制作，由移交人的证书签名；没有移交的写明原因",
    checks=sound_list,
    adds=drawn_up,
)
def list_transfer(change: Change) -> None:
    """The list stands."""


# The receiver.


def sound_receipt(change: Change) -> list[Verdict]:
    """Signed once, not ahead of time, and the very list that was drawn up."""
    number, one = str(change.data.get("number") or ""), transfer_of(change)
    if not number:
        return []
    if one is None or not one.listed:
        return [unmet("number", DUE, f"“{number}”没有确定的移交清单", "先确定移交清单")]
    if one.received:
        return [unmet("once", DUE, f"{number}已由{one.received.get('receiver')}签收", "不能重复登记")]
    verdicts, day = [], str(change.data.get("received_on") or "")
    if str(change.data.get("list_digest") or "").strip().lower() != one.listed["list_pdf"]:
        fact = "接收人签收的不是这一份清单：校验值不同"
        verdicts.append(unmet("list_digest", DUE, fact, "照接收人核对的清单 PDF 计算 SHA-256"))
    if day > change.day.isoformat():
        verdicts.append(unmet("received_on", DUE, f"签收日期{cn_day(day)}还没有到", "填写实际签收的日期"))
    return verdicts


@admin_act(
    RECEIVE,
    "登记移交清单的签收",
    KEEPERS,
    (
        asked("number", "移交清单编号", longest=60),
        asked("receiver", "签收人", longest=100),
        asked("received_on", "签收日期", "date"),
        asked("list_digest", "签收的清单 PDF 的校验值（SHA-256）", longest=64),
        asked("kept_at", "双方签名的清单原件存放处", longest=200),
    ),
    DUE,
    group="archives",
    checks=sound_receipt,
)
def receive_transfer(change: Change) -> None:
    """Both sides have signed."""


def check_transfers() -> Iterator[Fault]:
    """Every list is in the store as it was made."""
    rows = Opening.objects.filter(act__name=LIST, name="list_pdf", erased_by=None)
    for digest in rows.values_list("value", flat=True).iterator(chunk_size=2000):
        if digest and intact(store.papers(), str(digest)) is None:
            yield Fault("paper", f"移交清单 {digest}", "文件不见了，或者与制作时不同")
