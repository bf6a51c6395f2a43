"""The real `sanxiang witness serve` over a socket, and what the log's side makes of its answers and of worse ones."""

import contextlib
import http.server
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from installation import free_port
from sanxiang.ledger.tlog import note, tree
from sanxiang.ledger.tlog.policy import judge, parse_policy
from sanxiang.ledger.tlog.witness_store import open_store
from sanxiang.ledger.tlog.witnesses import Ahead, Away, Forked, Refused, request_body, submit, with_lines
from witnessed import ORIGIN, WITNESS, RunningWitness, TileLog, running_witness

SIZE = "text/x.tlog.size"
GROWING, RACING, FORKING, ROLLED = (
    f"{name}.example.test/log" for name in ("growing", "racing", "forking", "rolled")
)
KEYS = [TileLog(Path(), origin=origin).vkey for origin in (ORIGIN, GROWING, RACING, FORKING, ROLLED)]


@pytest.fixture(scope="module")
def witness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningWitness]:
    """One server for the tests that need no other; each brings a log of its own."""
    folder = tmp_path_factory.mktemp("witness") / "w"
    with running_witness(folder, "--name", WITNESS, logs=KEYS) as running:
        yield running


def key_of(witness: RunningWitness) -> note.Key:
    status, _, body = witness.get("/vkey")
    assert status == 200
    return note.parse_vkey(body.decode().strip())


def hand_in(
    witness: RunningWitness, log: TileLog, size: int, old: int = 0, checkpoint: str = ""
) -> list[str]:
    """What the log's side does."""
    checkpoint = checkpoint or log.checkpoint(size)
    return submit(witness.address, key_of(witness), checkpoint, old, lambda at: log.prove(at, size))


def test_a_growing_log_is_witnessed_and_anybody_can_check_it(witness: RunningWitness, tmp_path: Path) -> None:
    log = TileLog(tmp_path / "log", origin=GROWING)
    key = key_of(witness)
    policy = parse_policy(
        f"log {log.vkey}\nwitness sfj {note.format_vkey(key)} {witness.address}\nquorum sfj\n"
    )
    old = 0
    for size in (1, 255, 256, 257, 1000, 70_000):
        checkpoint = log.grow(size)
        lines = submit(policy.witnesses[0].url, key, checkpoint, old, lambda at, to=size: log.prove(at, to))
        full = with_lines(checkpoint, lines)
        assert note.open_checkpoint(full, [log.key, key]).size == size
        judged = judge(policy, full)
        assert judged.quorum and abs(judged.witnessed["sfj"] - time.time()) < 60
        assert not judge(policy, checkpoint).quorum
        old = size
    # Whoever has lost count is told, and gets there by one more question.
    log.grow(70_500)
    for guess in (0, 1000, 70_400):
        assert len(hand_in(witness, log, 70_500, old=guess)) == 1
    assert with_lines(full, lines) == full
    status, _, latest = witness.get(f"/{sha256(log.origin.encode()).hexdigest()}/checkpoint")
    assert status == 200 and note.open_checkpoint(latest.decode(), [log.key, key]).size == 70_500


def test_rollback_and_fork_are_refused(witness: RunningWitness, tmp_path: Path) -> None:
    log = TileLog(tmp_path / "log", origin=ROLLED)
    log.grow(40)
    assert hand_in(witness, log, 40)
    with pytest.raises(Ahead) as ahead:
        hand_in(witness, log, 39)
    assert ahead.value.size == 40 and "40 条" in str(ahead.value)
    other = TileLog(tmp_path / "other", origin=log.origin, word="forged")
    other.grow(50)
    for old in (0, 40):
        with pytest.raises(Forked, match="另一个根值"):
            hand_in(witness, other, 40, old=old)
    with pytest.raises(Refused, match="接不上") as refused:
        hand_in(witness, other, 50)
    assert refused.value.status == 422
    page = witness.get("/")[2].decode()
    assert "互相矛盾" in page and "已见证到</dt><dd>40 条" in page
    assert note.encode_base64(tree.root(log.hashes)) in page


def test_each_wrong_request_has_its_status(witness: RunningWitness, tmp_path: Path) -> None:
    log = TileLog(tmp_path / "log")
    body = request_body(0, [], log.grow(5))
    stranger = TileLog(tmp_path / "stranger", origin="unknown.example.test/log")
    thief = TileLog(tmp_path / "thief", seed=b"\x02" * 32)
    assert witness.post(request_body(3, [], log.checkpoint(5))) == (409, SIZE, b"0\n")
    for status, wrong in (
        (400, b""),
        (400, body[1:]),
        (400, request_body(6, [], log.checkpoint(5))),
        (400, b"old 0\n\n" + b"x" * 100_000),
        (403, request_body(0, [], thief.grow(5))),
        (404, request_body(0, [], stranger.grow(5))),
        (422, request_body(0, [b"x" * 32], log.checkpoint(5))),
    ):
        answered = witness.post(wrong)
        assert answered[:2] == (status, "text/plain; charset=utf-8"), answered
    for status, of in ((403, thief), (404, stranger)):
        with pytest.raises(Refused) as refused:
            hand_in(witness, of, 5)
        assert refused.value.status == status and "见证人" in refused.value.reason
    assert witness.get("/add-checkpoint")[0] == 405
    assert witness.post(b"", "/")[0] == 405
    assert witness.get("/nothing")[0] == 404
    assert witness.get("/..%2fkey.json")[0] == 404
    assert witness.post(body)[0] == 200


def test_of_two_at_once_only_one_wins(witness: RunningWitness, tmp_path: Path) -> None:
    log = TileLog(tmp_path / "log", origin=RACING)
    log.grow(160)
    assert hand_in(witness, log, 100)
    bodies = [request_body(100, log.prove(100, size), log.checkpoint(size)) for size in range(101, 161)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(witness.post, bodies))
    won = [size for size, answer in zip(range(101, 161), answers, strict=True) if answer[0] == 200]
    assert len(won) == 1
    assert {answer[2] for answer in answers if answer[0] != 200} == {f"{won[0]}\n".encode()}


def test_of_two_forks_at_once_only_one_is_ever_cosigned(witness: RunningWitness, tmp_path: Path) -> None:
    forks = [TileLog(tmp_path / word, origin=FORKING, word=word) for word in "abcdefgh"]
    bodies = [request_body(0, [], fork.grow(9)) for fork in forks]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(witness.post, bodies))
    assert sorted(answer[0] for answer in answers) == [200] + [409] * 7


def kill_and_return(tmp_path: Path, rounds: int) -> None:
    """Growth from several sides, killed at any moment: what was answered is remembered, each time."""
    log = TileLog(tmp_path / "log")
    log.grow(4000)
    folder, acked = tmp_path / "w", 0
    for round_ in range(rounds):
        with running_witness(folder, "--name", WITNESS, logs=[log.vkey]) as running:
            key, old = key_of(running), acked
            if round_:
                status, kind, said = running.post(request_body(0, [], log.checkpoint(acked + 1)))
                assert (status, kind) == (409, SIZE)
                assert int(said) in (acked, acked + 1)  # cosigned, killed before the answer was out
                old = acked = int(said)
                with pytest.raises(Ahead):
                    submit(running.address, key, log.checkpoint(acked - 1), 0, lambda at: [])
            killer = threading.Timer(0.2 + 0.07 * (round_ % 5), running.kill)
            killer.start()
            with contextlib.suppress(Away):
                while True:
                    size = acked + 1
                    lines = submit(
                        running.address,
                        key,
                        log.checkpoint(size),
                        acked,
                        lambda at, to=size: log.prove(at, to),
                    )
                    assert len(lines) == 1
                    acked = size
            killer.join()
            assert acked > old
    assert open_store(folder).key == key


def test_kill_9_forgets_nothing(tmp_path: Path) -> None:
    kill_and_return(tmp_path, 3)


@pytest.mark.deep
def test_thirty_times_kill_9_forget_nothing(tmp_path: Path) -> None:
    kill_and_return(tmp_path, 30)


def test_it_stops_when_it_is_told_and_comes_back_as_the_same(tmp_path: Path) -> None:
    log = TileLog(tmp_path / "log")
    log.grow(6)
    with running_witness(tmp_path / "w", "--name", WITNESS, logs=[log.vkey]) as running:
        key = key_of(running)
        assert hand_in(running, log, 5)
        assert running.stop() == 0
        with pytest.raises(Away, match="连不上见证人"):
            submit(running.address, key, log.checkpoint(6), 5, lambda at: log.prove(at, 6))
    with running_witness(tmp_path / "w") as again:
        assert key_of(again) == key
        assert again.post(request_body(0, [], log.checkpoint(6)))[2] == b"5\n"
        assert hand_in(again, log, 6)


Reply = Callable[[http.server.BaseHTTPRequestHandler, int], None]


@contextlib.contextmanager
def false_witness(reply: Reply) -> Iterator[str]:
    """A server that answers as the test wishes; it is told how many requests came before."""
    asked: list[bytes] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.rfile.read(int(self.headers["Content-Length"])))
            with contextlib.suppress(ConnectionError):
                reply(self, len(asked) - 1)

        do_GET = do_POST

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def says(status: int, body: bytes, kind: str = "text/plain", **more: str) -> Reply:
    def reply(handler: http.server.BaseHTTPRequestHandler, _: int) -> None:
        handler.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **more}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return reply


SEED = b"\x07" * 32
KEY = note.Key(WITNESS, note.COSIGNATURE_V1, note.public_key(SEED))


@pytest.fixture
def log(tmp_path: Path) -> TileLog:
    made = TileLog(tmp_path / "log")
    made.grow(9)
    return made


def ask(address: str, log: TileLog, timeout: float = 5) -> list[str]:
    return submit(address, KEY, log.checkpoint(9), 4, lambda at: log.prove(at, 9), timeout)


def test_only_lines_that_verify_are_taken(log: TileLog) -> None:
    checkpoint = log.checkpoint(9)
    good = note.cosign(checkpoint, WITNESS, SEED, 1_700_000_000)
    foreign = note.cosign(checkpoint, "another", b"\x08" * 32, 1)
    other = note.cosign(log.checkpoint(8), WITNESS, SEED, 1_700_000_000)
    with false_witness(says(200, f"{foreign}\n{good}\n".encode())) as address:
        assert ask(address + "/", log) == [good]
    for body, why in (
        (f"{other}\n".encode(), "签名不成立"),
        (f"{good}\n{other}\n".encode(), "签名不成立"),
        (f"{foreign}\n".encode(), "没有 witness"),
        (good.encode(), "不能采用"),
        (f"\n{good}\n".encode(), "不能采用"),
        (f"x\n\n{good}\n".encode(), "空行"),
        (b"", "不能采用"),
        (b"\xff\n", "不能采用"),
        (b"ok\n", "不能采用"),
    ):
        with false_witness(says(200, body)) as address, pytest.raises(Refused, match=why) as refused:
            ask(address, log)
        assert refused.value.status == 200


@pytest.mark.parametrize(
    ("reply", "error", "why"),
    [
        (says(409, b"12\n", SIZE), Ahead, "12 条"),
        (says(409, b"7\n", SIZE), Refused, "先后报出"),
        (says(409, b"9\n", SIZE), Forked, "两本账"),
        (says(409, b"7\n"), Refused, "没有按规定"),
        (says(409, b"7", SIZE), Refused, "没有按规定"),
        (says(409, b"07\n", SIZE), Refused, "没有按规定"),
        (says(409, b"\xff\n", SIZE), Refused, "没有按规定"),
        (says(400, b"?"), Refused, "读不懂"),
        (says(301, b"", Location="http://127.0.0.1:9/"), Refused, "HTTP 301"),
        (says(307, b"", Location="file:///etc/hostname"), Refused, "HTTP 307"),
        (says(204, b""), Refused, "HTTP 204"),
        (says(500, b"?"), Away, "HTTP 500"),
        (says(503, b"?"), Away, "HTTP 503"),
        (says(429, b"?"), Away, "HTTP 429"),
        (says(200, b"x" * 100_000), Away, "读不懂"),
    ],
)
def test_what_the_log_makes_of_other_answers(
    log: TileLog, reply: Reply, error: type[Exception], why: str
) -> None:
    with false_witness(reply) as address, pytest.raises(error, match=why):
        ask(address, log)


def test_one_retry_with_the_size_that_the_witness_named(log: TileLog) -> None:
    good = note.cosign(log.checkpoint(9), WITNESS, SEED, 1_700_000_000)
    asked: list[int] = []

    def reply(handler: http.server.BaseHTTPRequestHandler, before: int) -> None:
        (says(200, f"{good}\n".encode()) if before else says(409, b"7\n", SIZE))(handler, before)

    def prove(old: int) -> list[bytes]:
        asked.append(old)
        return log.prove(old, 9)

    with false_witness(reply) as address:
        assert submit(address, KEY, log.checkpoint(9), 4, prove) == [good]
    assert asked == [4, 7]


def test_a_witness_that_drips_or_is_silent_is_away(log: TileLog) -> None:
    def drip(handler: http.server.BaseHTTPRequestHandler, _: int) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for _ in range(50):
            handler.wfile.write(b"x")
            time.sleep(0.1)

    for reply in (drip, lambda handler, _: time.sleep(3)):
        begun = time.monotonic()
        with false_witness(reply) as address, pytest.raises(Away, match="没有答复"):
            ask(address, log, 0.4)
        assert time.monotonic() - begun < 2.5


@pytest.mark.parametrize("end", ["nothing", "half"])
def test_a_connection_that_breaks_is_away(log: TileLog, end: str) -> None:
    def reply(handler: http.server.BaseHTTPRequestHandler, _: int) -> None:
        if end == "half":
            handler.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Length: 99\r\n\r\nx")
        handler.close_connection = True

    with false_witness(reply) as address, pytest.raises(Away, match="中断"):
        ask(address, log)
    with pytest.raises(Away, match="连不上"):
        ask(f"http://127.0.0.1:{free_port()}", log)


@pytest.mark.parametrize("address", ["", "witness", "ftp://127.0.0.1/", "file:///etc/hostname", "http://"])
def test_only_web_addresses_are_asked(log: TileLog, address: str) -> None:
    with pytest.raises(ValueError, match="http://"):
        ask(address, log)
