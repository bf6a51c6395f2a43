"""Nothing about an unpublished case leaks through the log (trust.md §1.5): whoever reads all of it learns how many acts there are."""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client

from cast import make_person
from knocks import signed_in
from play import Clock, Play, make_office
from sanxiang.cases.models import Paper
from sanxiang.demo import stories
from sanxiang.door import reading
from sanxiang.door.looks.accesses import Asked, lines_of, looks_at
from sanxiang.ledger.access_row import Access
from sanxiang.ledger.logs import ACTS
from sanxiang.ledger.models import Act, Opening
from sanxiang.people.models import Agency
from sanxiang.people.roles import SUPERVISOR
from sanxiang.square.log import span_of
from signed_log import Sign, sign_log

__all__ = ["sign_log"]
pytestmark = pytest.mark.django_db

SHORTEST = 3
"""A shorter word stands in any text by chance."""


@pytest.fixture
def play(clock: Clock) -> Play:
    """A case of the demonstration that is decided and not published."""
    story = Play(make_office("kaiyuan"), "ordinary", stories.ordinary("2000", which=2), clock)
    story.until("prepare-publication")
    assert not story.case.publications.exists()
    return story


def words(value: Any) -> Iterator[str]:
    """Every text and figure in a value."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from (*words(name), *words(one))
    elif isinstance(value, list):
        for one in value:
            yield from words(one)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def content(play: Play) -> set[str]:
    """What the case's acts say, who did them, and what the case is called, as far as it is no day, id or name of a field."""
    rows = Opening.objects.filter(act__subject=play.case_id).exclude(name="act.record")
    case = play.case
    said = {w for value in rows.values_list("value", flat=True) for w in words(value)}
    said |= {*words(case.state["facts"]), case.number, case.title, case.party, case.code, case.agency.name}
    plain = re.compile(
        r"[\x00-\x7f]{0,40}"
    )  # field names, ids, short digests, days; figures are asked for apart
    return {
        w for w in said if len(w) >= SHORTEST and (not plain.fullmatch(w) or w in (case.code, "0000-1234567"))
    }


def served(kind: str) -> list[Path]:
    """The files of the log by the beginning of their address."""
    found = [f for f in (Path(settings.DATA) / "log").rglob("*") if f.is_file() and "tile" in f.parts]
    return [f for f in found if ("entries" in f.parts) == (kind == "entries")]


def address(file: Path) -> str:
    """Where a file of the log is served."""
    return f"/log/{file.relative_to(Path(settings.DATA) / 'log').as_posix()}"


def test_the_public_gets_hashes_and_no_entry(play: Play, sign_log: Sign) -> None:
    """Checkpoint and tiles hold no word of the case; a bundle of entries is, for everybody but supervisors, no page at all."""
    assert sign_log() >= play.case.n
    said, client = content(play), Client()
    assert {play.case.party, "匿名群众甲", play.case.number, "0000-1234567"} <= said
    officer = signed_in(play.person("officer1"))
    tiles, bundles = served("tile"), served("entries")
    assert tiles and bundles
    for file in bundles:
        answers = [one.get(address(file)) for one in (client, officer)]
        assert [a.status_code for a in answers] == [404, 404]
        missing = client.get("/log/tile/entries/x999/999")
        assert missing.status_code == 404 and len(answers[0].content) == len(missing.content)
    texts = [client.get("/log/checkpoint").content]
    for file in tiles:
        answer = client.get(address(file))
        assert answer.status_code == 200
        body = b"".join(answer.streaming_content)
        assert len(body) % 32 == 0
        texts.append(body)
    found = {w for w in said for text in texts if w.encode() in text}
    assert not found
    assert str(play.case_id).encode() not in b"".join(texts)


def test_whoever_takes_entries_away_leaves_an_entry(
    play: Play, sign_log: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For each bundle one, with which entries of which log; hashes leave none, nor does who is not shown any."""
    size = sign_log()
    government = Agency.objects.create(name="开原市人民政府（演示）", locality="kaiyuan", is_supervisor=True)
    watcher = make_person("guanlan", "观澜", government, SUPERVISOR)
    place, looks = f"/log/tile/entries/000.p/{size}", Access.objects.filter(kind="entries")
    for stranger in (Client(), signed_in(play.person("officer1"))):
        assert stranger.get(place).status_code == 404
    client = signed_in(watcher)
    twin = f"tile/entries/000.p/{size}"
    (ACTS.folder("sm3") / twin).parent.mkdir(parents=True)
    (ACTS.folder("sm3") / twin).write_bytes(b"no twin has bundles")
    wanted = {f"/log/tile/0/000.p/{size}": 200, "/log/tile/entries/999": 404, f"/log-sm3/{twin}": 404}
    assert {address: client.get(address).status_code for address in wanted} == wanted
    assert not looks.exists()
    answer = client.get(place)
    (entry,) = looks
    assert answer.status_code == 200 and answer["X-Watermark"] == entry.watermark
    assert entry.digest == hashlib.sha256(answer.content).hexdigest()
    assert (entry.by, entry.role, entry.first_byte, entry.last_byte) == (
        watcher.pk,
        "supervisor",
        0,
        size - 1,
    )
    (line,) = lines_of(looks_at([], Asked(kind="entries")))
    assert line.what == f"账本条目（第 0 至 {size - 1} 条）" and line.why == "监督检查，办理账本"
    assert span_of("x001/x234/067") == (1234067 * 256, 1234067 * 256 + 255)

    def full(*_: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(reading, "record", full)
    answer = client.get(place)
    assert answer.status_code == 503 and "没有提供内容" in answer.content.decode()
    assert looks.count() == 1


def test_a_leaf_says_that_something_was_done_and_nothing_of_what(play: Play, sign_log: Sign) -> None:
    """Name, number and sum stand in no leaf; digests are sorted and padded, so that neither order nor number tells the fields."""
    sign_log()
    said = content(play)
    sums = {"2000", "2000.00"}
    counts = set()
    for act in Act.objects.filter(subject=play.case_id):
        data = bytes(act.leaf)
        text, leaf = data.decode(), json.loads(data)
        assert set(leaf) == {"a", "at", "c", "d", "id", "n", "o", "p", "r", "v"}
        assert not {w for w in said if w in text}
        rest = {k: v for k, v in leaf.items() if k not in ("d", "p", "id", "c", "at")}
        assert not sums & set(words(rest))
        assert (
            len(leaf["d"]) % 8 == 0
            and leaf["d"] == sorted(leaf["d"])
            and len(set(leaf["d"])) == len(leaf["d"])
        )
        assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", one) for one in leaf["d"])
        counts.add((len(leaf["d"]), Opening.objects.filter(act=act).count()))
    assert all(shown >= there for shown, there in counts)
    assert len({there for _, there in counts}) > len({shown for shown, _ in counts})


def test_an_act_of_an_unpublished_case_is_answered_like_none(play: Play, sign_log: Sign) -> None:
    """Who knows an act's id without the paper that leads to it learns not even that it exists."""
    sign_log()
    client = Client()
    with_papers = Paper.objects.filter(case=play.case_id).values("act")
    act = Act.objects.filter(subject=play.case_id).exclude(pk__in=with_papers).earliest("n")
    for kind in ("/", ".leaf", ".json", ".tlog-proof"):
        there = client.get(f"/log/acts/{act.pk}{kind}")
        none = client.get(f"/log/acts/00000000-0000-4000-8000-000000000000{kind}")
        assert there.status_code == none.status_code == 404
        assert there.content.replace(str(act.pk).encode(), b"") == none.content.replace(
            b"00000000-0000-4000-8000-000000000000", b""
        )
