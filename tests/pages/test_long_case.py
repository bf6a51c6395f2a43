"""A case of five hundred acts and two hundred papers: what its pages cost, and that nothing of it is out of reach."""

import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from seen import faults_seen

from cast import Cast
from conftest import Player, SignIn
from sanxiang.cases.models import Case, Paper
from sanxiang.desk.cases import MOST
from sanxiang.desk.history import PAGE
from sanxiang.ledger.models import Act, Opening

pytestmark = pytest.mark.django_db

ACTS, PAPERS = 500, 200


def lengthened(case: Case, acts: int = ACTS, papers: int = PAPERS) -> Case:
    """The case with its inspection and the record of it over and over, row by row: through the door it would take minutes."""
    like = Act.objects.get(subject=case.pk, name="inspect")
    said, record = list(Opening.objects.filter(act=like)), Paper.objects.get(act=like.pk)
    rows, openings, more = [], [], []
    lack = papers - Paper.objects.filter(case=case).count()
    for n in range(case.n + 1, acts + 1):
        at = {"id": uuid.uuid4(), "n": n}
        rows.append(Act(**fields(like) | at))
        openings += [Opening(**fields(one) | {"id": None, "act_id": at["id"]}) for one in said]
        if len(more) < lack:
            more.append(Paper(**fields(record) | {"id": uuid.uuid4(), "act": at["id"], "n": n}))
    Act.objects.bulk_create(rows)
    Opening.objects.bulk_create(openings, batch_size=500)
    Paper.objects.bulk_create(more)
    piece = next(one for one in case.state["evidence"] if one["n"] == like.n)
    pieces = [{**piece, "id": str(uuid.uuid4()), "n": row.n} for row in rows]
    state = {**case.state, "n": acts, "evidence": [*case.state["evidence"], *pieces]}
    Case.objects.filter(pk=case.pk).update(n=acts, state=state)
    case.refresh_from_db()
    return case


def fields(row: Act | Opening | Paper) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def addresses(case: Case) -> dict[str, str]:
    desk, api = f"/desk/cases/{case.pk}/", f"/api/v1/cases/{case.pk}"
    here = {"case": desk, "papers": f"{desk}?all=papers", "evidence": f"{desk}?all=evidence"}
    here |= {"timeline": f"{desk}timeline/", "whole": f"{desk}timeline/?all=1", "file": f"{desk}file/"}
    return here | {"api": api, "acts": f"{api}/acts", "api_timeline": f"{api}/timeline"}


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def costs(client: Client, case: Case) -> dict[str, int]:
    found = {}
    for name, address in addresses(case).items():
        page(client, address)
        with CaptureQueriesContext(connection) as captured:
            page(client, address)
            found[name] = len(captured)
    return found


def test_five_hundred_acts_and_two_hundred_papers_cost_the_same_queries(
    play: Player, cast: Cast, browser: SignIn
) -> None:
    case = play("ordinary", "interview").case
    clients = [browser(person) for person in (cast.handler, cast.head)]
    few = [costs(client, case) for client in clients]
    assert all(n > 5 for found in few for n in found.values()), few
    lengthened(case)
    assert (case.n, Paper.objects.filter(case=case).count()) == (ACTS, PAPERS)
    assert [costs(client, case) for client in clients] == few


def test_a_long_case_is_drawn_short_and_read_whole(play: Player, cast: Cast, browser: SignIn) -> None:
    case, client = lengthened(play("ordinary", "interview").case), browser(cast.handler)
    found = addresses(case)
    short = page(client, found["case"])
    assert short.count(".docx") == MOST and f"列出全部 {PAPERS} 份" in short
    assert short.count("账本编号") == MOST and f"{ACTS} 步" in short
    assert page(client, found["papers"]).count(".docx") == PAPERS
    every = {str(key) for key in Act.objects.filter(subject=case.pk).values_list("pk", flat=True)}
    first = page(client, found["timeline"])
    assert sum(key in first for key in every) == PAGE
    asked = re.search(r'href="([^"]*)">在一页上列出全部 500 步', first)
    assert asked and asked[1] == found["whole"]
    whole = page(client, asked[1])
    assert all(key in whole for key in every) and 'rel="next"' not in whole and "列出全部 500 步" not in whole
    catalogue = page(client, found["file"])
    assert sum(int(n) for n in re.findall(r"(\d+) 件 \d+ 页", catalogue)) == PAPERS


def test_what_is_paged_is_reached_one_page_after_the_other(play: Player, cast: Cast, browser: SignIn) -> None:
    """By links alone: no script runs here."""
    case, client = lengthened(play("ordinary", "interview").case), browser(cast.handler)
    address, seen = addresses(case)["timeline"], []
    for _ in range(ACTS // PAGE):
        shown = page(client, address)
        seen += re.findall(r'账本编号 <span class="mono">([^<]+)<', shown)
        following = re.search(r'href="([^"]*)" rel="next"', shown)
        address = following[1].replace("&amp;", "&") if following else ""
    assert not address and len(seen) == len(set(seen)) == ACTS


def test_papers_of_one_kind_are_judged_apart_where_their_acts_said_otherwise(
    play: Player, cast: Cast, browser: SignIn
) -> None:
    """Many papers of one kind, some of which print what the act behind them kept for few eyes."""
    case = play("ordinary", "interview").case
    lengthened(case, case.n + 4, Paper.objects.filter(case=case).count() + 4)
    newest = Paper.objects.filter(case=case, kind="site-record").order_by("-n").first()
    assert newest
    Opening.objects.create(act_id=newest.act, name="place", salt="x", value="某处", secrecy="witness")
    for person, opens in ((cast.handler, True), (cast.editor, False)):
        listed = page(browser(person), f"{addresses(case)['papers']}")
        links = set(re.findall(r"papers/([0-9a-f-]{36})\.docx", listed))
        others = Paper.objects.filter(case=case, kind="site-record").exclude(pk=newest.pk)
        assert {str(one.pk) for one in others} <= links
        assert (str(newest.pk) in links) is opens, person.username


@pytest.mark.browser
def test_the_long_case_keeps_to_a_phone(play: Player, cast: Cast, browser: SignIn) -> None:
    case, client = lengthened(play("ordinary", "interview").case, 160, 60), browser(cast.handler)
    found = addresses(case)
    shown = {found[name]: page(client, found[name]) for name in ("case", "timeline", "file")}
    assert faults_seen(shown, thorough=False) == []
