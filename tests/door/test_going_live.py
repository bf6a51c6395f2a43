"""Open cases of an old system come in for what was done before going live, and for nothing else. All names are invented."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from cast import Cast, make_cast
from sanxiang.cases.models import Case, Publication
from sanxiang.door import gather, numbers
from sanxiang.door.administer import administer
from sanxiang.door.disclosure import public_files
from sanxiang.door.models import Number
from sanxiang.door.perform import open_case, perform
from sanxiang.door.verifying.database import verify_all
from sanxiang.exchange.handover import Outcome, load_cases
from sanxiang.exchange.reading import Unusable
from sanxiang.law.guards import Refused
from sanxiang.ledger.models import Act

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
DECIDED = {
    "当事人": "云溪清泉有限公司", "当事人类型": "单位", "案由": "擅自取水", "违法行为发生日期": "2026-09-01", "立案日期": "2026-10-08",
    "立案号": "云水立〔2026〕7号", "承办人用户名": "linqing、hewei", "案件阶段": "已决定", "承办机构": "水政监察大队",
    "决定书文号": "云水罚〔2026〕9号", "决定日期": "2026-10-30", "处罚种类": "罚款、吊销许可证件", "罚款金额": "1000000",
    "违法事实": "无证取水", "处罚依据": "《水法》第六十九条",
}  # fmt: skip
CLUE = {
    "source": "inspection", "party": {"kind": "org", "name": "云溪乙公司"}, "cause": "擅自取水", "summary": "检查",
    "occurred_on": "2026-11-09", "occurred_at": "清泉镇",
}  # fmt: skip
OURS, THEIRS = "本平台办理", "接管旧系统案件，决定由旧系统作出"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def load(folder: Path, cast: Cast, go_live: str = "", **change: str) -> Outcome:
    row = {**DECIDED, **change}
    path = folder / "cases.csv"
    path.write_text(",".join(row) + "\n" + ",".join(f'"{cell}"' for cell in row.values()), encoding="utf-8")
    day = datetime.fromisoformat(go_live).date() if go_live else None
    return load_cases(path, cast.bureau, now=NOW, go_live=day)


def refused(outcome: Outcome) -> str:
    assert (outcome.added, outcome.rejected) == (0, 1) and not Case.objects.filter(
        origin="taken-over"
    ).exists()
    return str(outcome.rejected_rows[0]["reason"])


def say(cast: Cast, act: str = "open-take-over", by: Any = None, **data: Any) -> None:
    administer(act, cast.bureau, by, data, now=NOW)


def test_nothing_is_taken_over_before_the_day_of_going_live_is_known(tmp_path: Path, cast: Cast) -> None:
    with pytest.raises(Unusable, match="--go-live 年-月-日"):
        load(tmp_path, cast)
    assert not Act.objects.exists()


def test_the_first_command_registers_the_day_and_says_so(tmp_path: Path, cast: Cast) -> None:
    outcome = load(tmp_path, cast, "2026-11-20")
    assert outcome.added == 1 and "已登记云溪县水务局的上线日期2026年11月20日" in outcome.remarks[0]
    act = Act.objects.get(name="open-take-over")
    assert (act.subject, act.role) == (cast.bureau.pk, "operator")
    assert load(tmp_path, cast, "2026-11-20").existing == 1 and load(tmp_path, cast).existing == 1
    with pytest.raises(Unusable, match="登记的上线日期是2026年11月20日"):
        load(tmp_path, cast, "2026-11-21")
    assert not list(verify_all())


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"决定日期": "2026-11-20"}, "决定日期2026年11月20日不早于上线日期2026年11月20日"),
        ({"立案日期": "2026-11-20", "决定日期": "2026-11-20"}, "立案日期2026年11月20日不早于"),
        ({"送达日期": "2026-11-20"}, "送达日期2026年11月20日不早于"),
    ],
)
def test_what_happened_on_the_day_or_later_is_refused(
    tmp_path: Path, cast: Cast, change: dict[str, str], word: str
) -> None:
    text = refused(load(tmp_path, cast, "2026-11-20", **change))
    assert word in text and "在本系统办理" in text and "第四十七条" in text


def test_the_day_before_is_taken(tmp_path: Path, cast: Cast) -> None:
    assert load(tmp_path, cast, "2026-11-20", 决定日期="2026-11-19").added == 1


def test_who_decides_here_is_live(tmp_path: Path, cast: Cast) -> None:
    """The day cannot be registered behind the first case of this system, nor moved there later."""
    start(cast, CLUE, NOW - timedelta(days=10))
    with pytest.raises(Unusable, match="2026年11月10日已经在本系统办案"):
        load(tmp_path, cast, "2026-11-21")
    say(cast, by=cast.admin, go_live="2026-11-10")
    assert "不早于" in refused(load(tmp_path, cast, 决定日期="2026-11-12"))
    with pytest.raises(Refused, match="已经在本系统办案"):
        say(cast, by=cast.admin, go_live="2026-11-20")


def test_a_day_registered_ahead_does_not_outlast_the_first_case(tmp_path: Path, cast: Cast) -> None:
    """Whoever registers a day to come and then begins to work here is live from that first case on."""
    load(tmp_path, cast, "2027-06-01")
    start(cast, CLUE, NOW - timedelta(days=10))
    told = {"立案号": "云水立〔2026〕8号", "决定书文号": "云水罚〔2026〕10号"}
    assert load(tmp_path, cast, **told, 决定日期="2026-11-09").added == 1
    told = {"立案号": "云水立〔2026〕9号", "决定书文号": "云水罚〔2026〕11号"}
    (row,) = load(tmp_path, cast, **told, 决定日期="2026-11-12").rejected_rows
    assert "决定日期2026年11月12日不早于" in row["reason"] and "2026年11月10日" in row["reason"]


def start(cast: Cast, clue: dict[str, Any], now: datetime) -> Case:
    return open_case("ordinary", cast.bureau, cast.handler, clue, unit=cast.brigade, now=now).case


def test_only_the_system_administrator_opens_and_closes(cast: Cast) -> None:
    for who in (cast.head, cast.security, cast.auditor, cast.handler):
        with pytest.raises(Refused, match="系统管理员"):
            say(cast, by=who, go_live="2026-11-20")
    say(cast, by=cast.admin, go_live="2026-11-20")
    with pytest.raises(Refused, match="系统管理员"):
        say(cast, "close-take-over", by=cast.head)


def test_nothing_is_taken_over_once_closed(tmp_path: Path, cast: Cast) -> None:
    with pytest.raises(Refused, match="没有开放"):
        say(cast, "close-take-over", by=cast.admin)
    load(tmp_path, cast, "2026-11-20")
    say(cast, "close-take-over", by=cast.admin)
    with pytest.raises(Unusable, match="接管已经结束"):
        load(tmp_path, cast, 立案号="云水立〔2026〕8号")
    with pytest.raises(Refused, match="不能改晚"):
        say(cast, by=cast.admin, go_live="2026-12-20")
    say(cast, by=cast.admin, go_live="2026-11-20")
    assert load(tmp_path, cast, 立案号="云水立〔2026〕8号", 决定书文号="云水罚〔2026〕10号").added == 1


def test_a_case_of_this_system_does_not_come_by_this_path(tmp_path: Path, cast: Cast) -> None:
    load(tmp_path, cast, "2026-11-20")
    Case.objects.update(number="云水字第1号", n=2)
    outcome = load(tmp_path, cast, 立案号="云水字第1号", 决定书文号="云水罚〔2026〕11号")
    assert "云水字第1号 在本系统已经使用" in outcome.rejected_rows[0]["reason"]


def test_a_strange_number_does_not_use_up_thousands(tmp_path: Path, cast: Cast) -> None:
    text = refused(load(tmp_path, cast, "2026-11-20", 决定书文号="云水罚〔2026〕9999号"))
    assert "9999号 的序号比本系统下一个序号 1 大得多" in text and "最大序号" in text
    assert "今年是 2026 年" in refused(load(tmp_path, cast, 决定书文号="云水罚〔2027〕3号"))
    assert not Number.objects.exists()
    say(cast, by=cast.admin, go_live="2026-11-20", last_number=1200)
    assert "大得多" in refused(load(tmp_path, cast, 决定书文号="云水罚〔2026〕1201号"))
    assert load(tmp_path, cast, 决定书文号="云水罚〔2026〕1200号").added == 1
    assert numbers.take(cast.bureau, "罚", 2026) == "云水罚〔2026〕1201号"
    assert not list(verify_all())


def test_what_a_taken_over_case_publishes_says_whose_decision_it_is(
    tmp_path: Path, cast: Cast, client: Client
) -> None:
    """Page, JSON, API, table, feed and list of hits: nowhere does the portal claim the old system's decision."""
    load(tmp_path, cast, "2026-11-20", 送达日期="2026-11-02")
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
    row = Publication.objects.get(case=case)
    page = client.get(f"/decisions/{row.pk}/").content.decode()
    assert THEIRS in page and OURS not in page and "历史导入" not in page and "公示机关" not in page
    assert client.get(f"/decisions/{row.pk}.json").json()["origin"] == "taken-over"
    assert client.get(f"/api/v1/public/decisions/{row.pk}").json()["origin"] == "taken-over"
    table = b"".join(client.get("/open-data/decisions.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert THEIRS in table and OURS not in table
    assert THEIRS in client.get("/feed/decisions.atom").content.decode()
    assert "接管旧系统案件" in client.get("/decisions/").content.decode()
    client.force_login(cast.editor)
    assert "云溪清泉有限公司" in client.get("/desk/publications/").content.decode()
    assert not list(verify_all())
    Publication.objects.filter(pk=row.pk).update(origin="case", n=row.n + 1)
    assert any("origin" in fault.why for fault in verify_all())
