"""By which rules an agency discloses, and the charts its scheme asks for, are read by everybody; what is internal is not."""

import html

import pytest
from django.test import Client

from knocks import signed_in
from page_form import form_at, send, words
from play import MORNING, Clock, make_office
from sanxiang.demo.people import Office
from sanxiang.door.administer import administer
from sanxiang.law.own_rules import kinds_of
from sanxiang.law.packs import load_pack
from sanxiang.law.registers.kinds import columns_of

pytestmark = pytest.mark.django_db
BEGINS = MORNING.date().isoformat()


def ruled(office: Office, kind: str) -> None:
    """A rule document in force."""
    rule = kinds_of(load_pack(office.agency.locality))[kind]
    rows = [{"章节": name, "内容": f"{name}按本局规定。"} | figure(name) for name in rule.chapters]
    said = {
        "kind": kind,
        "title": "本局行政执法公示办法",
        "owner": "办公室",
        "basis": "本地方案",
        "rows": rows,
    }
    administer("release-rule", office.agency, office.people["agency-head"], {**said, "in_force_from": BEGINS})


def figure(name: str) -> dict[str, str]:
    """What a chapter sets, where it must."""
    return {"数值": "365"} if name == "公开期限" else {}


def listed(office: Office, kind: str, **more: str) -> None:
    """A chart in force, of one row."""
    row = {name: "写明" for name, _ in columns_of(load_pack(office.agency.locality), kind)} | more
    administer(
        "release-register", office.agency, None, {"kind": kind, "rows": [row], "in_force_from": BEGINS}
    )


def seen(address: str, status: int = 200) -> str:
    """What somebody without an account reads."""
    answer = Client().get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return html.unescape(answer.content.decode())


@pytest.mark.parametrize(("locality", "kind"), [("laizhou", "rule-ex-post"), ("dongying", "rule-disclosure")])
def test_the_rule_by_which_an_agency_discloses_has_a_page_and_others_have_none(
    clock: Clock, locality: str, kind: str
) -> None:
    """Chapters, title and owner; a door on the agency's page; what is internal stays so."""
    office = make_office(locality)
    kinds = kinds_of(load_pack(locality))
    if kind not in kinds:
        pytest.skip(f"{locality} asks for no {kind}")
    here = f"/agencies/{office.agency.pk}/"
    assert Client().get(f"{here}{kind}/").status_code == 404
    ruled(office, kind)
    page = seen(f"{here}{kind}/")
    assert "本局行政执法公示办法" in page and "办公室" in page
    assert all(f"{name}按本局规定" in page for name in kinds[kind].chapters)
    assert f'href="{here}{kind}/"' in seen(here) and kinds[kind].label in seen(here)
    inner = next(one for one in kinds if one not in ("rule-ex-post", "rule-disclosure"))
    ruled(office, inner)
    assert Client().get(f"{here}{inner}/").status_code == 404 and f"{here}{inner}/" not in seen(here)


def test_a_rule_that_is_public_holds_nobodys_number(clock: Clock) -> None:
    """By the form of the desk: the chapter is named with the article."""
    office = make_office("laizhou")
    rule = kinds_of(load_pack("laizhou"))["rule-ex-post"]
    desk = signed_in(office.people["agency-head"])
    form = form_at(desk, f"/desk/admin/acts/release-rule/?agency={office.agency.pk}&kind=rule-ex-post")
    for number, name in enumerate(rule.chapters):
        form.put(f"rows-{number}-内容", f"{name}，找苏禾青 {'139' + '00001357'}")
        if name == "公开期限":
            form.put(f"rows-{number}-数值", "365")
    told = {"title": "公示办法", "owner": "办公室", "basis": "方案", "in_force_from": BEGINS}
    for name, value in told.items():
        form.put(name, value)
    answer = send(desk, form)
    assert answer.status_code == 422
    assert "含有手机号码" in words(answer) and "个人信息保护法" in words(answer)


def test_charts_are_public_and_what_was_taken_down_stands_on_no_flowchart(clock: Clock) -> None:
    """The chart of review has a page; rows of the recording matrix are drawn while they are public and not longer."""
    office = make_office("laizhou")
    here = f"/agencies/{office.agency.pk}/"
    listed(office, "chart-review", 送审材料="案卷和草案")
    assert "案卷和草案" in seen(f"{here}chart-review/") and "法制审核流程图" in seen(here)
    listed(office, "chart-recording", 环节="立案", 内容="内部编号七号柜")
    drawn = "/procedures/laizhou/ordinary.svg"
    assert "内部编号七号柜" in seen(f"{here}chart-recording/") and "七号柜" in seen(drawn)
    said = {"kind": "chart-recording", "ground": "closed", "reason": "写了内部存放位置"}
    administer("withdraw-register", office.agency, None, said)
    assert "七号柜" not in seen(f"{here}chart-recording/", 410) and "七号柜" not in seen(drawn)
