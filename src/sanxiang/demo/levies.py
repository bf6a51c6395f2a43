"""Whole cases of levies and fees, as lists of steps; and the list of charges that they rest on."""

from datetime import datetime
from typing import Any

from sanxiang.cases.models import Case
from sanxiang.demo.people import Office
from sanxiang.demo.stories import APPROVED, UNFILMED, Data, Step, party, reviewed, served, shown, told, two
from sanxiang.door.administer import administer

RECEIPT = "演示票据 征{:04d}"
CODE = "99000026000000000{:03d}"
BORN = "《水土保持法》第三十二条第二款"


def serve(paper: str, after: int = 0) -> Step:
    """A paper handed over in person."""
    return Step("serve", "officer1", lambda o, c: served(paper, o, c), after)


def plain(act: str, who: str, data: dict[str, Any], after: int = 0) -> Step:
    """A step that says the same in every office."""
    return Step(act, who, lambda o, c: dict(data), after)


def checked(office: Office, case: Case | None) -> dict[str, Any]:
    """What is due was measured on site."""
    return {
        "officers": two(office),
        "place": "演示项目区",
        "began": None,
        "ended": None,
        "present": "项目负责人",
        "signed": "signed",
        "record": "现场测量占压地貌植被一千平方米，双方核对无异议。",
        **UNFILMED,
    }


def opened(kind: str, cause: str, which: int) -> Data:
    """The source of a levy or fee is registered."""
    return lambda o, c: {
        "party": party("org", which),
        "levy_kind": kind,
        "cause": cause,
        "levy_source": "演示项目的批复文件，随办理事项转来",
        "occurred_at": "演示县工业园",
        "officers": two(o),
    }


def assessment(item: str, standard: str, quantity: str, basis: str, **more: Any) -> dict[str, Any]:
    """One line, quantity times standard."""
    return {
        "fee_item": item,
        "fee_code": "演示-103",
        "lines": [{"name": item, "quantity": quantity, "unit": "平方米", "standard": standard}],
        "found": f"计费依据量为{quantity}平方米。",
        "evidence_text": "现场核查记录一份、批复文件一份。",
        "basis": basis,
        "treasury": "county",
        "pay_days": 15,
        **more,
    }


def assessed(data: dict[str, Any]) -> list[Step]:
    """Looked at on site, reckoned, told to the payer, who says nothing against it."""
    return [
        Step("show-certificate", "officer1", shown, 1),
        Step("notify-on-site", "officer1", lambda o, c: {**told(o, c), "told_basis": BORN}),
        Step("inspect", "officer1", checked),
        plain("levy-assess", "officer1", data, 1),
        plain("levy-notify", "officer1", {"statement_days": 5}),
        serve("levy-assessment-notice", 1),
    ]


def payment(amount: str, number: int, towards: str = "principal", after: int = 0) -> Step:
    """Money reaches the treasury."""
    return Step(
        "levy-payment",
        "officer1",
        lambda o, c: {
            "amount": amount,
            "towards": towards,
            "paid_on": "+0d",
            "account_kind": "treasury",
            "receipt": RECEIPT.format(number),
        },
        after,
    )


def sealed(act: str, performed: str) -> list[Step]:
    """结案 and 归档."""
    done = {"performed": performed, **APPROVED}
    kept = {"retention": "30", "checked": "材料齐全，页码连续"}
    return [plain(act, "agency-head", done, 1), plain("archive", "archivist", kept, 3)]


def levy(which: int = 0) -> list[Step]:
    """行政征收: told, heard and answered, reviewed, decided, urged, a late charge, paid, sealed."""
    data = assessment("水土保持补偿费", "1.4", "1000", BORN, public_interest=True)
    heard = "认为其中二百平方米已经恢复植被，要求复核。"
    return [
        Step("levy-open", "officer1", opened("soil", "云溪石料加工项目占压地貌植被", which)),
        *assessed(data),
        Step(
            "levy-hear",
            "officer1",
            lambda o, c: {"officers": two(o), "form": "oral", "record": heard},
            1,
        ),
        plain(
            "levy-answer",
            "officer1",
            {"accepted": "none", "statement_answer": "现场复测仍为一千平方米，恢复部分不在占压范围内。"},
            1,
        ),
        *reviewed(),
        plain(
            "levy-decide",
            "agency-head",
            {"opinion": "同意征收", "channel": "tax", "payment_code": CODE.format(which + 1)},
            1,
        ),
        serve("levy-decision", 1),
        plain("levy-push", "officer1", {"tax_office": "演示县税务局"}),
        payment("700", 1, after=5),
        plain("levy-order", "officer1", {"order_days": 10}, 12),
        serve("levy-order-notice"),
        plain("levy-late", "agency-head", {"late_charge": "0.35"}, 10),
        serve("levy-late-decision"),
        payment("700", 2, after=1),
        payment("0.35", 3, "late"),
        *sealed("lev-close", "征收款和滞纳金均已缴清，票据齐全。"),
    ]


def fee(which: int = 1) -> list[Step]:
    """行政收费: an item of the published list, paid by its code, with too much given back."""
    data = assessment("不动产登记费", "80", "2", "《行政许可法》第五十九条", treasury="county")
    return [
        Step("fee-open", "officer1", opened("service-fee", "不动产登记", which)),
        *assessed(data),
        plain("levy-waive", "officer1", {"waiver": "书面表示没有异议"}, 1),
        plain(
            "fee-decide",
            "agency-head",
            {"opinion": "同意", "channel": "non-tax", "payment_code": CODE.format(100 + which)},
        ),
        serve("fee-notice"),
        plain(
            "levy-relief-ask", "officer1", {"asked_kind": "reduce", "asked_for": "小微企业，按规定减半"}, 1
        ),
        plain(
            "levy-relief",
            "agency-head",
            {
                "outcome": "granted",
                "relief_kind": "reduce",
                "eased_amount": "80",
                "eased_basis": "演示减免文件第一条",
                "reason": "符合减半的条件。",
            },
            1,
        ),
        serve("levy-relief-notice"),
        payment("80", 4, after=1),
        *sealed("lev-close", "已缴清，票据齐全。"),
    ]


CHARGES = (
    {"项目编码": "演示-103", "项目名称": "水土保持补偿费", "收费标准": "1.4元", "计费单位": "平方米", "收费依据": BORN, "入库级次": "县级"},
    {"项目编码": "演示-104", "项目名称": "不动产登记费", "收费标准": "80元", "收费依据": "演示文件", "入库级次": "县级"},
)  # fmt: skip
"""The list of charges: who keeps none may charge nothing."""


def release_charges(office: Office, now: datetime) -> None:
    """The office's list of charges comes into force."""
    rows = {"kind": "charges", "rows": list(CHARGES), "in_force_from": now.date(), "note": "演示数据"}
    administer("release-register", office.agency, None, rows, now=now)


STORIES: dict[str, tuple[str, list[Step]]] = {"levy": ("levy", levy()), "fee": ("fee", fee())}
"""Name: procedure and steps."""
