"""双随机: plans, a draw that is committed to beforehand and that an outsider makes again with a process of their own, results."""

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import listed
from by_lot import drawn, office_with_lists
from footage import plain, text_of
from knocks import signed_in
from page_form import form_at, send, words
from play import Clock, make_office
from reader import Client
from sanxiang.demo import drawing
from sanxiang.door import gather
from sanxiang.door.administer import administer, create_agency
from sanxiang.door.alerts import remind
from sanxiang.door.drawing_due import open_draws
from sanxiang.door.models import Task
from sanxiang.door.worker import look
from sanxiang.law.drawing import pool
from sanxiang.law.guards import Refused
from sanxiang.law.identifiers import id_check
from sanxiang.ledger.logs import ACTS as LOG
from sanxiang.ledger.models import Checkpoint, Opening
from sanxiang.registers.inspection.drawn import LOG_VALUE, Plan
from signed_log import Sign
from source_tree import ROOT

pytestmark = pytest.mark.django_db
TOOLS = ROOT / "src/sanxiang/square/inspection"
CARD = (body := "11010519900101000") + id_check(body)
"""An identity number that nobody bears here, made up with its check sign."""
FILES = ("commit.txt", "objects.txt", "officers.txt", "barred.txt", "draw.txt", "result.txt")


def taken(one: Plan, folder: Path) -> Path:
    """The public files, fetched by somebody without an account."""
    folder.mkdir(exist_ok=True)
    for name in FILES:
        answer = Client().get(f"/inspection/{one.id}/{name}")
        assert answer.status_code == 200, name
        (folder / name).write_bytes(answer.content)
    return folder


def made_again(folder: Path) -> list[tuple[int, str]]:
    """What the two published tools say, each a process that knows nothing of the platform."""
    ways = ([sys.executable, "-I", str(TOOLS / "recompute.py")], ["sh", str(TOOLS / "recompute.sh")])
    runs = [
        subprocess.run(
            [*way, str(folder)], capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"}, check=False
        )
        for way in ways
    ]
    return [(run.returncode, run.stdout) for run in runs]


def public(address: str) -> str:
    """What somebody without an account reads there."""
    answer = Client().get(address)
    assert answer.status_code == 200, address
    return plain(answer.content.decode())


def answers(folder: Path) -> set[int]:
    return {code for code, _ in made_again(folder)}


@pytest.mark.carries("LC-030", locality="lingchuan")
def test_an_outsider_makes_the_draw_again_and_sees_what_was_changed(clock: Clock, tmp_path: Path) -> None:
    """The same lists and seed give the same; another list, seed or result is named; the log has list and seed; results are public."""
    office = office_with_lists(clock, "lingchuan")
    one = drawn(clock, office)
    folder = taken(one, tmp_path / "draw")
    first, second = made_again(folder), made_again(folder)
    assert first == second and {code for code, _ in first} == {0}, first
    assert all(f"抽到 {len(one.pairs)} 个对象" in told for _, told in first)
    for name, was, now in (
        ("objects.txt", "", "91110000000000000X\n"),
        ("officers.txt", "", "冒名\n"),
        ("draw.txt", "seed ", "seed 0"),
        ("draw.txt", "value ", "value 0"),
        ("result.txt", one.pairs[0][1], one.pairs[0][1] + "9"),
    ):
        text = (folder / name).read_text("utf-8")
        (folder / name).write_text(text.replace(was, now, 1) if was else text + now, "utf-8")
        assert answers(folder) == {1}, name
        (folder / name).write_text(text, "utf-8")
    assert answers(folder) == {0}
    kept = dict(Opening.objects.filter(act=one.commit).values_list("name", "value"))
    assert kept["seed"] == one.drawn["seed"] and kept["objects"] == one.committed["objects"]
    drawing.record(office, one, one.pairs[0][0], clock.now)
    drawing.publish(office, one, one.pairs[0][0], clock.now)
    page = public(f"/inspection/{one.id}/")
    assert (
        "没有发现问题" in page
        and one.drawn["seed"] in Client().get(f"/inspection/{one.id}/draw.txt").content.decode()
    )


@pytest.mark.carries("DY-033", locality="dongying")
def test_three_results_with_their_handling_are_public_and_a_late_one_is_told(clock: Clock) -> None:
    """Inspecting and making public are two jobs; what stays unpublished past the clock is an overdue alert; then it is public."""
    office = office_with_lists(clock, "dongying")
    one = drawn(clock, office)
    assert len(one.pairs) == 3
    approver, officer = office.people["disclosure-approver"], office.people["officer1"]
    for place, (target, *_) in enumerate(one.pairs):
        drawing.record(
            office, one, target, clock.now, "02", finding=f"第{place}处没有校准", handling=f"责令改正{place}"
        )
    for target, *_ in one.pairs[:2]:
        drawing.publish(office, one, target, clock.now)
    page = public(f"/inspection/{one.id}/")
    assert page.count("责令改正") == 2 and "还有 1 个对象的结果没有公开" in page
    assert "公开双随机抽查结果" in text_of(approver, "/desk/tasks/")
    assert "公开双随机抽查结果" not in text_of(officer, "/desk/tasks/")
    clock.now += timedelta(days=26)
    assert remind(clock.now) == 1 and "就要到期" in text_of(office.people["agency-head"], "/desk/alerts/")
    clock.now += timedelta(days=4)
    assert remind(clock.now) == 1
    assert "已经超期" in text_of(office.people["agency-head"], "/desk/alerts/")
    assert "超过公开期限" in text_of(approver, "/desk/inspection/")
    drawing.publish(office, one, one.pairs[2][0], clock.now)
    page = public(f"/inspection/{one.id}/")
    assert all(f"责令改正{place}" in page and f"第{place}处没有校准" in page for place in range(3))
    assert remind(clock.now) == 0 and "超过公开期限" not in text_of(approver, "/desk/inspection/")


def test_a_draw_has_two_officers_each_without_conflict_and_names_of_people_stay_inside(
    clock: Clock, tmp_path: Path
) -> None:
    office = office_with_lists(clock, "kaiyuan")
    one = drawn(clock, office, ratio="100")
    rows = drawing.objects(office)
    names = {row[pool.NAME] for row in rows if row[pool.KIND] in pool.NATURAL}
    shown = Client().get(f"/inspection/{one.id}/").content.decode() + "".join(
        Client().get(f"/inspection/{one.id}/{name}").content.decode() for name in FILES
    )
    assert names and not any(name in shown for name in names)
    assert all(len(set(row[1:])) == 2 for row in one.pairs)
    assert len(one.pairs) == len(rows) - 2, "one row is a duplicate, one firm is closed down"
    (token, card), *rest = one.committed["barred"]
    assert not rest and card not in next(row for row in one.pairs if row[0] == token)
    inside = text_of(office.people["unit-head"], "/desk/inspection/")
    assert (
        "统一社会信用代码相同" in inside and "经营状态为“注销”" in inside and "近亲属在该企业任职" in inside
    )
    assert all(name in inside for name in names)
    assert answers(taken(one, tmp_path / "all")) == {0}


def test_the_commitment_is_public_before_the_seed_and_the_draw_waits_for_the_value(clock: Clock) -> None:
    office = office_with_lists(clock, "laizhou")
    drawing.plan(office, clock.now)
    with pytest.raises(Refused, match="已经到了"):
        told = {
            "plan": drawing.NUMBER,
            "source": LOG_VALUE,
            "not_before": clock.now.strftime("%Y-%m-%dT%H:%M"),
        }
        administer("commit-draw", office.agency, office.people["legal-reviewer"], told)
    one = drawing.commit(office, clock.now)
    seed = Opening.objects.get(act=one.commit, name="seed").value
    told = Client().get(f"/inspection/{one.id}/commit.txt").content.decode()
    fields = Client().get(f"/log/acts/{one.commit}.json").content.decode()
    assert "seed-sha256" in told and seed not in told + fields and fields.count("Wy") >= 5
    assert Client().get(f"/inspection/{one.id}/draw.txt").status_code == 404
    with pytest.raises(Refused, match="现在还没有到"):
        drawing.draw(office, clock.now)
    clock.now += timedelta(hours=2)
    with pytest.raises(Refused, match="公开值还没有"):
        drawing.draw(office, clock.now, value="")
    with pytest.raises(Refused, match="已封存"):
        drawing.commit(office, clock.now)
    drawing.draw(office, clock.now)
    with pytest.raises(Refused, match="已抽取"):
        drawing.draw(office, clock.now)


def test_the_value_can_be_the_first_checkpoint_after_the_stated_time(
    clock: Clock, sign_log: Sign, tmp_path: Path
) -> None:
    office = office_with_lists(clock, "huantai")
    drawing.plan(office, clock.now)
    drawing.commit(office, clock.now, source=LOG_VALUE)
    sign_log()
    clock.now += timedelta(hours=2)
    with pytest.raises(Refused, match="公开值还没有"):
        drawing.draw(office, clock.now, value="")
    administer("add-unit", office.agency, None, {"name": "新股", "kind": "office"})
    sign_log()
    one = drawing.draw(office, clock.now, value="")
    assert one.drawn["value"] in Client().get(f"/inspection/{one.id}/draw.txt").content.decode()
    assert answers(taken(one, tmp_path / "log")) == {0}


@pytest.mark.parametrize("late", [timedelta(), timedelta(hours=3)])
def test_the_value_comes_by_itself_on_a_quiet_evening(
    clock: Clock, sign_log: Sign, tmp_path: Path, late: timedelta
) -> None:
    """Nobody does anything after the stated time: the service notes it, the log signs, the draw can be held and made again."""
    office = office_with_lists(clock, "kaiyuan")
    drawing.plan(office, clock.now)
    one = drawing.commit(office, clock.now, source=LOG_VALUE)
    before = sign_log()
    look(gather.calendar())
    assert sign_log() == before + 1  # the day's anchor: before the time nothing is noted
    clock.now += timedelta(hours=1, minutes=1) + late
    desk = signed_in(office.people["legal-reviewer"])
    form = form_at(desk, f"/desk/admin/acts/hold-draw/?agency={office.agency.pk}&plan={drawing.NUMBER}")
    told = words(send(desk, form))
    assert "不用办别的：系统每分钟看一次" in told and "两分钟以后还没有" in told
    before = sign_log()
    look(gather.calendar())
    assert "已在账本里记下“到抽取时间”" in words(send(desk, form))
    assert sign_log() == before + 1
    look(gather.calendar())
    assert sign_log() == before + 1
    assert send(desk, form).status_code == 302
    one = drawing.the(office)
    value = Checkpoint.objects.get(log=LOG.row, size=before + 1).root
    assert f"value {value}" in Client().get(f"/inspection/{one.id}/draw.txt").content.decode()
    assert answers(taken(one, tmp_path / "quiet")) == {0}


def test_nothing_is_noted_where_the_value_is_there_or_comes_from_outside(
    clock: Clock, sign_log: Sign
) -> None:
    office = office_with_lists(clock, "kaiyuan")
    drawing.plan(office, clock.now)
    drawing.commit(office, clock.now, source=LOG_VALUE)
    clock.now += timedelta(hours=2)
    sign_log()  # somebody's act came first
    assert open_draws(clock.now) == 0
    other = office_with_lists(clock, "huantai")
    drawing.plan(other, clock.now)
    drawing.commit(other, clock.now)
    clock.now += timedelta(hours=2)
    assert open_draws(clock.now) == 0
    drawing.draw(office, clock.now, value="")


def test_a_plan_keeps_to_the_published_list_and_merges_what_can_be_merged(clock: Clock) -> None:
    """An item that is not published, a smaller ratio, one officer, the same item twice, another department's at the same time."""
    office = office_with_lists(clock, "dongying")
    for told, says in (
        ({"items": ["没有公布的事项"]}, "没有公布"),
        ({"ratio": "4"}, "公布的比例是"),
        ({"each": 1}, "少于 2 名"),
        ({"number": "有 空格"}, "空格"),
    ):
        with pytest.raises(Refused, match=says):
            drawing.plan(office, clock.now, **told)
    drawing.plan(office, clock.now)
    for number, says in (
        (drawing.NUMBER, "已经用过"),
        ("再来", "能合并的不得重复"),
        ("再来", "公布的频次是"),
    ):
        with pytest.raises(Refused) as refused:
            drawing.plan(office, clock.now, number)
        assert says in str([(v.fact, v.cure) for v in refused.value.verdicts])


@pytest.mark.parametrize(
    ("often", "most", "within"),
    [
        ("每半年1次", 2, "年已有计划"),
        ("每季度一次", 4, "年已有计划"),
        ("一年", 1, "年已有计划"),
        ("每两年一次", 1, "年至"),
    ],
)
def test_a_plan_goes_no_more_often_than_the_list_says_in_any_wording(
    clock: Clock, often: str, most: int, within: str
) -> None:
    """By the form of the desk: as many plans as the frequency allows, and none more."""
    office = office_with_lists(clock, "kaiyuan")
    item = {
        "抽查主体": "水务局",
        "依据": "《水法》第五十九条",
        "对象": "取水单位",
        "内容": "用水",
        "方式": "现场",
    }
    row = item | {"比例": "全部", "频次": often}
    listed.release(
        office.agency, "random-items", [row], clock.now.date(), office.people["legal-reviewer"], clock.now
    )
    year = clock.now.year

    def planned(number: int, **more: str) -> Any:
        begins = date(year, 1 + 2 * number, 1)
        told = {"number": f"计划-{number}", "name": "抽查", "items": "用水", "ratio": "100", "each": "2"}
        told |= {
            "department": office.brigade.name,
            "begins": begins,
            "ends": begins + timedelta(days=9),
            **more,
        }
        desk = signed_in(office.people["unit-head"])
        form = form_at(desk, f"/desk/admin/acts/plan-draw/?agency={office.agency.pk}")
        for name, value in told.items():
            form.put(name, str(value))
        return send(desk, form)

    low = planned(0, ratio="99")
    assert low.status_code == 422 and "抽查比例不低于 100%" in plain(words(low))
    for number in range(most):
        done = planned(number)
        assert done.status_code == 302, words(done)
    refused = planned(most)
    assert (
        refused.status_code == 422
        and within in plain(words(refused))
        and "公布的频次是" in plain(words(refused))
    )


def test_two_departments_at_the_same_objects_go_jointly_or_say_why(clock: Clock) -> None:
    office = office_with_lists(clock, "dongying")
    drawing.plan(office, clock.now)
    told = {
        "name": "东营区演示二局",
        "kind": "department",
        "region": office.agency.region,
        "locality": "dongying",
    }
    other = create_agency({**told, "short": "二演", "parent": office.agency.parent})
    rows = [
        {"抽查主体": "二局", "依据": "《水法》第五十九条", "内容": "用水", "比例": "5%", "频次": "每年两次"}
    ]
    release = {"kind": "random-items", "rows": rows, "in_force_from": clock.now.date()}
    administer("release-register", other, None, release)
    plan = {
        "number": "二-1",
        "name": "用水抽查",
        "items": ["用水"],
        "ratio": "5",
        "each": 2,
        "department": "一股",
        "begins": clock.now.date(),
        "ends": clock.now.date() + timedelta(days=9),
    }
    with pytest.raises(Refused, match="同一行业的对象"):
        administer("plan-draw", other, None, plan)
    administer("plan-draw", other, None, {**plan, "joint": [office.agency.name]})
    administer(
        "plan-draw",
        other,
        None,
        {
            **plan,
            "number": "二-2",
            "separate_reason": "场所不同",
            "begins": "2027-01-01",
            "ends": "2027-01-09",
        },
    )
    administer("approve-draw-plan", other, None, {"plan": "二-1"})
    assert f"联合：{office.agency.name}" in public("/inspection/")


def test_a_task_without_a_case_leads_somewhere(clock: Clock) -> None:
    office = make_office("huantai")
    told = {"kind": "publish-random-result", "title": "公开双随机抽查结果", "role": "disclosure-approver"}
    Task.objects.create(agency=office.agency, opened_n=1, opened_at=clock.now, **told)
    client = signed_in(office.people["disclosure-approver"])
    page = client.get("/desk/publications/").content.decode()
    assert "公开双随机抽查结果" in page and "None" not in page and 'href="/desk/inspection/"' in page


def test_libraries_name_bad_rows_and_only_who_was_drawn_tells_the_result(clock: Clock) -> None:
    office = office_with_lists(clock, "kaiyuan")
    good = drawing.objects(office)
    for bad, says in (
        ({**good[0], pool.CODE: "91000000000000000X"}, "第 2 行“统一社会信用代码”"),
        ({pool.NAME: "没有地址的"}, "分不清是谁"),
        ({pool.NAME: "某人", pool.NUMBER: CARD, pool.ADDRESS: "某地"}, "身份证号码"),
    ):
        with pytest.raises(Refused, match=says):
            drawing.release_libraries(office, clock.now, inspection_objects=[good[0], bad])
    one = drawn(clock, office)
    target, *cards = one.pairs[0]
    stranger = next(
        office.people[who]
        for who, row in zip(drawing.INSPECTORS, drawing.inspectors(office), strict=True)
        if row[pool.CARD] not in cards
    )
    told = {"plan": one.number, "target": target, "inspected_on": clock.now.date(), "code": "01"}
    told |= {"finding": "没有问题", "handling": "无需处理"}
    with pytest.raises(Refused, match="不是抽到去检查这个对象的人员"):
        administer("record-random-result", office.agency, stranger, told)
    with pytest.raises(Refused, match="没有“99”这个结果代码"):
        drawing.record(office, one, target, clock.now, "99")
    with pytest.raises(Refused, match="还没有登记抽查结果"):
        drawing.publish(office, one, target, clock.now)


def test_the_desk_leads_through_it(clock: Clock) -> None:
    """By forms alone: plan, approval, commitment, draw, result, publication."""
    office = office_with_lists(clock, "kaiyuan")
    drawing.plan(office, clock.now)
    reviewer = office.people["legal-reviewer"]
    desk = signed_in(reviewer)
    form = form_at(desk, f"/desk/admin/acts/commit-draw/?agency={office.agency.pk}&plan={drawing.NUMBER}")
    form.put("source", "机关以外公开的数值")
    form.put("source_text", "某彩票第 9 期")
    form.put("not_before", (clock.now + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"))
    done = send(desk, form)
    assert done.status_code == 302 and done["Location"] == "/desk/inspection/", words(done)
    clock.now += timedelta(hours=2)
    desk = signed_in(reviewer)
    form = form_at(desk, f"/desk/admin/acts/hold-draw/?agency={office.agency.pk}&plan={drawing.NUMBER}")
    form.put("value", "1 2 3")
    assert send(desk, form).status_code == 302
    one = drawing.the(office)
    assert one.draw and "登记抽查结果" in text_of(office.people["officer1"], "/desk/inspection/")
    target, card, *_ = one.pairs[0]
    officer = next(
        office.people[who]
        for who, row in zip(drawing.INSPECTORS, drawing.inspectors(office), strict=True)
        if row[pool.CARD] == card
    )
    desk = signed_in(officer)
    address = (
        f"/desk/admin/acts/record-random-result/?agency={office.agency.pk}&plan={one.number}&target={target}"
    )
    form = form_at(desk, address)
    form.put("inspected_on", clock.now.date().isoformat())
    form.put("code", "01 未发现问题")
    form.put("finding", "没有发现问题")
    form.put("handling", "无需处理")
    done = send(desk, form)
    assert done.status_code == 302, words(done)
    desk = signed_in(office.people["disclosure-approver"])
    address = (
        f"/desk/admin/acts/publish-random-result/?agency={office.agency.pk}&plan={one.number}&target={target}"
    )
    assert send(desk, form_at(desk, address)).status_code == 302
    assert "没有发现问题" in public(f"/inspection/{one.id}/")
