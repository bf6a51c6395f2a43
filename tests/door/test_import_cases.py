"""Open cases of an old system: taken over once, honestly, by people who may enforce. All names are invented."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from cast import Cast, make_cast
from sanxiang.cases.models import Case, Handler
from sanxiang.cases.search import asking
from sanxiang.door import gather, numbers
from sanxiang.door.administer import administer
from sanxiang.door.disclosure import public_files
from sanxiang.door.models import Number, Task
from sanxiang.door.perform import open_acts, perform
from sanxiang.door.verifying.database import verify_all
from sanxiang.exchange.handover import Outcome, load_cases
from sanxiang.law.guards import Refused
from sanxiang.ledger.models import Act, Pending
from sanxiang.people.models import Certificate

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
FILED = "2026-10-08"
HEADERS = (
    "当事人",
    "当事人类型",
    "案由",
    "违法行为发生日期",
    "立案日期",
    "立案号",
    "承办人用户名",
    "案件阶段",
    "承办机构",
)
CASE = (
    "云溪清泉有限公司",
    "单位",
    "擅自取水",
    "2026/9/1",
    FILED,
    "云水立〔2026〕7号",
    "linqing、hewei",
    "调查取证",
    "水政监察大队",
)

DECIDED = {
    "案件阶段": "执行", "决定书文号": "云水罚〔2026〕9号", "决定日期": "2026-10-30", "送达日期": "2026-11-02", "送达方式": "直接送达",
    "处罚种类": "罚款", "罚款金额（万元）": "2", "违法事实": "无证取水", "处罚依据": "《水法》第六十九条",
}  # fmt: skip


@pytest.fixture
def cast() -> Cast:
    made = make_cast()
    administer("open-take-over", made.bureau, None, {"go_live": "2026-11-20"}, now=NOW)
    return made


def table(folder: Path, *rows: dict[str, str]) -> Path:
    names = list(dict.fromkeys([*HEADERS, *(name for row in rows for name in row)]))
    lines = [",".join(names)]
    for change in rows:
        row = {**dict(zip(HEADERS, CASE, strict=True)), **change}
        lines.append(",".join(f'"{row.get(name, "")}"' for name in names))
    path = folder / "cases.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def load(path: Path, cast: Cast) -> Outcome:
    return load_cases(path, cast.bureau, now=NOW)


def reason(folder: Path, cast: Cast, **change: str) -> str:
    outcome = load(table(folder, change), cast)
    assert (outcome.added, outcome.rejected) == (0, 1) and not Case.objects.exists()
    assert not Act.objects.exclude(name="open-take-over").exists()
    return str(outcome.rejected_rows[0]["reason"])


def faults() -> list[str]:
    return [f"{fault.where} {fault.why}" for fault in verify_all()]


def test_a_case_in_investigation_goes_on_here(tmp_path: Path, cast: Cast) -> None:
    outcome = load(table(tmp_path, {}), cast)
    assert (outcome.added, outcome.rejected) == (1, 0), outcome.rejected_rows
    case = Case.objects.get()
    assert (case.origin, case.stage, case.number, case.n) == (
        "taken-over",
        "investigation",
        "云水立〔2026〕7号",
        1,
    )
    assert (case.filed_on, case.unit, case.party) == (date(2026, 10, 8), cast.brigade, "云溪清泉有限公司")
    assert {row.person for row in Handler.objects.all()} == {cast.handler, cast.second}
    assert case.state["clocks"]["decide"]["start"] == FILED and case.next_due == date(2027, 1, 6)
    assert case.state["facts"]["taken_over"]["stage"] == "调查取证"
    act = Act.objects.get(subject=case.id)
    assert (act.name, act.role, act.by_name) == ("take-over", "operator", "运维导入")
    assert Task.objects.filter(case=case, closed_n=None, kind="investigate", due=date(2027, 1, 6)).exists()
    assert not faults() and not Pending.objects.exists()


def test_no_gate_is_passed_by_taking_over(tmp_path: Path, cast: Cast) -> None:
    """What the old system calls 审核告知 must be done or recorded here: the decision stays closed."""
    load(table(tmp_path, {"案件阶段": "审核告知"}), cast)
    case = Case.objects.get()
    assert case.stage == "investigation" and case.state["facts"]["taken_over"]["stage"] == "审核告知"
    with pytest.raises(Refused):
        perform("decide", case.id, cast.head, {"opinion": "同意"}, now=NOW)
    with pytest.raises(Refused) as refused:
        perform("file", case.id, cast.head, {"officers": [str(cast.handler.id), str(cast.second.id)], "suspected": "水法",
                                             "opinion": "同意"}, now=NOW)  # fmt: skip
    assert {v.guard for v in refused.value.verdicts} >= {"once", "stage"}


def test_its_handlers_can_work_on_it(tmp_path: Path, cast: Cast) -> None:
    load(table(tmp_path, {}), cast)
    case = Case.objects.get()
    open_ = {o.act.id for o in open_acts(case, cast.handler, NOW) if o.is_open}
    assert "show-certificate" in open_
    people = [str(cast.handler.id), str(cast.second.id)]
    data = {
        "officers": people,
        "shown_to": [{"name": "王某", "relation": "店员"}],
        "mode": "shown",
        "place": "清泉镇",
    }
    done = perform("show-certificate", case.id, cast.handler, {**data, "on": "2026-11-19"}, now=NOW)
    assert done.act.n == 2 and not faults()


def test_running_twice_adds_nothing(tmp_path: Path, cast: Cast) -> None:
    path = table(tmp_path, {}, {"立案号": "云水立〔2026〕8号"}, {"立案号": "云水立(2026)8号"})
    assert (load(path, cast).added, load(path, cast).existing) == (2, 3) and Case.objects.count() == 2


def test_a_decided_case_is_not_decided_again(tmp_path: Path, cast: Cast) -> None:
    outcome = load(table(tmp_path, DECIDED), cast)
    assert outcome.added == 1, outcome.rejected_rows
    case = Case.objects.get()
    assert (case.stage, case.decided_on) == ("execution", date(2026, 10, 30))
    assert case.state["facts"]["decided"]["fine"] == "20000"
    assert (
        case.state["papers"]["penalty-decision"]["status"] == "served"
        and case.state["clocks"]["decide"]["ended"]
    )
    assert case.state["clocks"]["remedy-review"]["start"] == "2026-11-02"
    tasks = set(Task.objects.filter(case=case, closed_n=None).values_list("kind", flat=True))
    assert "publish" in tasks and not tasks & {"investigate", "serve", "file"}
    with pytest.raises(Refused):
        perform("decide", case.id, cast.head, {"opinion": "同意"}, now=NOW)
    assert not faults()


def test_a_decided_case_can_be_published_and_paid(tmp_path: Path, cast: Cast) -> None:
    load(table(tmp_path, DECIDED), cast)
    case = Case.objects.get()
    perform(
        "prepare-publication",
        case.id,
        cast.editor,
        {"plain_summary": "这家单位违反了规定，被罚款。"},
        now=NOW,
    )
    case.refresh_from_db()
    text = public_files.text_of(case, gather.pack_of(case))
    perform("publish", case.id, cast.approver, {"digest": text.digest}, now=NOW)
    found = list(asking.stream(asking.Query(q="云水罚(2026)9号 无证取水")))
    assert [(row.case, row.result) for row in found] == [(case, "罚款20,000元")]
    with pytest.raises(Refused, match="20,000元没有缴清"):
        perform("close", case.id, cast.head, {"performed": "已缴纳"}, now=NOW)
    assert not faults()


def test_numbers_of_the_old_system_are_not_given_out_again(tmp_path: Path, cast: Cast) -> None:
    load(table(tmp_path, {}), cast)
    assert numbers.take(cast.bureau, "立", 2026) == "云水立〔2026〕8号"
    assert Number.objects.filter(status="taken", reason="旧系统使用的编号").count() == 7


def test_a_number_used_here_is_not_taken_over(tmp_path: Path, cast: Cast) -> None:
    for _ in range(7):
        numbers.take(cast.bureau, "立", 2026)
    assert "已经使用" in reason(tmp_path, cast)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"当事人": ""}, "当事人"), ({"案由": ""}, "案由"), ({"立案日期": ""}, "立案日期"), ({"立案号": ""}, "立案号"),
        ({"立案日期": "2026-02-30"}, "日期"), ({"立案日期": "2027-01-01"}, "早于"), ({"承办人用户名": "linqing"}, "不得少于 2 人"),
        ({"承办人用户名": "linqing、nobody"}, "nobody"), ({"承办人用户名": "linqing、jiangye"}, "jiangye"),
        ({"案件阶段": "已结案"}, "import decisions"), ({"案件阶段": "胡写"}, "阶段"), ({"承办机构": "无此队"}, "内设机构"),
        ({"当事人": "王小二", "当事人类型": ""}, "当事人类型"), ({"案件阶段": "已决定"}, "决定书文号"), ({"案由": "长" * 600}, "最多"),
        ({"违法行为发生日期": "去年"}, "日期"),
    ],
)  # fmt: skip
def test_a_bad_row_is_refused_with_its_reason(
    tmp_path: Path, cast: Cast, change: dict[str, str], words: str
) -> None:
    assert words in reason(tmp_path, cast, **change)


def test_nobody_takes_a_case_over_without_a_valid_certificate(tmp_path: Path, cast: Cast) -> None:
    Certificate.objects.filter(person=cast.second).update(valid_until=date(2026, 11, 19), n=1)
    text = reason(tmp_path, cast)
    assert "何苇" in text and "到期" in text and "第四十二条" in text


def test_bad_rows_do_not_stop_good_ones(tmp_path: Path, cast: Cast) -> None:
    outcome = load(
        table(tmp_path, {"案由": ""}, {}, {"立案号": "云水立〔2026〕9号", "承办人用户名": "林青，何苇"}), cast
    )
    assert (outcome.added, outcome.rejected) == (2, 1)
    assert "案由" in Path(outcome.rejected_file).read_text(encoding="utf-8-sig")


def test_a_workbook_will_do(tmp_path: Path, cast: Cast) -> None:
    path = tmp_path / "cases.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.merge_range(0, 0, 0, 8, "在办案件移交清单")
    for y, cells in enumerate((HEADERS, CASE), start=1):
        for x, cell in enumerate(cells):
            sheet.write(y, x, cell)
    book.close()
    assert load(path, cast).added == 1
