"""What must be recorded in sound and film in each locality: asked at the act, settled before the case closes."""

import io
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from altered import Alter
from knocks import WAYS, Answer, Knock, fact_of, refused_everywhere, signed_in
from play import STORIES, Clock, Play, make_office
from play import play_of as begun_of
from rows import row
from sanxiang.cases.recording.receiving import receive
from sanxiang.demo import coercion
from sanxiang.door.administer import administer
from sanxiang.law.guards import Refused
from sanxiang.law.packs import load_pack
from sanxiang.law.recording.book import standing
from sanxiang.law.registers.kinds import columns_of

pytestmark = pytest.mark.django_db
VIDEO = b"\x00\x00\x00\x18ftypmp42 made-up film"
PHOTO = b"\xff\xd8\xff\xe0 made-up photograph"


def film(name: str = "现场录像.mp4") -> dict[str, Any]:
    """A film whose bytes are in the store; each name other bytes."""
    return receive(io.BytesIO(VIDEO + name.encode()), name, "video/mp4")


def photograph() -> dict[str, Any]:
    return receive(io.BytesIO(PHOTO), "现场.jpg", "image/jpeg")


def play_of(clock: Clock, locality: str, story: str = "summary", until: str = "inspect") -> Play:
    """A story played to just before a step."""
    procedure, steps = STORIES[story]
    play = Play(make_office(locality), procedure, steps, clock)
    play.until(until)
    return play


def api(knock: Knock) -> Answer:
    """What the API answers; one way is enough where another test has gone all of them."""
    return WAYS["api"](knock)


def lets(play: Play, knock: Knock) -> bool:
    """Does the API let it in? Forgotten afterwards."""
    with play.branch():
        return bool(api(knock).done)


def release(play: Play, kind: str, *rows: Mapping[str, str]) -> None:
    """A version of one of the agency's lists, in force from today; what the scheme demands and the row leaves open says 无."""
    columns = {
        n: "无" for n, demanded in columns_of(load_pack(play.office.agency.locality), kind) if demanded
    }
    told = {"kind": kind, "in_force_from": play.moment.date(), "rows": [{**columns, **r} for r in rows]}
    administer("release-register", play.office.agency, None, told, now=play.moment)


ASKED = {"inspect", "interview", "serve", "hold-hearing"}
WALKED = {
    # What the API says to an activity without sound or film, and to closing with reasons that nobody approved.
    "laizhou": (ASKED, "blocked"),
    "lingchuan": (ASKED, "blocked"),
    "huantai": (ASKED, "blocked"),
    "kaiyuan": (ASKED - {"serve"}, "free"),
    "dongying": (set(), "free"),
}


@pytest.mark.parametrize("locality", [row("LZ-045"), row("LC-043"), row("HT-024"), row("KY-041"), "dongying"])
def test_each_activity_without_sound_or_film_has_the_outcome_of_the_scheme(
    locality: str, clock: Clock
) -> None:
    """The whole of a case with a hearing: at each activity, and at the end."""
    play, asked = play_of(clock, locality, "hearing"), set()
    while play.next().act != "close":
        name = play.next().act
        if name in ASKED and name not in asked:
            with play.branch():
                answer = api(play.knock(no_recording=None))
                assert bool(answer.done) or answer.guards == {"recording.given"}, answer
            asked |= set() if answer.done else {name}
        if name == "serve" and locality == "kaiyuan" and "leave" not in asked:
            with play.branch():
                told = {"way": "leave", "refused": "拒绝签收", "witness": "居委会工作人员"}
                assert api(play.knock(no_recording=None, **told)).guards == {"recording.given"}
                assert lets(play, play.knock(after=0, **told))
            asked.add("leave")
        play.step()
    wanted, closing = WALKED[locality]
    assert asked - {"leave"} == wanted
    play.pass_days(1)
    with play.branch():
        answer = api(play.knock(after=0, exceptions_approved=None))
        assert (answer.guards == {"recording.settled"}) is (closing == "blocked"), answer
        if closing == "blocked":
            supplied(play)
            assert lets(play, play.knock(after=0, exceptions_approved=None))
    rows = play.case.state.get("recordings", [])
    levels = {"blocked": {"REQUIRED"}, "free": {"CIRCUMSTANCE"} if rows else set()}[closing]
    assert {r["level"] for r in rows} == levels and all(d["cite"] for r in rows for d in r["demands"])


def supplied(play: Play) -> None:
    """The films of every step come in from the station."""
    for one in play.case.state["recordings"]:
        told = {"files": [film(f"第{one['n']}步.mp4")], "source_of": "执法记录仪采集站"}
        play.do("add-recording", "officer1", record_of=one["n"], **told)


# From the beginning to the end

SPAN = {"began": "2026-03-02T09:30", "ended": "2026-03-02T10:30"}


def clips(play: Play, *spans: tuple[str, str]) -> dict[str, Any]:
    """Films from when to when on the day of the play."""
    day = play.moment.date().isoformat()
    rows = [{"means": "video", "began": f"{day}T{a}", "ended": f"{day}T{b}"} for a, b in spans]
    return {"photos": [film(f"{a}.mp4") for a, _ in spans], "clips": rows}


def hour(play: Play) -> dict[str, str]:
    """An activity of the hour before now."""
    day = play.moment.date().isoformat()
    return {"began": f"{day}T08:00", "ended": f"{day}T09:00"}


HOLED = (("08:00", "08:25"), ("08:35", "09:00"))


@pytest.mark.parametrize(
    ("locality", "interest"),
    [
        row("LZ-046", values=("liberty",)),
        row("KY-040", values=("property",)),
        row("HT-025", values=("life-health",)),
    ],
)
def test_a_gap_in_what_must_be_recorded_whole_is_told_explained_and_approved(
    locality: str, interest: str, clock: Clock
) -> None:
    play = play_of(clock, locality)
    play.do("state-interests", "officer1", interests=[interest], reason="现场情况表明")
    play.at(play.moment.replace(hour=10, minute=0))
    span = {**hour(play), "no_recording": None}
    unstated = refused_everywhere(play.knock(after=0, **{**span, "ended": "2026-03-05"}))
    assert "recording.span" in unstated.guards
    whole = clips(play, ("08:00", "08:30"), ("08:30", "09:00"))
    assert lets(play, play.knock(after=0, **span, **whole))
    holed = clips(play, *HOLED)
    answer = refused_everywhere(play.knock(after=0, **span, **holed))
    assert answer.guards == {"recording.given"}
    assert "8时25分至" in fact_of(answer, "recording.given") and "（10分钟）" in fact_of(
        answer, "recording.given"
    )
    play.step(**{**span, **holed, "no_recording": "更换电池，中断十分钟"})
    play.until("close")
    play.pass_days(1)
    n = next(r["n"] for r in play.case.state["recordings"] if r["act"] == "inspect")
    answer = refused_everywhere(play.knock(after=0, exceptions_approved=None))
    assert answer.guards == {"recording.settled"} and f"第{n}步" in fact_of(answer, "recording.settled")
    play.do("approve-recording", "unit-head", record_of=n, agreed="no", opinion="请说明是否另有监控")
    assert standing(play.case.state["recordings"][0]).kind == "partial"
    gap = {"record_of": n, "exception": "gap", "reason": "更换电池，监控同时停电"}
    play.do("explain-recording", "officer1", **gap)
    assert api(
        play.attempt("approve-recording", "officer1", record_of=n, agreed="yes", opinion="同意")
    ).refused
    play.do("approve-recording", "unit-head", record_of=n, agreed="yes", opinion="同意")
    assert standing(play.case.state["recordings"][0]).kind == "approved"
    assert lets(play, play.knock(after=0))


def test_what_was_to_be_whole_and_is_not_there_at_all_is_the_agency_heads_to_answer(clock: Clock) -> None:
    play = play_of(clock, "kaiyuan")
    play.do("state-interests", "officer1", interests=["property"], reason="查看贵重设备")
    play.at(play.moment.replace(hour=10, minute=0))
    play.step(**hour(play), no_recording="执法记录仪损坏")
    (one,) = play.case.state["recordings"]
    told = {"record_of": one["n"], "agreed": "yes", "opinion": "同意"}
    assert refused_everywhere(play.attempt("approve-recording", "unit-head", **told)).guards == {
        "recording.head"
    }
    play.do("approve-recording", "agency-head", **told)


@pytest.mark.carries("KY-039", locality="kaiyuan")
def test_a_text_that_suffices_stands_in_for_sound_and_film_but_never_for_the_whole_process(
    clock: Clock,
) -> None:
    play = play_of(clock, "kaiyuan", "hearing")
    with play.branch():
        play.do("state-interests", "officer1", interests=["property"], reason="查看贵重设备")
        play.at(play.moment.replace(hour=10, minute=0))
        play.step(**hour(play), no_recording="执法记录仪损坏")
        answer = refused_everywhere(waiver(play, "inspect"))
        assert answer.guards == {"recording.waiver"}
        assert "不能以文字代替" in fact_of(answer, "recording.waiver")
    play.until("hold-hearing")
    play.step(no_recording="以笔录为准")
    lacking = waiver(play, "hold-hearing", adequacy=None)
    assert api(lacking).guards == {"field:adequacy"}
    knock = waiver(play, "hold-hearing")
    play.do(knock.act, "officer1", **knock.data)
    n = knock.data["record_of"]
    assert standing(one_of(play, "hold-hearing")).kind == "pending"
    play.do("approve-recording", "unit-head", record_of=n, agreed="yes", opinion="笔录逐页签字，同意")
    assert standing(one_of(play, "hold-hearing")).kind == "waived"


def one_of(play: Play, act: str) -> dict[str, Any]:
    found: dict[str, Any] = next(r for r in play.case.state["recordings"] if r["act"] == act)
    return found


def waiver(play: Play, act: str, **changes: Any) -> Knock:
    """The request to do without, with its three points."""
    points = {"necessity": "没有争议", "adequacy": "笔录逐页签字", "effect": "录像不增加内容"}
    told = {"exception": "waiver", "reason": "文字已经全面记录", **points, **changes}
    return play.attempt("explain-recording", "officer1", record_of=one_of(play, act)["n"], **told)


LIBERTY = ('key = "av.liberty_stricter"\nvalue = false', 'key = "av.liberty_stricter"\nvalue = true')


@pytest.mark.carries("LC-044", locality="lingchuan", change=LIBERTY)
def test_lingchuan_records_liberty_whole_only_where_its_operator_chose_to(clock: Clock, alter: Alter) -> None:
    play = play_of(clock, "lingchuan")
    flagged = {"interests": ["liberty"], "reason": "当事人被带至现场"}
    with play.branch():
        play.do("state-interests", "officer1", **flagged)
        assert lets(play, play.knock(after=0, no_recording=None, photos=[photograph()]))
    with play.branch():
        play.do("state-interests", "officer1", interests=["life-health"], reason="涉及生命健康")
        assert "recording.given" in api(play.knock(after=0, no_recording=None, photos=[photograph()])).guards
    alter("lingchuan", LIBERTY)
    fresh = play.other()
    fresh.until("inspect")
    fresh.do("state-interests", "officer1", **flagged)
    answer = api(fresh.knock(after=0, no_recording=None, photos=[photograph()]))
    assert "严于方案" in fact_of(answer, "recording.given")


# The agency's own list


def registers(play: Play) -> str:
    """The page of lists, which names the duties that are not done."""
    return signed_in(play.person("legal-reviewer")).get("/desk/registers/").content.decode()


ROWS: dict[str, tuple[Mapping[str, str], str]] = {
    "laizhou": (
        {"关键环节": "现场检查", "记录方式": "录像", "全程记录的现场执法活动": "是"},
        "应当全程音像记录",
    ),
    "dongying": ({"执法环节": "现场检查", "记录方式": "录像"}, "必须作音像记录"),
    "lingchuan": (
        {
            "音像记录事项": "现场检查",
            "记录内容": "现场",
            "关键环节": "检查",
            "记录方式": "录像",
            "记录现场": "检查现场",
        },
        "必须作音像记录",
    ),
    "kaiyuan": (
        {"行为类别": "行政处罚", "阶段": "调查取证", "环节": "现场检查", "音像形式": "录像"},
        "视情作音像记录",
    ),
}


@pytest.mark.parametrize(
    "locality",
    [
        row("LZ-047", change=('"关键环节", "记录方式"', '"关键步骤", "记录方式"')),
        row("DY-047", change=('"执法环节", "记录方式"', '"执法步骤", "记录方式"')),
        row("LC-037", change=('"记录方式", "记录现场"]', '"记录方式"]')),
        row("KY-037", change=('level = "CIRCUMSTANCE"\nfields', 'level = "REQUIRED"\nfields')),
    ],
)
def test_the_list_in_force_on_the_day_of_the_activity_is_asked(locality: str, clock: Clock) -> None:
    play = play_of(clock, locality)
    old = play.other()
    old.until("serve-on-spot")
    listed, level = ROWS[locality]
    assert set(listed) <= {name for name, _ in columns_of(load_pack(locality), "av-items")}
    if locality == "lingchuan":
        with pytest.raises(Refused, match="记录现场"):
            release(play, "av-items", {**listed, "记录现场": ""})
    before = {"no_recording": None, "photos": [photograph()]}
    with play.branch():
        assert lets(play, play.knock(after=0, **before))
    play.at(max(play.moment, old.moment))
    assert "还没有有效的《音像记录" in registers(play)
    release(play, "av-items", listed)
    assert "还没有有效的《音像记录" not in registers(play)
    answer = refused_everywhere(play.knock(after=0, **before))
    said = fact_of(answer, "recording.given")
    assert level in said and "清单所列“现场检查”" in said
    filmed = {**hour(play), **clips(play, ("08:00", "09:00"))}
    assert lets(play, play.knock(after=0, no_recording=None, **filmed))
    play.step(**hour(play), no_recording="录像随后补入")
    assert [d["forms"] for d in one_of(play, "inspect")["demands"]][-1] == ["video"]
    assert not [
        d for d in (old.case.state.get("recordings") or [{}])[0].get("demands", ()) if "清单" in d["label"]
    ]


@pytest.mark.carries("LZ-048", locality="laizhou")
def test_a_photograph_is_no_film(clock: Clock) -> None:
    play = play_of(clock, "laizhou")
    release(play, "av-items", {"关键环节": "现场检查", "记录方式": "录像"})
    answer = refused_everywhere(play.knock(after=0, no_recording=None, photos=[photograph()]))
    assert answer.guards == {"recording.given"}
    assert "要求录像，上传的是照相" in fact_of(answer, "recording.given")
    claimed = {"photos": [photograph()], "clips": [{"means": "video"}]}
    answer = refused_everywhere(play.knock(after=0, no_recording=None, **claimed))
    assert "recording.clips" in answer.guards and "不是" in fact_of(answer, "recording.clips")
    assert lets(play, play.knock(after=0, no_recording=None, photos=[film()]))
    play.step(no_recording="录像在采集站", photos=[photograph()])
    n = one_of(play, "inspect")["n"]
    play.do("add-recording", "officer1", record_of=n, files=[photograph()], source_of="手机")
    assert standing(one_of(play, "inspect")).kind == "pending"
    play.do("add-recording", "officer1", record_of=n, files=[film()], source_of="采集站")
    assert standing(one_of(play, "inspect")).kind == "recorded"


# The matrix


@pytest.mark.parametrize("locality", ["laizhou", "dongying", "lingchuan"])
def test_a_row_of_the_matrix_binds_the_next_case_and_needs_its_carrier(locality: str, clock: Clock) -> None:
    play = play_of(clock, locality)
    wanted = {"环节": "送达", "内容": "送达现场", "方式": "照相", "载体": "照片文件", "形式": "音像"}
    columns = {name for name, _ in columns_of(load_pack(locality), "chart-recording")}
    mine = {name: text for name, text in wanted.items() if name in columns}
    with pytest.raises(Refused, match="载体"):
        release(play, "chart-recording", {**mine, "载体": ""})
    release(play, "chart-recording", mine)
    filmed = {"no_recording": None, "photos": [film()]}
    with play.branch():
        play.until("serve-on-spot")
        assert lets(play, play.knock(after=0, **filmed))
    fresh = play.other()
    fresh.until("serve-on-spot")
    answer = refused_everywhere(fresh.knock(after=0, **filmed))
    assert answer.guards == {"recording.given"} and "记录环节表“送达”" in fact_of(answer, "recording.given")
    assert lets(fresh, fresh.knock(after=0, no_recording=None, photos=[photograph()]))


def test_the_room_is_recorded_whole_in_kaiyuan(clock: Clock) -> None:
    play = play_of(clock, "kaiyuan", "hearing", until="interview")
    day = play.moment.date().isoformat()
    play.at(play.moment.replace(hour=10, minute=0))
    span = {"began": f"{day}T08:00", "ended": f"{day}T09:00", "no_recording": None}
    photo = {"photos": [photograph()]}
    assert lets(play, play.knock(after=0, **span, **photo))
    answer = api(play.knock(after=0, **span, **photo, premises="interview-room"))
    assert "执法办案场所" in fact_of(answer, "recording.given")


# Coercion


@pytest.mark.carries("HT-024", locality="huantai")
def test_coercion_is_recorded_in_huantai(clock: Clock) -> None:
    play = begun_of(make_office("huantai"), "measure", clock, book=coercion.STORIES)
    play.until("take-measure")
    answer = refused_everywhere(play.knock(no_recording=None))
    assert answer.guards == {"recording.given"} and "行政强制" in fact_of(answer, "recording.given")
    assert lets(play, play.knock(after=0, no_recording=None, photos=[photograph()]))


@pytest.mark.carries("KY-039", "KY-040", locality="kaiyuan")
def test_a_demolition_in_kaiyuan_is_recorded_whole_and_no_text_stands_in_for_it(clock: Clock) -> None:
    play = begun_of(make_office("kaiyuan"), "demolition", clock, book=coercion.STORIES)
    play.until("carry-out-execution")
    knock = play.knock(no_recording=None)
    began = datetime.fromisoformat(str(knock.data["began"]))
    ended = datetime.fromisoformat(str(knock.data["ended"]))
    at = [began, began + timedelta(minutes=2), began + timedelta(minutes=12), ended]
    told = [one.isoformat(timespec="minutes")[:16] for one in at]
    spans = [{"means": "video", "began": a, "ended": b} for a, b in (told[:2], told[2:])]
    span = {name: knock.data[name] for name in ("began", "ended")}
    holed = {**span, "photos": [film("一.mp4"), film("二.mp4")], "clips": spans}
    answer = refused_everywhere(play.knock(after=0, no_recording=None, **holed))
    said = fact_of(answer, "recording.given")
    assert answer.guards == {"recording.given"}, answer.refused
    assert "强制拆除" in said and "（10分钟）" in said
    play.step(**holed, no_recording="断电十分钟")
    assert refused_everywhere(waiver(play, "carry-out-execution")).guards == {"recording.waiver"}
