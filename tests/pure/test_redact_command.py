"""`sanxiang redact` as a user calls it. All names and numbers are invented."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sanxiang import cli

Run = Callable[..., tuple[int, str, str]]
TEXT = "当事人张志川，电话13812345678。\r\n证人李慧川。\n"
SHOWN = "当事人张某，电话***。\r\n证人李某。\n"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setattr(cli, "GROUPS", ("redact",))

    def call(*words: str) -> tuple[int, str, str]:
        try:
            code = cli.main(list(words))
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return call


def write(folder: Path, data: bytes, name: str = "text.txt") -> str:
    (folder / name).write_bytes(data)
    return str(folder / name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file(run: Run, tmp_path: Path, encoding: str) -> None:
    file = write(tmp_path, TEXT.encode(encoding))
    assert run("redact", file)[:2] == (0, SHOWN)
    code, out, _ = run("redact", file, "--json")
    answer = json.loads(out)
    assert code == 0 and answer["text"] == SHOWN
    assert answer["spans"] == [
        {"start": 3, "end": 6, "type": "person", "replacement": "张某"},
        {"start": 9, "end": 20, "type": "phone", "replacement": "***"},
        {"start": 25, "end": 28, "type": "person", "replacement": "李某"},
    ]
    assert [TEXT[span["start"] : span["end"]] for span in answer["spans"]] == [
        "张志川",
        "13812345678",
        "李慧川",
    ]


def test_offsets_are_code_points(run: Run, tmp_path: Path) -> None:
    answer = json.loads(run("redact", write(tmp_path, "😀𠮷，证人李慧川。".encode()), "--json")[1])
    assert answer["spans"] == [{"start": 5, "end": 8, "type": "person", "replacement": "李某"}]


def test_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    assert run("redact", "-")[:2] == (0, SHOWN)


def test_known_people(run: Run, tmp_path: Path) -> None:
    known = write(
        tmp_path, json.dumps({"people": [{"name": "张志川", "role": "officer"}]}).encode(), "known.json"
    )
    assert run("redact", write(tmp_path, TEXT.encode()), "--known", known)[1].startswith(
        "当事人张志川，电话***"
    )


def test_batch(run: Run, tmp_path: Path) -> None:
    lines = [
        json.dumps({"id": 7, "text": "证人李慧川。"}),
        "",
        "{",
        json.dumps({"id": "b"}),
        json.dumps([1]),
        json.dumps({"id": "c", "text": "无"}, ensure_ascii=False),
    ]
    code, out, _ = run("redact", "--batch", write(tmp_path, "\n".join(lines).encode(), "in.jsonl"), "--json")
    answers = [json.loads(line) for line in out.splitlines()]
    assert code == 0 and [answer["id"] for answer in answers] == [7, None, "b", None, "c"]
    assert answers[0] == {
        "id": 7,
        "text": "证人李某。",
        "spans": [{"start": 2, "end": 5, "type": "person", "replacement": "李某"}],
    }
    assert all(answer["text"] is None and "行" in answer["error"] for answer in answers[1:4])
    assert answers[4] == {"id": "c", "text": "无", "spans": []}


@pytest.mark.parametrize(
    ("data", "known", "says"),
    [
        (b"PK\x03\x04", None, "Excel"),
        (b"\xff\x81\x00", None, "文本"),
        (b"x", b"{", "JSON"),
        (b"x", b'{"people": 3}', "people"),
        (b"x", b'{"numbers": [[1]]}', "numbers"),
        (b"x", '{"names": ["李慧川"]}'.encode(), "names"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(
    run: Run, tmp_path: Path, data: bytes, known: bytes | None, says: str
) -> None:
    more = ("--known", write(tmp_path, known, "known.json")) if known else ()
    code, out, err = run("redact", write(tmp_path, data), *more)
    assert code == 1 and out == "" and says in err and len(err.strip().splitlines()) == 1


def test_usage(run: Run) -> None:
    assert run("redact")[0] == 2
    assert run("redact", "没有这个文件")[0] == 1
    assert "agency" in run("redact", "--help")[1]
