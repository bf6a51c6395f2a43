"""The same knock on each way to the door: the desk's form, the API, the command line. What comes back is compared."""

import contextlib
import html
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpResponse
from django.test.client import ClientHandler

from reader import Client
from sanxiang.cases.models import Case, Evidence, Paper, Publication, Review
from sanxiang.cases.recording.receipts import SALT as API_SALT
from sanxiang.cli import main
from sanxiang.desk.posted import GROUPS, RECEIPT_SALT
from sanxiang.door.models import Number, Refusal, Series, Task
from sanxiang.law.packs import Pack
from sanxiang.law.rules import Act, Field
from sanxiang.ledger.models import Act as LedgerAct
from sanxiang.ledger.models import Entry, Opening, Pending
from sanxiang.people.models import Agency, Person

BACKEND = "sanxiang.people.signin.PersonBackend"
Verdicts = list[dict[str, str]]


@dataclass(frozen=True)
class Knock:
    """One attempt: an act, by whom, with what; `case` None opens a case of `procedure`."""

    pack: Pack
    act: str
    by: Person
    data: Mapping[str, Any]
    case: Any = None
    procedure: str = ""
    agency: Agency | None = None

    @property
    def rule(self) -> Act:
        """The act's rule."""
        return self.pack.acts[self.act]


@dataclass(frozen=True)
class Answer:
    """What came back: done (the case's id), or refused with verdicts, or unreadable by field, or nothing there."""

    done: str = ""
    refused: tuple[tuple[str, str, str, str], ...] = ()
    unreadable: tuple[str, ...] = ()
    nowhere: bool = False

    @property
    def guards(self) -> frozenset[str]:
        """Ids of the guards that refused."""
        return frozenset(v[0] for v in self.refused)


def refusal(verdicts: Verdicts) -> tuple[tuple[str, str, str, str], ...]:
    """Verdicts as comparable values, in order."""
    return tuple((v["guard"], v["citation"], v["fact"], v["cure"]) for v in verdicts)


def fact_of(answer: Answer, guard: str) -> str:
    """What a guard said."""
    return next(fact for name, _, fact, _ in answer.refused if name == guard)


def by_command(knock: Knock) -> Answer:
    """`sanxiang act perform|open … --json`, in this process."""
    data = Path(settings.DATA)
    key = data / "secret.key"
    if not key.exists():
        key.write_text("a key of the tests\n")
    told = data / "told.json"
    told.write_text(json.dumps(knock.data, ensure_ascii=False, default=str))
    words = ["perform", str(knock.case), knock.act]
    if knock.case is None:
        words = ["open", knock.procedure, "--agency", knock.agency.name if knock.agency else ""]
    words = ["act", *words, "--as", knock.by.username, "--input", str(told), "--data", str(data), "--json"]
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(words)
    if not out.getvalue():
        assert code == 1 and "没有编号" in err.getvalue(), err.getvalue()
        return Answer(nowhere=True)
    said = json.loads(out.getvalue())
    assert code == (0 if "case" in said else 1)
    if "refused" in said:
        return Answer(refused=refusal(said["refused"]))
    return Answer(done=said.get("case", ""), unreadable=tuple(sorted(said.get("errors", {}))))


def by_api(knock: Knock) -> Answer:
    """`POST /api/v1/cases[/ID/acts/ACT]` with the session of the person."""
    client = signed_in(knock.by)
    body: dict[str, Any] = {"data": with_receipts(knock)}
    address = f"/api/v1/cases/{knock.case}/acts/{knock.act}"
    if knock.case is None:
        address, body = (
            "/api/v1/cases",
            {**body, "procedure": knock.procedure, "agency": str(knock.agency.pk if knock.agency else "")},
        )
    answer = client.post(address, data=json.dumps(body, default=str), content_type="application/json")
    said = answer.json()
    if answer.status_code in (200, 201):
        return Answer(done=str(said["case"]))
    error = said["error"]
    expected = {"refused": 422, "unreadable": 400, "unknown": 404}
    assert expected.get(error["code"]) == answer.status_code, said
    if error["code"] == "unknown":
        return Answer(nowhere=True)
    return Answer(
        refused=refusal(error.get("refused", [])), unreadable=tuple(sorted(error.get("fields", {})))
    )


def by_page(knock: Knock) -> Answer:
    """The act's form on the desk, filled in and sent."""
    client = signed_in(knock.by)
    address = f"/desk/cases/{knock.case}/acts/{knock.act}/"
    if knock.case is None:
        address = f"/desk/cases/new/{knock.procedure}/?agency={knock.agency.pk if knock.agency else ''}"
    told = form_of(knock.rule, knock.data)
    answer = client.post(address, told)
    if b'name="heeded"' in answer.content:  # a remark of the guides: read, and sent as it is
        answer = client.post(address, {**told, "heeded": "on"})
    if answer.status_code == 404:
        return Answer(nowhere=True)
    if answer.status_code == 302:
        return Answer(done=answer["Location"].split("/")[3])
    assert answer.status_code == 422, answer.status_code
    return shown(answer)


def shown(answer: HttpResponse) -> Answer:
    """The verdicts that the page shows, each with its three sentences to be read on it."""
    context = answer.context  # type: ignore[attr-defined]
    verdicts: Verdicts = [v if isinstance(v, dict) else v.as_json() for v in context["verdicts"]]
    text = html.unescape(answer.content.decode())
    unread = [
        f"{v['guard']}: {v[part]}"
        for v in verdicts
        for part in ("citation", "fact", "cure")
        if v[part] not in text
    ]
    assert not unread, unread
    if verdicts:
        return Answer(refused=refusal(verdicts))
    return Answer(unreadable=tuple(sorted(f["href"].removeprefix("#id_") for f in context["errors"])))


WAYS: dict[str, Callable[[Knock], Answer]] = {"page": by_page, "api": by_api, "command": by_command}


HANDLER = ClientHandler(enforce_csrf_checks=False)
"""One for all browsers: setting up the middleware reads every static file, which takes longer than a request."""


def signed_in(person: Person) -> Client:
    """A browser in which the person is signed in."""
    client = Client()
    client.handler = HANDLER
    client.force_login(person, BACKEND)
    return client


def with_receipts(knock: Knock) -> dict[str, Any]:
    """The data with each file as the API's upload would have answered it."""
    found = dict(knock.data)
    for item in knock.rule.fields:
        if item.type == "file" and item.name in found:
            found[item.name] = [
                {**f, "receipt": signing.dumps([str(knock.by.pk), f], salt=API_SALT)}
                for f in found[item.name]
            ]
    return found


def form_of(act: Act, data: Mapping[str, Any]) -> dict[str, Any]:
    """The data as a browser sends the form (see sanxiang.desk.forms)."""
    sent: dict[str, Any] = {"on": str(data["on"])} if data.get("on") else {}
    for item in act.fields:
        fill(sent, item, item.name, data.get(item.name))
    return sent


def fill(sent: dict[str, Any], item: Field, name: str, value: Any) -> None:
    """One field, or the columns of one."""
    if value in (None, "", [], {}) or value is False:
        return
    if item.type == "file":
        sent[f"{name}-kept"] = [signing.dumps(f, salt=RECEIPT_SALT) for f in value]
    elif item.type == "rows":
        for n, row in enumerate(value):
            for column in item.columns:
                fill(sent, column, f"{name}-{n}-{column.name}", row.get(column.name))
    elif item.type in GROUPS or item.columns:
        for column in item.columns:
            fill(sent, column, f"{name}-{column.name}", value.get(column.name))
    else:
        sent[name] = "on" if value is True else value


def everything() -> dict[str, Any]:
    """All that an act could write, to see that a refusal wrote nothing."""
    rows = {
        m.__name__: m.objects.count()
        for m in (LedgerAct, Opening, Pending, Entry, Paper, Evidence, Review, Number)
    }
    return {
        **rows,
        "cases": sorted(Case.objects.values_list("id", "n", "head", "stage", "next_due")),
        "tasks": sorted(Task.objects.values_list("id", "due", "closed_n"), key=str),
        "public": sorted(Publication.objects.values_list("id", "n", "status")),
        "next": sorted(Series.objects.values_list("agency", "series", "next")),
        "agencies": sorted(Agency.objects.values_list("id", "n", "head")),
    }


def refused_everywhere(knock: Knock, ways: tuple[str, ...] = tuple(WAYS)) -> Answer:
    """Knock in all three ways: each refuses alike, nothing is written, each attempt is kept. Returns what they said."""
    before, kept = everything(), Refusal.objects.count()
    answers = {name: WAYS[name](knock) for name in ways}
    assert not any(answer.done for answer in answers.values()), f"{knock.act} was let in: {answers}"
    after = everything()
    left = [name for name in before if before[name] != after[name]]
    assert not left, f"a refused act left something behind: {left}"
    said = set(answers.values())
    assert len(said) == 1, answers
    answer = said.pop()
    if answer.refused:
        assert_kept(knock, answer, kept, ways)
    return answer


def assert_kept(knock: Knock, answer: Answer, before: int, ways: tuple[str, ...]) -> None:
    """Each way's attempt is on record with every reason."""
    rows = list(Refusal.objects.order_by("-id")[: len(ways)])
    assert Refusal.objects.count() == before + len(ways)
    assert {row.channel for row in rows} == set(ways)
    for row in rows:
        assert (row.act, row.by, row.case_id) == (knock.act, knock.by.pk, knock.case)
        assert refusal(row.verdicts) == answer.refused
