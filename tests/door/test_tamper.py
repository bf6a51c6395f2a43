"""Whatever is changed behind the program's back, `ledger verify` names; and with the triggers in place it cannot be changed at all."""

import contextlib
import io
import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, models, transaction

from knocks import WAYS, signed_in
from play import CHINA, Clock, Play, make_office, settle_constraints
from sanxiang.cases.models import Case, Evidence, Handler, Paper, Publication, Review
from sanxiang.cases.papers.typeset import path_of
from sanxiang.cli import main
from sanxiang.demo import stories
from sanxiang.door.models import Number, Series
from sanxiang.door.perform import perform
from sanxiang.door.pinned import folder
from sanxiang.ledger.models import Act, Entry, Opening, Pending, Sequence
from sanxiang.ledger.sequencer import sequence_all
from side_stories import BOOK, REASON, photo, step

pytestmark = pytest.mark.django_db

PROTECTED = (
    "ledger_act",
    "ledger_entry",
    "ledger_opening",
    "cases_case",
    "cases_paper",
    "cases_evidence",
    "cases_review",
)
PROTECTED += ("cases_publication",)


@pytest.fixture
def play(clock: Clock) -> Play:
    """A published case with a hearing, evidence and two rounds of review, and a second case only prepared for publication."""
    procedure, steps = BOOK["hearing"]
    place = next(i for i, s in enumerate(steps) if s.act == "submit-for-review")
    problems: dict[str, Any] = {
        "outcome": "problems",
        "opinion": "请补充",
        "problems": [{"element": "裁量", "problem": "理由不足"}],
        "mode": "written",
    }
    office = make_office("kaiyuan")
    problems["responsible"] = office.id("legal-reviewer")
    extra = [step("submit-for-review", "officer1", {}), step("give-opinion", "legal-reviewer", problems, 1)]
    again = step("submit-for-review", "officer1", {"answers": [{"no": 1, "answer": "已补充理由"}]}, 1)
    steps = [*steps[:place], *extra, again, *steps[place + 1 :]]
    before = next(i for i, s in enumerate(steps) if s.act == "interview")
    steps = [*steps[:before], step("add-evidence", "officer1", photo), *steps[before:]]
    other = Play(office, "summary", stories.summary("100", "citizen", 2), clock)
    other.until("publish")
    story = Play(office, procedure, steps, clock)
    story.until()
    sequence_all()
    story.told["other"] = other.case_id
    return story


def verify() -> tuple[int, dict[str, Any]]:
    """`sanxiang ledger verify --json`, in this process."""
    folder = Path(settings.DATA)
    (folder / "secret.key").touch()
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = main(["ledger", "verify", "--json", "--data", str(folder)])
    return code, json.loads(out.getvalue())


def without_triggers() -> None:
    """What an owner of the database may do: take the triggers off the protected tables."""
    settle_constraints()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in PROTECTED:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            return
        cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
        for name, table in cursor.fetchall():
            if table in PROTECTED and ("_forever_" in name or "_growing_" in name):
                cursor.execute(f"DROP TRIGGER {name}")


@contextlib.contextmanager
def behind_the_back() -> Iterator[None]:
    """Changes made without the program; undone afterwards."""
    with transaction.atomic():
        without_triggers()
        yield
        transaction.set_rollback(True)


@dataclass(frozen=True)
class Tamper:
    """A change, the kind of thing and the words by which its fault must name it, and kinds that cannot but follow."""

    name: str
    change: Callable[[Play], str]
    what: str
    also: tuple[str, ...] = ()


def column(model: type[models.Model], name: str, value: Any, find: Callable[[Play], Any], words: Callable[[Any], str],
           what: str, *also: str) -> Tamper:  # fmt: skip
    """One column of one row is overwritten; a function makes the new value from the row."""

    def change(play: Play) -> str:
        row = find(play)
        new = value(row) if callable(value) else value
        assert getattr(row, name) != new
        model._base_manager.filter(pk=row.pk).update(**{name: new})
        return words(row)

    return Tamper(f"{model.__name__}.{name}", change, what, also)


def deleted(
    model: type[models.Model], find: Callable[[Play], Any], words: Callable[[Any], str], what: str, *also: str
) -> Tamper:
    """One row is taken away."""

    def change(play: Play) -> str:
        row = find(play)
        told = words(row)
        model._base_manager.filter(pk=row.pk)._raw_delete(using="default")
        return told

    return Tamper(f"delete {model.__name__}", change, what, also)


def act_of(name: str) -> Callable[[Play], Act]:
    """The last act of that name."""
    return lambda play: Act.objects.filter(subject=play.case_id, name=name).order_by("-n")[0]


def opening_of(act: str, name: str) -> Callable[[Play], Opening]:
    """An opening of an act."""
    return lambda play: Opening.objects.get(act=act_of(act)(play), name=name)


def paper_of(kind: str) -> Callable[[Play], Paper]:
    """The newest paper of that kind."""
    return lambda play: Paper.objects.filter(case=play.case_id, kind=kind).order_by("-n")[0]


def the_case(play: Play) -> Case:
    """The published case."""
    return play.case


def the_evidence(play: Play) -> Evidence:
    """Its file of evidence."""
    return Evidence.objects.get(case=play.case_id)


def first_review(play: Play) -> Review:
    """The round that found problems."""
    return Review.objects.get(case=play.case_id, round=1)


def second_review(play: Play) -> Review:
    """The round that passed."""
    return Review.objects.get(case=play.case_id, round=2)


def public(play: Play) -> Publication:
    """What the portal shows."""
    return Publication.objects.get(case=play.case_id)


def prepared(play: Play) -> Publication:
    """What nobody has confirmed yet."""
    return Publication.objects.get(case=play.told["other"])


def key(row: Any) -> str:
    """The row's own key."""
    return str(row.pk)


def act_key(row: Any) -> str:
    """The key of the opening's act."""
    return str(row.act_id)


def later(days: int) -> Callable[[Any], datetime]:
    """The act's moment, moved."""
    return lambda row: row.at + timedelta(days=days)


LAST = act_of("archive")
DECISION = act_of("decide")
SOMEBODY = "00000000-0000-4000-8000-000000000001"
DAY = date(2026, 1, 5)

TREE = ("checkpoint", "frontier")
"""What a leaf carries with it: the roots over all entries."""

ACTS = [
    column(Act, "label", "作出不予处罚决定", DECISION, key, "act"),
    column(Act, "on", "2026-01-05", DECISION, key, "act"),
    column(Act, "by", SOMEBODY, DECISION, key, "act"),
    column(Act, "by_name", "别人", DECISION, key, "act"),
    column(Act, "role", "officer", DECISION, key, "act"),
    column(Act, "name", "decide-no-penalty", DECISION, key, "act", "review", "publication", "row"),
    column(Act, "kind", "agency", DECISION, key, "act"),
    column(Act, "back_dated", True, DECISION, key, "act"),
    column(Act, "at", later(1), DECISION, key, "act"),
    column(Act, "at", lambda row: row.at + timedelta(microseconds=1), DECISION, key, "act"),
    column(Act, "leaf", lambda row: bytes(row.leaf).replace(b'"v":1', b'"v":2'), DECISION, key, "act", *TREE),
    column(Act, "leaf_hash", "0" * 64, DECISION, key, "act", "sequence", "chain", "publication"),
    column(Act, "leaf", lambda row: bytes(row.leaf)[:-1], LAST, key, "act", *TREE),
    column(Act, "leaf", b"", DECISION, key, "act", *TREE),
    column(Act, "leaf", b"\xff\xfe", DECISION, key, "act", *TREE),
]

OPENINGS = [
    column(Opening, "value", "不同意", opening_of("decide", "opinion"), act_key, "opening"),
    column(Opening, "salt", "AAAAAAAAAAAAAAAAAAAAAA", opening_of("decide", "opinion"), act_key, "opening"),
    column(Opening, "salt", "", opening_of("decide", "opinion"), act_key, "opening"),
    column(Opening, "name", "reason", opening_of("decide", "opinion"), act_key, "opening"),
    column(Opening, "secrecy", "public", opening_of("register-clue", "informant"), act_key, "opening"),
    column(Opening, "value", "0" * 64, opening_of("archive", "state"), act_key, "opening", "row"),
    column(Opening, "value", {}, opening_of("decide", "paper:penalty-decision"), act_key, "opening", "paper"),
    column(Opening, "erased_by", SOMEBODY, opening_of("decide", "opinion"), act_key, "opening"),
    deleted(Opening, opening_of("decide", "opinion"), act_key, "opening"),
    deleted(Opening, opening_of("archive", "state"), act_key, "opening", "row"),
    deleted(Opening, opening_of("decide", "paper:penalty-decision"), act_key, "opening", "paper"),
    deleted(Opening, opening_of("decide", "act.record"), act_key, "opening"),
    deleted(Opening, opening_of("publish", "public_text"), act_key, "opening", "publication"),
]


def entry(play: Play) -> Entry:
    """The decision's place in the sequence."""
    return Entry.objects.get(act=DECISION(play))


def place(row: Any) -> str:
    """How an entry is named."""
    return f"条目 {row.idx}"


SEQUENCE = [
    column(Entry, "leaf_hash", "0" * 64, entry, place, "sequence"),
    deleted(Entry, entry, place, "sequence", *TREE),
    column(Sequence, "size", 3, lambda play: Sequence.objects.get(), lambda row: "账本规模", "sequence"),
]

CASES = [
    column(Case, "state", lambda row: {**row.state, "closed": ""}, the_case, key, "row"),
    column(
        Case,
        "state",
        lambda row: {**row.state, "facts": {**row.state["facts"], "complex": False}},
        the_case,
        key,
        "row",
    ),
    column(Case, "stage", "handling", the_case, key, "row"),
    column(Case, "closed", "", the_case, key, "row"),
    column(Case, "party", "另一家公司", the_case, key, "row"),
    column(Case, "title", "另一件案", the_case, key, "row"),
    column(Case, "number", "开水演立〔2026〕9号", the_case, key, "row"),
    column(Case, "code", "ABCDEFGH", the_case, key, "row"),
    column(Case, "act_type", "licence", the_case, key, "row", "publication"),
    column(Case, "procedure", "summary", the_case, key, "row", "review"),
    column(Case, "agency_id", lambda row: row.agency.parent_id, the_case, key, "row", "publication"),
    column(Case, "unit_id", None, the_case, key, "row"),
    column(Case, "pack", "laizhou", the_case, key, "row", "pack"),
    column(Case, "pack_digest", lambda row: row.pack_digest[::-1], the_case, key, "row", "pack"),
    column(Case, "origin", "taken-over", the_case, key, "row"),
    column(Case, "filed_on", DAY, the_case, key, "row"),
    column(Case, "decided_on", DAY, the_case, key, "row", "publication"),
    column(Case, "opened_at", datetime(2026, 1, 5, 9, 0, tzinfo=CHINA), the_case, key, "row"),
    column(Case, "old_key", "别处", the_case, key, "row"),
    column(Case, "n", 5, the_case, key, "row"),
    column(Case, "head", "0" * 64, the_case, key, "row"),
    deleted(
        Handler,
        lambda play: Handler.objects.filter(case=play.case_id)[0],
        lambda row: str(row.case_id),
        "row",
    ),
]

DECIDED, NOTICE = paper_of("penalty-decision"), paper_of("penalty-notice")
PAPERS = [
    column(Paper, "number", "开水演罚〔2026〕9号", DECIDED, key, "paper", "number"),
    column(Paper, "kind", "penalty-notice", DECIDED, key, "paper"),
    column(Paper, "label", "不予处罚决定书", DECIDED, key, "paper"),
    column(Paper, "template", "另一个模板", DECIDED, key, "paper"),
    column(Paper, "content", lambda row: {**row.content, "title": "另一个标题"}, DECIDED, key, "paper"),
    column(Paper, "digest", "0" * 64, DECIDED, key, "paper"),
    column(Paper, "pdf", lambda row: NOTICE_PDF[0], DECIDED, key, "paper"),
    column(Paper, "issued_on", DAY, DECIDED, key, "paper"),
    column(Paper, "status", "issued", NOTICE, key, "paper"),
    column(Paper, "external", False, DECIDED, key, "paper"),
    column(Paper, "act", SOMEBODY, DECIDED, key, "paper"),
    column(
        Paper, "case_id", lambda row: Case.objects.exclude(pk=row.case_id).get().pk, DECIDED, key, "paper"
    ),
    deleted(Paper, DECIDED, key, "paper", "number"),
]
NOTICE_PDF = ["0" * 64]

EVIDENCE = [
    column(Evidence, "title", "另一份证据", the_evidence, key, "evidence"),
    column(Evidence, "filename", "另一个名字.png", the_evidence, key, "evidence"),
    column(Evidence, "mime", "text/plain", the_evidence, key, "evidence"),
    column(Evidence, "size", 1, the_evidence, key, "evidence"),
    column(
        Evidence,
        "digest",
        lambda row: Paper.objects.filter(case=row.case_id)[0].pdf,
        the_evidence,
        key,
        "evidence",
    ),
    column(Evidence, "sm3", "0" * 64, the_evidence, key, "evidence"),
    column(Evidence, "secrecy", "public", the_evidence, key, "evidence"),
    column(Evidence, "act", SOMEBODY, the_evidence, key, "evidence"),
    deleted(Evidence, the_evidence, lambda row: row.digest, "evidence"),
]

REVIEWS = [
    column(Review, "outcome", "agree", first_review, key, "review"),
    column(Review, "outcome", "problems", second_review, key, "review"),
    column(Review, "opinion", "没有问题", first_review, key, "review"),
    column(Review, "reviewer", "别人", second_review, key, "review"),
    column(Review, "given_on", DAY, second_review, key, "review"),
    column(Review, "submitted_on", DAY, first_review, key, "review"),
    column(Review, "dossier", "0" * 64, second_review, key, "review"),
    deleted(Review, first_review, lambda row: f"第 {row.round} 轮", "review"),
]

PUBLIC = [
    *(column(Publication, name, "改过的内容", public, key, "publication")
      for name in ("title", "party", "party_type", "party_code", "address", "facts", "basis", "result", "authority", "number")),
    column(Publication, "status", "withdrawn", public, key, "publication"),
    column(Publication, "status", "published", prepared, key, "publication"),
    column(Publication, "published_on", DAY, public, key, "publication"),
    column(Publication, "decided_on", DAY, public, key, "publication"),
    column(Publication, "sort_on", DAY, public, key, "publication"),
    column(Publication, "withdrawn_on", DAY, public, key, "publication"),
    column(Publication, "withdrawal_reason", "撤回", public, key, "publication"),
    column(Publication, "text_digest", "0" * 64, public, key, "publication"),
    column(Publication, "act", lambda row: Act.objects.get(subject=row.case_id, name="prepare-publication").pk, public, key, "publication"),
    column(Publication, "leaf_hash", "0" * 64, public, key, "publication"),
    column(Publication, "agency_id", lambda row: row.agency.parent_id, public, key, "publication"),
    column(Publication, "act_type", "licence", public, key, "publication"),
    column(Publication, "origin", "import", public, key, "publication", "row"),
    deleted(Publication, public, lambda row: str(row.case_id), "publication"),
]  # fmt: skip

NUMBERS = [
    column(Number, "text", "开水演罚〔2026〕8号", lambda play: Number.objects.get(paper=DECIDED(play).pk), lambda row: row.text, "number"),
    column(Number, "status", "void", lambda play: Number.objects.get(paper=DECIDED(play).pk), lambda row: row.text, "number"),
    deleted(Number, lambda play: Number.objects.get(paper=DECIDED(play).pk), lambda row: row.text, "number"),
    column(Series, "next", 1, lambda play: Number.objects.get(paper=DECIDED(play).pk).series, lambda row: row.series, "number"),
]  # fmt: skip

GROUPS = (ACTS, OPENINGS, SEQUENCE, CASES, PAPERS, EVIDENCE, REVIEWS, PUBLIC, NUMBERS)


def test_every_change_is_named(play: Play) -> None:
    assert verify()[0] == 0
    NOTICE_PDF[0] = NOTICE(play).pdf
    wrong = [fault for tampers in GROUPS for tamper in tampers for fault in tried(tamper, play)]
    assert not wrong, "\n".join(wrong)
    assert verify()[0] == 0


def tried(tamper: Tamper, play: Play) -> Iterator[str]:
    """What is wrong with the answer to one change."""
    with behind_the_back():
        words = tamper.change(play)
        code, told = verify()
    kinds = {f["what"] for f in told["faults"]}
    named = [f for f in told["faults"] if f["what"] == tamper.what and words in f["where"]]
    if code != 1 or told["valid"] or not named or not kinds <= {tamper.what, *tamper.also}:
        yield f"{tamper.name}: exit {code}, {told['faults'][:3]}, wanted {tamper.what} {words}"


def files_of(play: Play) -> dict[str, tuple[Path, str]]:
    """The files behind a paper and a piece of evidence, each with the key of its row."""
    paper, piece = DECIDED(play), the_evidence(play)
    return {
        "paper": (path_of(settings.PAPER_ROOT, paper.pdf), str(paper.pk)),
        "evidence": (path_of(settings.EVIDENCE_ROOT, piece.digest), str(piece.pk)),
    }


def test_a_changed_or_missing_file_is_named(play: Play) -> None:
    for kind, (path, identity) in files_of(play).items():
        kept = path.read_bytes()
        for altered in (bytes([kept[0] ^ 1]) + kept[1:], kept[:-1], None):
            path.unlink()
            if altered is not None:
                path.write_bytes(altered)
            code, told = verify()
            path.unlink(missing_ok=True)
            path.write_bytes(kept)
            assert code == 1 and [f["what"] for f in told["faults"]] == [kind]
            assert identity in told["first"]["where"]
            assert ("改动" if altered else "不见了") in told["first"]["why"]
    assert verify()[0] == 0


def test_a_changed_or_missing_pack_is_named(play: Play) -> None:
    """The law that a case pinned is part of its record, also while the pack in use is still the same."""
    kept = folder(play.case.pack_digest)
    file = next((kept / "kaiyuan").glob("*.md"))
    text = file.read_bytes()
    for altered in (text + b"\n", b"\xff", None):
        file.unlink()
        if altered is not None:
            file.write_bytes(altered)
        code, told = verify()
        file.unlink(missing_ok=True)
        file.write_bytes(text)
        assert code == 1 and [f["what"] for f in told["faults"]] == ["pack"]
        assert play.case.pack_digest in told["first"]["where"]
    assert verify()[0] == 0


def remove_act(act: Act) -> None:
    """An act with everything that the ledger has of it."""
    for model in (Opening, Pending, Entry):
        model.objects.filter(act=act)._raw_delete(using="default")
    Act.objects.filter(pk=act.pk)._raw_delete(using="default")


def test_a_missing_act_is_named(play: Play) -> None:
    """The last of a case, and one in the middle."""
    with behind_the_back():
        remove_act(LAST(play))
        kinds = {f["what"] for f in verify()[1]["faults"]}
        assert {"row", "sequence"} <= kinds
    with behind_the_back():
        gone = DECISION(play)
        after = Act.objects.get(subject=play.case_id, n=gone.n + 1)
        place = Entry.objects.get(act=gone).idx
        remove_act(gone)
        faults = verify()[1]["faults"]
        assert any(f["what"] == "chain" and str(after.pk) in f["where"] for f in faults)
        assert any(f["what"] == "sequence" and f["where"] == f"条目 {place}" for f in faults)


def test_an_act_out_of_the_queue_is_named(play: Play) -> None:
    """Committed, but neither in the sequence nor waiting for it: the place where an outbox could lose an act."""
    other = Case.objects.get(id=play.told["other"])
    perform(
        "record-payment",
        other.id,
        play.person("officer1"),
        {"amount": "1", "towards": "principal", "receipt": "1"},
    )
    act = Act.objects.get(subject=other.id, name="record-payment")
    assert verify()[0] == 0, "what waits is no fault"
    with behind_the_back():
        Pending.objects.filter(act=act)._raw_delete(using="default")
        code, told = verify()
        assert code == 1 and [f["what"] for f in told["faults"]] == ["sequence"]
        assert str(act.pk) in told["first"]["where"]


def test_a_forged_act_is_named(play: Play) -> None:
    """An act written past the door: even with a leaf that hashes, it hangs on nothing."""
    with behind_the_back():
        forged = DECISION(play)
        forged.pk, forged.n = uuid.UUID(SOMEBODY), play.case.n + 1
        forged.save(force_insert=True)
        code, told = verify()
        assert code == 1 and any(SOMEBODY in f["where"] for f in told["faults"])


def test_swapped_entries_are_named(play: Play) -> None:
    with behind_the_back():
        one, two = Entry.objects.order_by("idx")[:2]
        Entry.objects.filter(idx__in=(0, 1))._raw_delete(using="default")
        Entry.objects.bulk_create(
            [
                Entry(idx=1, act_id=one.act_id, leaf_hash=two.leaf_hash),
                Entry(idx=0, act_id=two.act_id, leaf_hash=one.leaf_hash),
            ]
        )
        code, told = verify()
        named = {f["where"].split("（")[0] for f in told["faults"] if f["what"] == "sequence"}
        assert code == 1 and named == {"条目 0", "条目 1"}
        assert {f["what"] for f in told["faults"]} <= {"sequence", *TREE}


def test_the_database_refuses(play: Play) -> None:
    """A plain UPDATE, DELETE or TRUNCATE from a shell; an update of a growing row passes only with a larger n."""
    settle_constraints()
    columns = {"ledger_entry": "leaf_hash", "ledger_opening": "salt", "ledger_act": "label"}
    for table in PROTECTED:
        column = columns.get(table, "n")
        statements = [f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"]
        if connection.vendor == "postgresql":
            statements += [f"TRUNCATE {table} CASCADE"]
        else:
            statements += [f"REPLACE INTO {table} SELECT * FROM {table}"]
        for statement in statements:
            with (
                pytest.raises(
                    DatabaseError, match=r"账本只增不改|不经办理动作不得改动|UNIQUE constraint failed"
                ),
                transaction.atomic(),
            ):
                connection.cursor().execute(statement)
    assert verify()[0] == 0


def test_no_way_through_the_orm_changes_the_ledger(play: Play) -> None:
    """Rows, sets and bulk writes; an upsert; and there is no Django admin to do it in."""
    settle_constraints()
    for model in (Act, Entry, Opening):
        row: Any = model.objects.order_by("pk")[0]  # type: ignore[attr-defined]
        rows = model.objects.filter(pk=row.pk)  # type: ignore[attr-defined]
        column = {Act: "label", Entry: "leaf_hash", Opening: "salt"}[model]  # type: ignore[index]
        setattr(row, column, "别的")
        tries: list[Callable[[], Any]] = [
            row.save,
            lambda row=row: row.save(force_update=True),  # type: ignore[misc]
            lambda rows=rows, column=column: rows.update(**{column: "别的"}),  # type: ignore[misc]
            lambda model=model, row=row, column=column: model.objects.bulk_update([row], [column]),  # type: ignore[misc]
            lambda rows=rows: rows._raw_delete(using="default"),  # type: ignore[misc]
            lambda model=model, row=row, column=column: model.objects.bulk_create(  # type: ignore[misc]
                [row], update_conflicts=True, update_fields=[column], unique_fields=["pk"]
            ),
        ]
        for number, attempt in enumerate(tries):
            with pytest.raises(DatabaseError), transaction.atomic():
                attempt()
                pytest.fail(f"{model.__name__}, {number}")
    act = Act.objects.filter(subject=play.case_id)[0]
    for delete in (act.delete, Act.objects.filter(pk=act.pk).delete):
        with pytest.raises(models.ProtectedError):
            delete()
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    assert signed_in(play.person("officer1")).get("/admin/").status_code == 404
    assert verify()[0] == 0


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite knows REPLACE")
def test_no_row_that_stays_can_be_replaced(play: Play) -> None:
    """By no key of any table whose rows may not be deleted: REPLACE asks no DELETE trigger."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger' AND (name LIKE '%_forever_%' OR name LIKE '%_growing_%')"
        )
        tables = [table for (table,) in cursor.fetchall()]
        assert {*PROTECTED, "people_certificate", "registers_release"} <= {*tables}
        for table in tables:
            cursor.execute(f"SELECT COUNT(*) FROM {table}")
            if not cursor.fetchone()[0]:
                continue
            found = connection.introspection.get_constraints(cursor, table)
            assert any(one["primary_key"] for one in found.values())
            keys = {tuple(one["columns"]) for one in found.values() if one["unique"] or one["primary_key"]}
            described = connection.introspection.get_table_description(cursor, table)
            names = [column.name for column in described]
            whole = {column.name for column in described if "integer" in str(column.type_code).lower()}
            for key in keys:
                filled = " AND ".join(f"{name} IS NOT NULL AND {name} <> ''" for name in key)
                # All keys but this one are new, so that this one alone stands in the way.
                others = {name for other in keys for name in other if name not in key}
                fresh = {n: "abs(random() / 2)" if n in whole else "hex(randomblob(16))" for n in others}
                values = ", ".join(fresh.get(name, f'"{name}"') for name in names)
                cursor.execute(f"SELECT COUNT(*) FROM {table} WHERE {filled}")
                if cursor.fetchone()[0]:
                    with pytest.raises(DatabaseError, match="UNIQUE constraint failed"), transaction.atomic():
                        cursor.execute(
                            f"REPLACE INTO {table} SELECT {values} FROM {table} WHERE {filled} LIMIT 1"
                        )


def test_a_larger_number_alone_does_not_hide_it(play: Play) -> None:
    """What the trigger lets through, the chain does not."""
    with transaction.atomic():
        Case.objects.filter(id=play.case_id).update(party="另一家公司", n=play.case.n + 1)
        code, told = verify()
        transaction.set_rollback(True)
    assert code == 1 and str(play.case_id) in told["first"]["where"]


def test_erasure_is_an_act(play: Play) -> None:
    """Emptying a field passes the trigger, but only an act of erasure that names it may have ordered it, and never of what carries
    the proof."""
    asked = {
        "erase_what": "informant",
        "erasure_ground": "purpose",
        "erasure_basis": "《个人信息保护法》第四十七条",
    }
    with transaction.atomic():
        informant = opening_of("register-clue", "informant")(play)
        play.do("propose-erasure", "archivist", **asked, **REASON)
        act = play.do("erase-data", "agency-head", erase_what="informant", opinion="同意").act
        assert Opening.objects.get(pk=informant.pk).erased_by == act.pk
        sequence_all()
        assert verify()[0] == 0
        transaction.set_rollback(True)
    for name, act in (
        ("informant", "register-clue"),
        ("state", "archive"),
        ("paper:penalty-decision", "decide"),
    ):
        with transaction.atomic():
            row = opening_of(act, name)(play)
            Opening.objects.filter(pk=row.pk).update(salt="", value=None, erased_by=LAST(play).pk)
            code, told = verify()
            transaction.set_rollback(True)
        assert code == 1 and any(f["what"] == "opening" and name in f["where"] for f in told["faults"])


RECORDED = [
    pytest.param("laizhou", marks=pytest.mark.carries("LZ-038", locality="laizhou")),
    pytest.param("lingchuan", marks=pytest.mark.carries("LC-034", locality="lingchuan")),
    pytest.param("kaiyuan", marks=pytest.mark.carries("KY-030", locality="kaiyuan")),
    pytest.param("huantai", marks=pytest.mark.carries("HT-019", locality="huantai")),
    pytest.param("dongying", marks=pytest.mark.carries("DY-052", locality="dongying")),
]


@pytest.mark.parametrize("locality", RECORDED)
def test_the_record_stands(locality: str, clock: Clock) -> None:
    """No page or address changes a past act; the database refuses; past the database the verification names it.

    What is entered five days late is marked as such and counted.
    """
    play = Play(make_office(locality), "summary", stories.summary(), clock)
    play.until("record-payment")
    play.pass_days(8)
    late = (play.moment - timedelta(days=5)).date().isoformat()
    knock = play.knock(after=0, on=late)
    assert WAYS["command"](knock).done
    act = Act.objects.get(subject=play.case_id, name="record-payment")
    browser = signed_in(play.person("officer1"))
    page = browser.get(f"/desk/cases/{play.case_id}/timeline/").content.decode()
    assert "补录，比发生晚5日" in page and f"共 {play.case.n} 步，其中补录 1 步" in page
    assert browser.get(f"/api/v1/cases/{play.case_id}/timeline").json()["back_dated"] == 1
    for address in (f"/desk/cases/{play.case_id}/timeline/", f"/api/v1/cases/{play.case_id}/timeline"):
        for method in (browser.put, browser.patch, browser.delete):
            assert method(address).status_code in (403, 404, 405)
    with pytest.raises(DatabaseError, match="账本只增不改"), transaction.atomic():
        Act.objects.filter(pk=act.pk).update(on="2026-03-02")
    assert verify()[0] == 0
    with behind_the_back():
        Act.objects.filter(pk=act.pk).update(on="2026-03-02")
        code, told = verify()
        assert code == 1 and str(act.pk) in told["first"]["where"]
    with behind_the_back():
        remove_act(act)
        assert verify()[0] == 1
