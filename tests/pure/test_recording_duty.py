"""How far an activity must be recorded in each of the five localities, and what settles it: requirements-analysis (g) as a table."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from sanxiang.law.facts import empty_state
from sanxiang.law.packs import Pack, load_pack
from sanxiang.law.recording.book import at_closing, standing
from sanxiang.law.recording.coverage import gaps, minutes
from sanxiang.law.recording.duty import Asked, Duty, owed
from sanxiang.law.recording.listed import unknown_rows
from sanxiang.law.recording.means import clips_of, means_in
from sanxiang.law.rules import Act

FIVE = ("laizhou", "dongying", "lingchuan", "kaiyuan", "huantai")
F, R, C, N = "FULL", "REQUIRED", "CIRCUMSTANCE", "NONE"

TABLE: dict[str, tuple[tuple[Any, ...], Mapping[str, Any], tuple[str, ...]]] = {
    # activity: matters, what the act tells, level in LZ, DY, LC, KY, HT
    "现场检查": (("on-site-inspection", "on-site-enforcement"), {}, (R, N, R, C, R)),
    "随机抽查": (("random-inspection", "on-site-enforcement"), {}, (R, N, R, C, R)),
    "调查取证": (("evidence-collection",), {}, (R, N, R, C, R)),
    "证据保全": (("evidence-preservation",), {}, (R, N, R, N, R)),
    "听证": (("hearing",), {}, (R, N, R, C, R)),
    "行政强制": (("coercion",), {}, (N, N, N, N, R)),
    "查封扣押": (("coercion", "seizure"), {}, (N, N, N, F, R)),
    "强制拆除": (("coercion", "demolition"), {}, (N, N, N, F, R)),
    "直接送达": (
        ("service", {"matter": "service-lien", "when": "data:way=leave"}),
        {"way": "direct"},
        (R, N, R, N, R),
    ),
    "留置送达": (
        ("service", {"matter": "service-lien", "when": "data:way=leave"}),
        {"way": "leave"},
        (R, N, R, C, R),
    ),
    "公告送达": (("service", "service-announcement"), {}, (R, N, R, C, R)),
    "涉及人身自由的现场检查": (("on-site-inspection",), {"interests": ["liberty"]}, (F, N, R, F, F)),
    "涉及生命健康的现场检查": (("on-site-inspection",), {"interests": ["life-health"]}, (F, N, F, F, F)),
    "涉及重大财产的查封": (("coercion", "seizure"), {"interests": ["property"]}, (F, N, F, F, F)),
    "涉及重大财产的送达": (("service",), {"interests": ["property"], "way": "direct"}, (R, N, R, N, R)),
    "询问室里的询问": (("evidence-collection",), {"premises": "interview-room"}, (R, N, R, F, R)),
    "涉及生命健康的办案场所": (
        ("evidence-collection",),
        {"premises": "case-room", "interests": ["life-health"]},
        (F, N, F, F, F),
    ),
}


def act_with(pack: Pack, *matters: Any) -> Act:
    """An act that bears these matters."""
    return replace(pack.acts["inspect"], id="made-up", label="虚设活动", matters=matters)


def duty(pack: Pack, act: Act, data: Mapping[str, Any] | None = None, **more: Any) -> Duty:
    state = {**empty_state("ordinary", "investigation"), **more.pop("state", {})}
    return owed(Asked(pack, act, state, data or {}, more.get("listed")))


@pytest.mark.parametrize("locality", FIVE)
@pytest.mark.parametrize("activity", TABLE)
def test_the_highest_of_what_applies_wins(activity: str, locality: str) -> None:
    matters, data, levels = TABLE[activity]
    pack = load_pack(locality)
    found = duty(pack, act_with(pack, *matters), data)
    assert found.level == levels[FIVE.index(locality)], [one.why for one in found.demands]
    assert all(one.citation for one in found.demands)


def test_liberty_is_recorded_whole_in_lingchuan_only_where_the_operator_goes_further() -> None:
    pack = load_pack("lingchuan")
    (value,) = pack.values["av.liberty_stricter"]
    stricter = replace(pack, values={**pack.values, "av.liberty_stricter": (replace(value, value=True),)})
    act = act_with(pack, "on-site-inspection")
    assert duty(pack, act, {"interests": ["liberty"]}).level == R
    found = duty(stricter, act, {"interests": ["liberty"]})
    assert found.level == F and "严于方案" in found.why
    assert duty(stricter, act, {"interests": []}).level == R


# The agency's own list, in the columns of each locality

ROWS: dict[str, tuple[dict[str, str], str, tuple[str, ...]]] = {
    "laizhou": (
        {
            "关键环节": "现场检查",
            "记录方式": "录像",
            "全程记录的现场执法活动": "现场检查",
            "全程记录的执法场所": "询问室",
        },
        F,
        ("video",),
    ),
    "dongying": (
        {
            "执法环节": "现场检查",
            "记录方式": "照相",
            "全程记录的现场执法活动": "无",
            "全程记录的执法场所": "无",
        },
        R,
        ("photo",),
    ),
    "lingchuan": (
        {
            "音像记录事项": "现场检查",
            "记录内容": "现场情况",
            "关键环节": "检查",
            "记录方式": "录音录像",
            "记录现场": "检查现场",
        },
        R,
        ("audio", "video"),
    ),
    "kaiyuan": (
        {"行为类别": "行政处罚", "阶段": "调查取证", "环节": "现场检查", "音像形式": "录像"},
        C,
        ("video",),
    ),
    "huantai": ({"音像记录事项": "现场检查", "记录方式": "全程录像"}, F, ("video",)),
}


@pytest.mark.parametrize("locality", FIVE)
def test_a_row_of_the_agencys_list_is_read_in_the_columns_of_its_scheme(locality: str) -> None:
    pack = load_pack(locality)
    row, level, forms = ROWS[locality]
    act = pack.acts["inspect"]
    found = duty(pack, act, listed={"rows": [row], "source": "本机关清单"})
    (own,) = [one for one in found.demands if one.matter == "list"]
    assert (own.level, own.forms, own.citation) == (level, forms, "本机关清单")
    assert not [
        d
        for d in duty(pack, pack.acts["interview"], listed={"rows": [row], "source": "x"}).demands
        if d.matter == "list"
    ]
    assert unknown_rows([row], pack) == []
    strange = {
        name: "放风筝" if name in ("关键环节", "执法环节", "音像记录事项", "环节", "阶段") else "录像"
        for name in row
    }
    assert unknown_rows([strange], pack) == ["第 1 行“放风筝”"]


def test_a_row_for_another_kind_of_enforcement_asks_nothing_of_this_one() -> None:
    pack = load_pack("kaiyuan")
    row = {"行为类别": "行政许可", "阶段": "调查取证", "环节": "现场检查", "音像形式": "录像"}
    assert [
        d.matter for d in duty(pack, pack.acts["inspect"], listed={"rows": [row], "source": "x"}).demands
    ] == ["on-site-enforcement"]
    silent = {**row, "行为类别": "行政处罚", "音像形式": "文字记录"}
    assert len(duty(pack, pack.acts["inspect"], listed={"rows": [silent], "source": "x"}).demands) == 1


def test_a_row_of_the_matrix_asks_for_a_photograph_at_its_stage() -> None:
    pack = load_pack("laizhou")
    matrix = {
        "rows": [{"环节": "送达", "内容": "送达现场", "方式": "照相", "载体": "照片"}],
        "source": "记录环节表",
    }
    found = duty(pack, pack.acts["serve"], {"way": "mail"}, state={"recording_matrix": matrix})
    assert ("photo",) in [one.forms for one in found.demands if one.matter == "matrix"]
    assert "matrix" not in {
        d.matter for d in duty(pack, pack.acts["inspect"], state={"recording_matrix": matrix}).demands
    }


# Means


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("录音、录像", ("audio", "video")),
        ("执法记录仪", ("video",)),
        ("视频监控", ("cctv",)),
        ("拍照", ("photo",)),
        ("文字", ()),
    ],
)
def test_a_cell_names_its_means(text: str, means: tuple[str, ...]) -> None:
    assert means_in(text) == means


def test_a_file_is_what_its_type_says_and_a_clip_has_its_times() -> None:
    photo, film = (
        {"name": "一.jpg", "digest": "a" * 64},
        {"name": "二.bin", "mime": "video/mp4", "digest": "b" * 64},
    )
    told = {"means": "cctv", "began": "2026-02-11T09:00", "ended": "2026-02-11T09:30", "file": "二.bin"}
    found = clips_of({"photos": [photo, film], "clips": [told]})
    assert [(c["means"], c["began"], c["name"]) for c in found] == [
        ("cctv", "2026-02-11T09:00", "二.bin"),
        ("photo", "", "一.jpg"),
    ]
    assert clips_of({"kind": "documentary", "files": [film]}) == []


# Coverage


def at(minute: int) -> str:
    return f"2026-02-11T{9 + minute // 60:02d}:{minute % 60:02d}"


def clip(began: int, ended: int, means: str = "video") -> dict[str, str]:
    return {"means": means, "began": at(began), "ended": at(ended), "device": "", "name": "", "digest": ""}


@pytest.mark.parametrize(
    ("clips", "tolerance", "holes"),
    [
        ([clip(0, 60)], 0, []),
        ([clip(0, 25), clip(35, 60)], 0, [(25, 35)]),
        ([clip(0, 25), clip(35, 60)], 599, [(25, 35)]),
        ([clip(0, 25), clip(35, 60)], 600, []),
        ([clip(30, 60), clip(0, 40)], 0, []),
        ([clip(0, 60), clip(10, 20)], 0, []),
        ([clip(5, 60)], 0, [(0, 5)]),
        ([clip(0, 50)], 0, [(50, 60)]),
        ([], 0, [(0, 60)]),
    ],
)
def test_a_hole_in_footage_is_found(
    clips: list[dict[str, str]], tolerance: int, holes: list[tuple[int, int]]
) -> None:
    found = gaps(at(0), at(60), clips, tolerance)
    assert found == [(at(a), at(b)) for a, b in holes]
    assert [minutes(hole) for hole in found] == [b - a for a, b in holes]


@pytest.mark.parametrize("ends", [("", ""), (at(0), ""), ("2026-02-11", at(60))])
def test_what_has_no_stated_end_is_not_covered(ends: tuple[str, str]) -> None:
    assert gaps(*ends, [clip(0, 60)]) == [ends]


# What settles it


def row(level: str, *clips: dict[str, str], **told: Any) -> dict[str, Any]:
    forms = ["video"] if level == F else []
    demand = {"label": "现场检查", "level": level, "forms": forms, "cite": "方案", "waiver": level != F}
    more = {"reason": "", "began": at(0), "ended": at(60), "approval": True, "demands": [demand], **told}
    return {"n": 5, "made": 5 if clips else 0, "level": level, "clips": list(clips), **more}


HOLED = (clip(0, 25), clip(35, 60))


@pytest.mark.parametrize(
    ("level", "clips", "told", "kind"),
    [
        (F, (clip(0, 60),), {}, "recorded"),
        (F, (clip(0, 60, "photo"),), {}, "partial"),
        (F, HOLED, {}, "partial"),
        (F, HOLED, {"reason": "换电池"}, "pending"),
        (F, HOLED, {"reason": "换电池", "approved": 9}, "approved"),
        (F, (), {"reason": "文字足够", "waived": True, "approved": 9}, "approved"),
        (F, (), {}, "missing"),
        (F, HOLED, {"tolerance": 600}, "recorded"),
        (R, (clip(0, 1),), {}, "recorded"),
        (R, (), {}, "missing"),
        (R, (), {"reason": "故障"}, "pending"),
        (R, (), {"reason": "故障", "approved": 9}, "approved"),
        (R, (), {"reason": "文字足够", "waived": True}, "pending"),
        (R, (), {"reason": "文字足够", "waived": True, "approved": 9}, "waived"),
        (C, (), {}, "missing"),
        (C, (), {"reason": "不便拍摄"}, "excused"),
        (C, (clip(0, 1),), {}, "recorded"),
    ],
)
def test_how_a_step_stands(level: str, clips: tuple[Any, ...], told: dict[str, Any], kind: str) -> None:
    assert standing(row(level, *clips, **told)).kind == kind


def test_a_row_from_before_is_settled_by_a_reason() -> None:
    old = {"n": 5, "label": "现场检查", "on": "2026-02-11", "made": 0, "reason": ""}
    assert standing(old).kind == "missing" and standing({**old, "reason": "故障"}).settled
    (closed,) = at_closing([old], {"no_recording": "故障"}, 9)
    assert standing(closed).settled


def test_the_closing_approves_only_what_is_explained() -> None:
    silent, told = at_closing(
        [row(R), row(R, reason="故障")], {"exceptions_approved": True, "no_recording": "故障"}, 9
    )
    assert (standing(silent).kind, standing(told).kind) == ("missing", "approved")
    (loose,) = at_closing([row(C)], {"no_recording": "不便拍摄"}, 9)
    assert standing(loose).kind == "excused"
