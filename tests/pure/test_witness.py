"""What a witness cosigns and what it refuses, status by status; that it remembers; what its commands say."""

import io
import json
import socket
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sanxiang import cli
from sanxiang.commands.witness_site import application, page
from sanxiang.ledger.tlog import note, tree, witness_store
from sanxiang.ledger.tlog.witness_store import Store, Unusable, add_log, make_store, open_store, watched
from sanxiang.ledger.tlog.witnesses import request_body
from sanxiang.ledger.tlog.witnessing import add_checkpoint
from witnessed import ORIGIN, WITNESS, TileLog

NOW = 1_800_000_000
SIZE = "text/x.tlog.size"


@pytest.fixture
def log(tmp_path: Path) -> TileLog:
    return TileLog(tmp_path / "log")


@pytest.fixture
def store(tmp_path: Path, log: TileLog) -> Store:
    made = make_store(tmp_path / "witness", WITNESS)
    assert add_log(made, log.vkey, NOW) == ORIGIN
    return made


def submit(store: Store, log: TileLog, old: int, size: int, now: int = NOW) -> tuple[int, str, bytes]:
    """An honest request of a log that has grown to this size."""
    checkpoint = log.checkpoint(size) if size <= len(log.hashes) else log.grow(size)
    return add_checkpoint(store, request_body(old, log.prove(old, size), checkpoint), now)


def opened(checkpoint: str, answer: tuple[int, str, bytes], store: Store) -> note.Checkpoint:
    """The checkpoint under the witness's signature in the answer, as a stranger verifies it."""
    status, _kind, body = answer
    assert status == 200, body.decode()
    return note.open_checkpoint(checkpoint + body.decode(), [note.parse_vkey(store.vkey)])


def refusals(store: Store) -> list[dict[str, str]]:
    file = store.folder / "refusals.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def test_a_growing_log_is_cosigned_step_by_step(store: Store, log: TileLog) -> None:
    old = 0
    for at, size in enumerate((0, 0, 1, 2, 255, 256, 257, 700)):
        answer = submit(store, log, old, size, NOW + at)
        seen = opened(log.checkpoint(size), answer, store)
        assert (seen.origin, seen.size, seen.root) == (ORIGIN, size, tree.root(log.hashes[:size]))
        assert answer[1] == "text/plain; charset=utf-8" and answer[2].endswith(b"\n")
        line = note.parse_note(log.checkpoint(size) + answer[2].decode()).signatures[-1]
        assert int.from_bytes(line.body[:8], "big") == NOW + at
        old = size
    assert refusals(store) == []


def test_the_same_size_again_is_cosigned_with_the_new_time(store: Store, log: TileLog) -> None:
    first, second = submit(store, log, 0, 5, NOW), submit(store, log, 5, 5, NOW + 60)
    assert first[0] == second[0] == 200 and first[2] != second[2]
    assert watched(store)[0].latest.at == NOW + 60  # type: ignore[union-attr]
    assert add_checkpoint(store, request_body(5, [b"x" * 32], log.checkpoint(5)), NOW)[0] == 422
    assert refusals(store) == []


def test_a_wrong_old_size_is_told_the_right_one(store: Store, log: TileLog) -> None:
    assert submit(store, log, 0, 300)[0] == 200
    log.grow(310)
    for old in (0, 299, 301, 310):
        assert submit(store, log, old, 310) == (409, SIZE, b"300\n")
    assert submit(store, log, 300, 310)[0] == 200
    assert refusals(store) == []  # a log that has lost count is no suspect


def test_an_unknown_log_is_told_zero(store: Store, log: TileLog) -> None:
    log.grow(9)
    assert submit(store, log, 5, 9) == (409, SIZE, b"0\n")


def convicted(kept: dict[str, str], log: TileLog, store: Store) -> None:
    """Both signed statements stand in one line: whoever has the keys can check that the log lied and that we saw it."""
    assert kept["why"] == "fork"
    true = note.open_checkpoint(kept["cosigned"], [log.key, note.parse_vkey(store.vkey)])
    false = note.open_checkpoint(kept["checkpoint"], [log.key])
    assert true.size == false.size == 8 and true.root == tree.root(log.hashes[:8]) != false.root


def test_a_fork_at_the_last_size_is_refused_and_kept_as_evidence(
    store: Store, log: TileLog, tmp_path: Path
) -> None:
    submit(store, log, 0, 8)
    other = TileLog(tmp_path / "other", word="forged")
    forged = other.grow(8)
    for _ in range(2):
        assert add_checkpoint(store, request_body(8, [], forged), NOW + 1) == (409, SIZE, b"8\n")
    (kept,) = refusals(store)
    assert (kept["why"], kept["origin"], kept["checkpoint"]) == ("fork", ORIGIN, forged)
    convicted(kept, log, store)
    assert "互相矛盾" in page(store, watched(store))


def test_a_fork_at_an_earlier_size_is_known_too(store: Store, log: TileLog, tmp_path: Path) -> None:
    """A log that was restored and grew differently, but is not yet as long as it once was."""
    submit(store, log, 0, 8)
    submit(store, log, 8, 20)
    forged = TileLog(tmp_path / "other", word="forged").grow(8)
    assert add_checkpoint(store, request_body(0, [], forged), NOW) == (409, SIZE, b"20\n")
    (kept,) = refusals(store)
    convicted(kept, log, store)


def test_a_rollback_is_refused(store: Store, log: TileLog) -> None:
    submit(store, log, 0, 20)
    for old in (0, 12):
        assert submit(store, log, old, 12) == (409, SIZE, b"20\n")
    assert [kept["why"] for kept in refusals(store)] == ["rollback"]
    assert submit(store, log, 20, 21)[0] == 200


def test_an_old_cosigned_checkpoint_handed_in_again_is_no_rollback(store: Store, log: TileLog) -> None:
    """Anybody can do that: it must not cast a doubt on the log."""
    submit(store, log, 0, 12)
    submit(store, log, 12, 20)
    assert submit(store, log, 0, 12) == (409, SIZE, b"20\n")
    assert refusals(store) == []


def test_a_log_that_does_not_continue_is_refused(store: Store, log: TileLog, tmp_path: Path) -> None:
    submit(store, log, 0, 8)
    other = TileLog(tmp_path / "other", word="forged")
    forged = other.grow(12)
    assert add_checkpoint(store, request_body(8, other.prove(8, 12), forged), NOW)[0] == 422
    (kept,) = refusals(store)
    assert kept["why"] == "unproven" and kept["checkpoint"] == forged
    assert submit(store, log, 8, 12)[0] == 200


@pytest.mark.parametrize("spoil", ["short", "long", "turned", "swapped", "none"])
def test_a_bad_proof(store: Store, log: TileLog, spoil: str) -> None:
    submit(store, log, 0, 300)
    checkpoint = log.grow(700)
    good = log.prove(300, 700)
    bad = {
        "short": good[:-1],
        "long": [*good, good[-1]],
        "turned": [bytes([good[0][0] ^ 1]) + good[0][1:], *good[1:]],
        "swapped": [good[1], good[0], *good[2:]],
        "none": [],
    }[spoil]
    status, kind, _ = add_checkpoint(store, request_body(300, bad, checkpoint), NOW)
    assert (status, kind) == (422, "text/plain; charset=utf-8")
    assert add_checkpoint(store, request_body(300, good, checkpoint), NOW)[0] == 200


def test_from_nothing_the_proof_is_empty(store: Store, log: TileLog) -> None:
    assert add_checkpoint(store, request_body(0, [b"x" * 32], log.grow(5)), NOW)[0] == 422
    assert submit(store, log, 0, 5)[0] == 200


def test_the_old_size_may_not_be_larger(store: Store, log: TileLog) -> None:
    assert add_checkpoint(store, request_body(6, [], log.grow(5)), NOW)[0] == 400


def test_unknown_origin(store: Store, tmp_path: Path) -> None:
    stranger = TileLog(tmp_path / "x", origin="other.example.test/log")
    assert submit(store, stranger, 0, 3)[0] == 404


def test_no_known_signature(store: Store, log: TileLog, tmp_path: Path) -> None:
    thief = TileLog(tmp_path / "x", seed=b"\x02" * 32)
    assert submit(store, thief, 0, 3)[0] == 403
    spoiled = log.grow(3).replace("\n3\n", "\n2\n")
    assert add_checkpoint(store, request_body(0, [], spoiled), NOW)[0] == 403
    signed = log.checkpoint(3)
    unsigned = signed.partition("\n\n")[0] + "\n"
    assert add_checkpoint(store, request_body(0, [], unsigned), NOW)[0] == 400
    assert watched(store)[0].latest is None


def test_lines_of_strangers_are_ignored_and_not_kept(store: Store, log: TileLog) -> None:
    signed = log.grow(3)
    foreign = note.cosign(signed, "somebody.else", b"\x09" * 32, 1)
    answer = add_checkpoint(store, request_body(0, [], f"{signed}{foreign}\n"), NOW)
    opened(signed, answer, store)
    latest = watched(store)[0].latest
    assert latest and latest.note == signed + answer[2].decode()


def test_a_log_may_have_two_keys_while_they_change(store: Store, log: TileLog, tmp_path: Path) -> None:
    submit(store, log, 0, 3)
    fresh = TileLog(log.folder, seed=b"\x03" * 32, hashes=log.hashes)
    assert submit(store, fresh, 3, 5)[0] == 403
    assert add_log(store, fresh.vkey, NOW) == ORIGIN
    assert submit(store, fresh, 3, 5)[0] == 200
    assert witness_store.remove_log(store, log.vkey) and not witness_store.remove_log(store, log.vkey)
    log.grow(6)
    assert submit(store, log, 5, 6)[0] == 403
    assert watched(store)[0].vkeys == (fresh.vkey,)


HASH = note.encode_base64(b"x" * 32)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: b"",
        lambda body: b"\n",
        lambda body: body.replace(b"old 3\n", b""),
        lambda body: body.replace(b"old 3", b"old 03"),
        lambda body: body.replace(b"old 3", b"old -3"),
        lambda body: body.replace(b"old 3", b"old  3"),
        lambda body: body.replace(b"old 3", "old ３".encode()),
        lambda body: body.replace(b"old 3", b"old 9223372036854775808"),
        lambda body: body.replace(b"old 3", b"Old 3"),
        lambda body: body.replace(b"old 3\n", b"old 3\r\n"),
        lambda body: body.replace(b"old 3\n", b"old 3\n\n"),
        lambda body: body.replace(b"old 3\n", b"old 3\nAAAA\n"),
        lambda body: body.replace(b"old 3\n", b"old 3\n!\n"),
        lambda body: body.replace(b"old 3\n", b"old 3\n" + f"{HASH}\n".encode() * 64),
        lambda body: body.replace(b"old 3\n", f"old 3\n{HASH[:-2]}5=\n".encode()),
        lambda body: body.partition(b"\n\n")[0] + b"\n",
        lambda body: body.partition(b"\n\n")[0] + b"\n\n",
        lambda body: body[:-1],
        lambda body: body.replace(b"\n5\n", b"\n05\n"),
        lambda body: body + b"\xff\n",
        lambda body: body + b"x" * 70_000,
    ],
)
def test_a_malformed_request(store: Store, log: TileLog, spoil: Callable[[bytes], bytes]) -> None:
    submit(store, log, 0, 3)
    body = request_body(3, log.prove(3, 5) if log.grow(5) else [], log.checkpoint(5))
    status, kind, says = add_checkpoint(store, spoil(body), NOW)
    assert (status, kind) == (400, "text/plain; charset=utf-8") and says.decode().startswith("请求有误：")
    assert add_checkpoint(store, body, NOW)[0] == 200


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_flipped_byte_is_cosigned(store: Store, log: TileLog, data: st.DataObject) -> None:
    """Whatever one byte is changed to, there is an answer, and it is a cosignature only of what the log signed."""
    if not log.hashes:
        submit(store, log, 0, 300)
        log.grow(700)
    body = bytearray(request_body(300, log.prove(300, 700), log.checkpoint(700)))
    at = data.draw(st.integers(0, len(body) - 1))
    body[at] ^= data.draw(st.integers(1, 255))
    assert add_checkpoint(store, bytes(body), NOW)[0] in (400, 403, 404, 409, 422)
    seen = watched(store)[0].latest
    assert seen and seen.size == 300


def test_old_checkpoints_cannot_fill_the_disk(
    store: Store, log: TileLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witness_store, "REFUSAL_LIMIT", 3)
    submit(store, log, 0, 20)
    for size in range(10, 20):
        assert submit(store, log, 0, size)[0] == 409
    assert len(refusals(store)) == 3
    other = TileLog(log.folder.parent / "other", word="forged")
    assert add_checkpoint(store, request_body(20, [], other.grow(20)), NOW)[0] == 409
    assert [kept["why"] for kept in refusals(store)].count("fork") == 1  # which still leaves room for proof


def over_http(store: Store, body: bytes) -> str:
    """The status line that the site gives."""
    said: list[str] = []
    environ = {"PATH_INFO": "/add-checkpoint", "REQUEST_METHOD": "POST", "wsgi.input": io.BytesIO(body)}
    application(store)(environ, lambda status, headers: said.append(status))
    return said[0]


def test_nothing_is_cosigned_that_cannot_be_recorded(
    store: Store, log: TileLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(store, log, 0, 5)

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(witness_store, "advance", full)
        with pytest.raises(sqlite3.OperationalError):
            submit(store, log, 5, 9)
        assert (
            over_http(store, request_body(5, log.prove(5, 9), log.checkpoint(9))) == "503 Service Unavailable"
        )
    assert submit(store, log, 0, 9) == (409, SIZE, b"5\n")
    assert submit(store, log, 5, 9)[0] == 200


def test_the_key_is_for_its_owner_alone_and_made_once(tmp_path: Path) -> None:
    folder = tmp_path / "witness"
    made = make_store(folder, WITNESS)
    assert stat.S_IMODE((folder / "key.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    with pytest.raises(Unusable, match="已经有见证人"):
        make_store(folder, "another")
    assert open_store(folder) == made and made.seed.hex() not in repr(made)
    assert sorted(path.name for path in folder.iterdir()) == ["key.json", "witness.sqlite3"]


def test_a_witness_without_its_memory_does_not_go_on(store: Store) -> None:
    (store.folder / "witness.sqlite3").write_bytes(b"no database" * 100)
    with pytest.raises(Unusable, match="打不开"):
        open_store(store.folder)
    (store.folder / "witness.sqlite3").unlink()
    with pytest.raises(Unusable, match="不能再用这把密钥"):
        open_store(store.folder)
    (store.folder / "key.json").write_text("{}")
    with pytest.raises(Unusable, match="读不出来"):
        open_store(store.folder)


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.delenv("SANXIANG_DATA", raising=False)
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> tuple[int, str, str]:
        code = cli.main(["witness", *words, "--data", str(tmp_path / "w")])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_the_commands(run: Run, log: TileLog, tmp_path: Path) -> None:
    code, out, _ = run("init", "--name", WITNESS, "--json")
    made = json.loads(out)
    assert code == 0 and note.parse_vkey(made["vkey"]).name == WITNESS == made["name"]
    assert run("vkey") == (0, f"{made['vkey']}\n", "")
    assert run("list")[1] == "还没有登记账本\n"
    assert run("add-log", log.vkey)[1] == f"已登记账本 {ORIGIN}\n"
    assert run("add-log", log.vkey)[0] == 0
    code, _, err = run("add-log", log.vkey, "--origin", "another/log")
    assert code == 1 and f"已经登记给账本 {ORIGIN}" in err
    submit(open_store(tmp_path / "w"), log, 0, 7)
    (row,) = json.loads(run("list", "--json")[1])
    assert (row["origin"], row["size"], row["vkeys"]) == (ORIGIN, 7, [log.vkey])
    assert row["root"] == note.encode_base64(tree.root(log.hashes))
    assert row["refused"] == {"fork": 0, "rollback": 0, "unproven": 0}
    assert f"{ORIGIN}  见证到 7 条，2027年01月15日 16:00:00（北京时间）" in run("list")[1]
    assert log.vkey in run("list")[1]
    assert run("remove-log", log.vkey)[0] == 0 and run("remove-log", log.vkey)[0] == 1
    assert "已停止见证" in (told := run("list")[1]) and log.vkey not in told


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("list",), "请先运行 sanxiang witness init"),
        (("init", "--name", "有 空格"), "不能含空白"),
        (("serve",), "请写 --name"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(run: Run, words: tuple[str, ...], says: str) -> None:
    code, out, err = run(*words)
    assert code == 1 and out == "" and says in err and len(err.splitlines()) == 1


def test_wrong_keys_are_refused(run: Run, log: TileLog, tmp_path: Path) -> None:
    run("init", "--name", WITNESS)
    for wrong in ("nonsense", log.vkey[:-4], open_store(tmp_path / "w").vkey):
        code, _, err = run("add-log", wrong)
        assert code == 1 and err.startswith("不能登记账本：") and err.count("base64") < 2
    assert run("init", "--name", "again")[0] == 1
    assert "名称不能改" in run("serve", "--name", "again")[2]


def test_a_restart_believes_no_key_that_was_taken_back(run: Run, log: TileLog) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:  # so that it ends before it serves
        begin = ("serve", "--name", WITNESS, "--log", log.vkey, "--port", str(taken.getsockname()[1]))
        assert f"已登记账本 {ORIGIN}" in run(*begin)[2] and log.vkey in run("list")[1]
        run("remove-log", log.vkey)
        assert f"没有登记 {log.vkey}" in run(*begin)[2] and log.vkey not in run("list")[1]
        run("add-log", log.vkey)
        assert f"已登记账本 {ORIGIN}" in run(*begin)[2] and log.vkey in run("list")[1]


def test_a_witness_does_not_live_in_the_house_it_watches(run: Run, tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "secret.key").write_text("x")
    code, _, err = run("init", "--name", WITNESS)
    assert code == 1 and "要与账本分开" in err


def test_the_page_escapes_what_others_wrote(store: Store) -> None:
    evil = "<script>alert(1)</script>"
    key = note.Key(evil, note.ED25519, b"\x01" * 32)
    add_log(store, note.format_vkey(key), NOW)
    shown = page(store, watched(store))
    assert evil not in shown and "&lt;script&gt;" in shown
    assert shown.count("还没有见证过") == 2
