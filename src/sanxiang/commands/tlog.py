"""`sanxiang tlog …`: the log's mathematics on lines of JSON, for outsiders who check our answers against theirs."""

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sanxiang.ledger.tlog import disclosure, jcs, note, proof, tiles, tree

Request = dict[str, Any]
Answer = dict[str, Any]

_HEX = re.compile("(?:[0-9a-f]{2})*")
_REQUIRED = object()


def _field(request: Request, name: str, kind: type, called: str, default: Any = _REQUIRED) -> Any:
    value = request.get(name, default)
    if value is _REQUIRED:
        raise ValueError(f"请求缺少 {name}")
    # JSON's true is no number, though Python's True is an int.
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ValueError(f"{name} 应为{called}")
    return value


def _text(request: Request, name: str, default: Any = _REQUIRED) -> str:
    return str(_field(request, name, str, "字符串", default))


def _number(request: Request, name: str, default: Any = _REQUIRED) -> int:
    return int(_field(request, name, int, "整数", default))


def _texts(request: Request, name: str) -> list[str]:
    values: list[Any] = _field(request, name, list, "数组")
    if not all(isinstance(value, str) for value in values):
        raise ValueError(f"{name} 的每一项应为字符串")
    return values


def _unhex(text: str, where: str) -> bytes:
    if not _HEX.fullmatch(text):
        raise ValueError(f"{where}不是小写十六进制")
    return bytes.fromhex(text)


def _bytes(request: Request, name: str) -> bytes:
    return _unhex(_text(request, name), f"{name} ")


def _bytes_list(request: Request, name: str) -> list[bytes]:
    return [_unhex(text, f"{name} 第 {at} 项") for at, text in enumerate(_texts(request, name), 1)]


def _hash(request: Request) -> str:
    hash = _text(request, "hash", "sha256")
    tree.digest_function(hash)
    return hash


def _leaf_hashes(request: Request, hash: str) -> list[bytes]:
    return [tree.leaf_hash(leaf, hash) for leaf in _bytes_list(request, "leaves")]


def _keys(request: Request) -> list[note.Key]:
    return [note.parse_vkey(text) for text in _texts(request, "vkeys")]


def _root(request: Request) -> Answer:
    hash = _hash(request)
    return {"root": tree.root(_leaf_hashes(request, hash), hash).hex()}


def _prove(request: Request) -> Answer:
    hash = _hash(request)
    leaves = _leaf_hashes(request, hash)
    if ("index" in request) == ("old" in request):
        raise ValueError("请给出 index（存在性证明）或 old（一致性证明），二者取一")
    if "index" in request:
        path = tree.inclusion_proof(leaves, _number(request, "index"), hash)
    else:
        path = tree.consistency_proof(leaves, _number(request, "old"), hash)
    return {"proof": [value.hex() for value in path]}


def _check_inclusion(request: Request) -> Answer:
    hash = _hash(request)
    valid = tree.check_inclusion(
        _number(request, "size"),
        _number(request, "index"),
        tree.leaf_hash(_bytes(request, "leaf"), hash),
        _bytes(request, "root"),
        _bytes_list(request, "proof"),
        hash,
    )
    return {"valid": valid}


def _check_consistency(request: Request) -> Answer:
    valid = tree.check_consistency(
        _number(request, "old"),
        _number(request, "new"),
        _bytes(request, "old_root"),
        _bytes(request, "new_root"),
        _bytes_list(request, "proof"),
        _hash(request),
    )
    return {"valid": valid}


def _open_checkpoint(request: Request) -> Answer:
    hash, keys, text = _hash(request), _keys(request), _text(request, "checkpoint")
    try:
        checkpoint = note.open_checkpoint(text, keys, hash)
    except ValueError:
        # What an unproved checkpoint says must not be passed on as if it were known.
        return {"valid": False, "origin": None, "size": None, "root": None}
    return {
        "valid": True,
        "origin": checkpoint.origin,
        "size": checkpoint.size,
        "root": checkpoint.root.hex(),
    }


def _cosign(request: Request) -> Answer:
    line = note.cosign(
        _text(request, "checkpoint"),
        _text(request, "name"),
        _bytes(request, "seed"),
        _number(request, "time"),
        _hash(request),
    )
    return {"line": line}


def _bundle(request: Request) -> Answer:
    return {"bundle": tiles.bundle(_bytes_list(request, "entries")).hex()}


def _tile_path(request: Request) -> Answer:
    width = tiles.WIDTH if request.get("width") is None else _number(request, "width")
    return {"path": tiles.tile_path(_number(request, "n"), width)}


def _tiles(request: Request) -> Answer:
    hash = _hash(request)
    leaves, folder = _path(request, "leaves_file"), _path(request, "dir")
    root, files = tiles.write_tiles(_hashes_in(leaves, hash), folder, hash)
    return {"root": root.hex(), "files": files}


def _path(request: Request, name: str) -> Path:
    text = _text(request, name)
    if not text or "\0" in text:
        raise ValueError(f"{name} 应为文件系统路径")
    return Path(text)


def _hashes_in(path: Path, hash: str) -> Iterator[bytes]:
    """Leaf hashes of a file with one hex leaf a line; an empty line is an empty leaf."""
    with path.open(encoding="ascii", errors="replace", newline="\n") as file:
        for at, line in enumerate(file, 1):
            yield tree.leaf_hash(_unhex(line.removesuffix("\n"), f"leaves_file 第 {at} 行"), hash)


def _canonical(request: Request) -> Answer:
    return {"utf8": jcs.canonical_text(_text(request, "text")).hex()}


def _disclosure(request: Request) -> Answer:
    if "value" not in request:
        raise ValueError("请求缺少 value")
    text, digest = disclosure.disclose(_text(request, "salt"), _text(request, "name"), request["value"])
    return {"disclosure": text, "digest": digest}


def _proof_file(request: Request) -> Answer:
    hash, keys, leaf, text = _hash(request), _keys(request), _bytes(request, "leaf"), _text(request, "proof")
    try:
        index, checkpoint = proof.open_proof(text, leaf, keys, hash)
    except ValueError:
        return {"valid": False, "index": None, "size": None}
    return {"valid": True, "index": index, "size": checkpoint.size}


COMMANDS: dict[str, tuple[Callable[[Request], Answer], str, str, str]] = {
    "root": (_root, "由叶子算树根", '{"hash","leaves":[…]}', '{"root"}'),
    "prove": (
        _prove,
        "作存在性证明（index）或一致性证明（old）",
        '{"hash","leaves":[…],"index":i} 或 {"hash","leaves":[…],"old":m}',
        '{"proof":[…]}，最低一层在前',
    ),
    "check-inclusion": (
        _check_inclusion,
        "核对存在性证明",
        '{"hash","size","index","leaf","root","proof"}',
        '{"valid"}',
    ),
    "check-consistency": (
        _check_consistency,
        "核对一致性证明",
        '{"hash","old","new","old_root","new_root","proof"}',
        '{"valid"}',
    ),
    "open-checkpoint": (
        _open_checkpoint,
        "验签并读出检查点",
        '{"vkeys":[…],"checkpoint"}',
        '{"valid","origin","size","root"}，不成立时后三项为 null',
    ),
    "cosign": (
        _cosign,
        "以见证人身份联署检查点",
        '{"seed","name","time","checkpoint"}',
        '{"line"}，不含换行',
    ),
    "bundle": (_bundle, "把条目装成条目包", '{"entries":[…]}', '{"bundle"}'),
    "tile-path": (_tile_path, "瓦片路径中 tile/<L>/ 之后的部分", '{"n","width"}', '{"path"}'),
    "tiles": (
        _tiles,
        "由叶子文件写出 tile/… 各文件",
        '{"hash","leaves_file","dir"}，叶子文件每行一个十六进制叶子，空行是空叶子',
        '{"root","files"}，files 为写出的文件数',
    ),
    "canonical": (_canonical, "按 RFC 8785 规范化 JSON 文本", '{"text"}', '{"utf8"}'),
    "disclosure": (
        _disclosure,
        "按 RFC 9901 生成披露及其杂凑",
        '{"salt","name","value"}',
        '{"disclosure","digest"}',
    ),
    "proof-file": (
        _proof_file,
        "核对 .tlog-proof 证明文件",
        '{"vkeys":[…],"leaf","proof"}',
        '{"valid","index","size"}，不成立时后两项为 null',
    ),
}


def answer(command: Callable[[Request], Answer], line: bytes) -> Answer:
    """The answer to one line, an error included."""
    try:
        request = jcs.read(_decoded(line))
        if not isinstance(request, dict):
            raise ValueError("请求应为 JSON 对象")
        return command(request)
    except ValueError as error:
        return {"error": f"{error}。"}
    except OSError as error:
        return {"error": _file_trouble(error)}


def _file_trouble(error: OSError) -> str:
    where = error.filename or "目标文件夹"
    if isinstance(error, FileNotFoundError):
        return f"找不到 {where}，请检查路径。"
    if isinstance(error, PermissionError):
        return f"没有权限读写 {where}，请更换路径或授权。"
    return f"无法读写 {where}，请检查路径和磁盘空间。"


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"请求不是合法的 UTF-8，错在第 {error.start + 1} 个字节处") from error


def run(args: argparse.Namespace) -> int:
    """Answer each line of stdin with one line; always 0, a refused request included."""
    for line in sys.stdin.buffer:
        reply = json.dumps(answer(COMMANDS[args.tlog][0], line), ensure_ascii=False)
        # Bytes, so that the answer is UTF-8 in any locale; flushed, so that a caller may ask line by line.
        sys.stdout.buffer.write(reply.encode("utf-8", "replace") + b"\n")
        sys.stdout.buffer.flush()
    return 0


def add(sub: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser) -> None:
    """`tlog` and its sub-commands."""
    title = "透明日志的算法：标准输入每行一个 JSON 请求，每行答一个 JSON"
    tlog = sub.add_parser("tlog", parents=[common], help=title, description=title)
    commands = tlog.add_subparsers(dest="tlog", metavar="子命令", required=True)
    for name, (_, title, request, reply) in COMMANDS.items():
        parser = commands.add_parser(
            name,
            parents=[common],
            help=title,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            description=f'{title}\n\n请求：{request}\n回答：{reply}\n做不到的请求回答：{{"error"}}\n\n'
            "杂凑值、叶子、条目、种子均为小写十六进制；叶子是原始数据，不是其杂凑值；"
            "hash 为 sha256（默认）或 sm3。",
        )
        parser.set_defaults(run=run)
