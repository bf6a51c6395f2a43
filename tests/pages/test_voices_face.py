"""How the pages of voices, concerns, spot checks and progress look at every width, and whether anybody can use them."""

import pytest
from django.test import Client
from seen import faults_seen

from knocks import signed_in
from play import Clock
from publishing import supervisor_above
from sanxiang.door.administer import administer
from sanxiang.door.voices.register import voices_in
from speaking import FIRM, RECEIPT, asked, case_at, complained, filled, number_of, standing

pytestmark = pytest.mark.django_db


def test_they_fit_every_width_and_anybody_can_use_them(clock: Clock) -> None:
    """The form, refused and taken; the answer by the code; how a case stands; and the desk's pages of all of it."""
    play = case_at("huantai", clock, "record-payment")
    office, agency, public = play.office, play.office.agency, Client()
    above, here = supervisor_above(agency), f"/voices/?about=officer&key={number_of(office)}"
    form, pages = (
        filled(public, here, clock, kind="投诉举报", text="没有出示执法证件。" * 30),
        dict[str, str](),
    )
    pages["/voices/"] = public.get("/voices/").content.decode()
    pages["/voices/?officer"] = public.get(here).content.decode()
    pages["/voices/?wrong"] = public.post(
        "/voices/", {**form.values, "kind": "", "text": ""}
    ).content.decode()
    receipt = public.post("/voices/", form.values)
    pages["/voices/?sent"] = receipt.content.decode()
    found = RECEIPT.search(pages["/voices/?sent"])
    assert found
    codes = [found[0], *complained(office, clock, 3)]
    numbers = [one.number for one in voices_in([agency.pk])]
    reply = {"outcome": "upheld", "reply": "反映属实，已经责令改正。" * 20}
    administer("answer-voice", agency, above, {"voice": numbers[0], **reply})
    away = {"voice": numbers[1], "organ": "青禾县信访局（演示）", "reason": "不属于执法监督的职责"}
    administer("forward-voice", agency, above, away)
    told = {"title": "检查不亮证", "demand": "先亮证" * 50, "owner_unit": str(office.brigade.pk), "days": 10}
    administer("open-concern", agency, above, {**told, "voices": numbers})
    client = signed_in(above)
    for number, code in enumerate(codes):
        pages[f"/voices/status/?{number}"] = standing(code).content.decode()
    pages["/voices/status/?wrong"] = standing("x").content.decode()
    pages["/progress/"] = asked(play.case.code, FIRM).content.decode()
    pages["/progress/?wrong"] = asked(play.case.code, "0").content.decode()
    for path in (
        "/desk/voices/",
        f"/desk/voices/{voices_in([agency.pk])[0].id}/",
        "/desk/concerns/",
        "/desk/spot-checks/",
    ):
        pages[path] = client.get(path).content.decode()
    slip = f"/desk/cases/{play.case_id}/slip/"
    pages[slip] = signed_in(play.person("officer1")).get(slip).content.decode()
    assert "已答复" in "".join(pages.values()) and "已转交" in "".join(pages.values())
    assert not (wrong := faults_seen(pages)), "\n".join(wrong)
