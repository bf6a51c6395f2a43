"""全过程记录 link by link: no link is left without its records, a locality's matrix says which, a finished case shows them all."""

import contextlib
import html
import io
import json
from typing import Any

import pytest

from altered import Alter
from api_client import Api
from knocks import WAYS, refused_everywhere, signed_in
from play import STORIES, Clock, Play, make_office
from rows import row
from sanxiang.cli import main
from sanxiang.demo import stories
from sanxiang.ledger.models import Act
from side_stories import photo

pytestmark = pytest.mark.django_db

SEVEN = ["立案", "调查", "取证", "审查", "决定", "送达", "执行"]
FOUR = ["启动", "调查取证", "审核决定", "送达执行"]


def play_of(locality: str, story: str, clock: Clock, until: str = "") -> Play:
    """A story in a fresh office of that locality, played to just before a step."""
    procedure, steps = STORIES[story]
    play = Play(make_office(locality), procedure, steps, clock)
    play.until(until)
    return play


def shown(play: Play) -> str:
    """The timeline's page."""
    page = signed_in(play.person("officer1")).get(f"/desk/cases/{play.case_id}/timeline/")
    return html.unescape(page.content.decode())


def links(play: Play) -> list[dict[str, Any]]:
    """The links as the API exports them."""
    found: list[dict[str, Any]] = Api(play.person("officer1")).get(f"/cases/{play.case_id}")["links"]
    return found


def nothing_taken(play: Play) -> None:
    """A piece of evidence, but no record of an inspection or interview: the link of evidence is not left, by any way."""
    with play.branch():
        told = {"kind": "documentary", "title": "台账", "proves": "水量", "source_of": "当事人提供"}
        play.do("add-evidence", "officer1", officers=stories.two(play.office), **told)
        play.until("conclude-investigation", without=("inspect", "interview"))
        answer = refused_everywhere(play.knock())
        assert answer.guards == {"stage-recorded"} and "缺少环节记录" in answer.refused[0][2]
        page = shown(play)
        assert "现场或询问笔录" in page and "还没有" in page


def whole(play: Play, names: list[str]) -> list[dict[str, Any]]:
    """The finished case has exactly these links, each with a record; the page shows what the API exports."""
    play.until()
    found = links(play)
    assert [link["label"] for link in found] == names
    page = shown(play)
    table = page[page.index("各环节的记录") :]
    for link in found:
        assert link["recorded"] and f"<b>{link['label']}</b>" in table
        for record in link["records"]:
            assert record["content"] and record["mode"] and record["carrier"]
            assert record["label"] in table and record["carrier"] in table
            assert (
                not record["n"]
                or Act.objects.filter(subject=play.case_id, n=record["n"], on=record["on"]).exists()
            )
    return found


@pytest.mark.parametrize("locality", [row("LZ-037"), row("LC-033")])
def test_the_seven_links_leave_records(locality: str, clock: Clock) -> None:
    play = play_of(locality, "hearing", clock, "inspect")
    nothing_taken(play)
    assert [link["label"] for link in links(play) if link["recorded"]] == ["立案", "调查", "取证"]
    whole(play, SEVEN)


@pytest.mark.carries("KY-029", locality="kaiyuan", change=('label = "启动"', 'label = "开始"'))
def test_the_four_links_stand_for_the_canonical_stages(clock: Clock) -> None:
    play = play_of("kaiyuan", "ordinary", clock, "inspect")
    nothing_taken(play)
    found = whole(play, FOUR)
    assert [link["canonical"] for link in found] == [
        ["intake", "filing"],
        ["investigation"],
        ["review", "notice", "hearing", "decision"],
        ["service", "execution"],
    ]
    timeline = shown(play)
    assert all(name in timeline for name in FOUR)


MATRIX = ('value = ["内容", "方式", "载体"]', 'value = ["内容", "方式"]')
PHOTO = """```toml stage
id = "o-service-photo"
adds_to = "o-service"
records = [{ label = "送达现场照片", acts = ["serve+photos"], form = "照片", content = "送达现场", mode = "照片", carrier = "照片文件" }]
```
"""


@pytest.mark.parametrize("locality", [row("LZ-040", change=MATRIX), row("DY-041", change=MATRIX)])
def test_the_locality_says_which_records_a_link_leaves(locality: str, clock: Clock, alter: Alter) -> None:
    """A photo asked for at the service: the next case cannot do without. A record without its carrier: the rules do not pass."""
    old = play_of(locality, "ordinary", clock, "serve/2")
    alter(locality, add=PHOTO)
    fresh = Play(old.office, old.procedure, STORIES["hearing"][1], clock, old.moment)
    fresh.until("inspect")
    nothing_taken(fresh)
    for _ in ("penalty notice", "hearing notice"):
        fresh.until("serve")
        fresh.step()
    fresh.until("serve")
    answer = refused_everywhere(fresh.knock())
    assert answer.guards == {"stage-recorded"} and "送达现场照片" in answer.refused[0][2]
    picture = photo(fresh.office)["files"]
    for name, way in WAYS.items():
        with fresh.branch():
            assert way(fresh.knock(after=0, photos=picture)).done, name
    fresh.step(photos=picture)
    assert "送达现场照片" in shown(fresh) and "送达现场照片" not in shown(old)
    old.step()
    folder = alter(locality, add=PHOTO)
    assert check(folder / locality) == []
    for key, label in (("carrier", "载体"), ("content", "内容"), ("mode", "方式")):
        part = next(text for text in PHOTO.split(", ") if text.startswith(f"{key} = ")).partition(" }]")[0]
        folder = alter(locality, add=PHOTO.replace(f", {part}", ""))
        faults = check(folder / locality)
        assert len(faults) == 1 and f"没有写明{label}" in faults[0] and "送达现场照片" in faults[0]


def check(folder: Any) -> list[str]:
    """What `sanxiang pack check` complains of, when it does; its exit code says the same."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        code = main(["pack", "check", str(folder), "--json"])
    found = [str(one["error"]) for one in json.loads(out.getvalue())["errors"]]
    assert code == (1 if found else 0)
    return found
