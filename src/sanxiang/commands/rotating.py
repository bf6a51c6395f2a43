"""`sanxiang ledger rotate`: put a new key in the place of one that is lost, stolen or old, and say what must follow."""

import argparse
import importlib
from typing import Any

from sanxiang.commands import django as setup
from sanxiang.commands.output import Wrong, say
from sanxiang.commands.signing import brought_up


def add(verbs: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    """Add the verb."""
    told = "换一把签名密钥；旧密钥签过的仍然可以核验"
    one = verbs.add_parser("rotate", help=told, description=f"{told}。列出随后要做的事", parents=[common])
    one.add_argument(
        "--sm2",
        action="store_true",
        help="换国密账本的 SM2 密钥；密钥在密码模块里的，先在模块里生成新密钥，并改好 SANXIANG_SM2_COMMAND 和 SANXIANG_SM2_PUBLIC",
    )
    one.set_defaults(run=rotate)


def rotate(args: argparse.Namespace) -> int:
    """A new key signs from now on; that it was changed is an act, and both keys stand in it."""
    setup.start(args)
    keys = importlib.import_module("sanxiang.ledger.keys")
    door = importlib.import_module("sanxiang.door.log.keys")
    troubles = importlib.import_module("sanxiang.ledger.publish").TROUBLES
    hash = "sm3" if args.sm2 else "sha256"
    if not any(map(keys.lost, keys.VKEYS)):  # where a key is lost nothing can be signed before
        brought_up()
    try:
        old, new = door.change_key(hash)
    except troubles as error:
        raise Wrong(str(error)) from error
    steps = _steps(old, new, hash)
    if other := next((hash for hash in keys.VKEYS if keys.lost(hash)), ""):
        steps.append(f"另一把密钥也读不出来，放回或者换掉它之前不会有新的签名：{keys.ROTATE[other]}")
    else:
        brought_up()
    listed = "\n".join(f"{at}. {step}" for at, step in enumerate(steps, 1))
    text = f"已换新密钥，这件事已经记入账本。\n停用：{old}\n现用：{new}\n接下来请依次："
    say(args, {"retired": old, "vkey": new, "next": steps}, f"{text}\n{listed}")
    return 0


def _steps(old: str, new: str, hash: str) -> list[str]:
    """What must be done outside, in order."""
    steps = []
    if hash == "sm3":
        steps.append(
            "改了 SANXIANG_SM2_COMMAND 或者 SANXIANG_SM2_PUBLIC 的，用新的设置重新启动 sanxiang serve"
        )
    else:
        steps += _witnesses(old, new)
    steps += _policy(old, new)
    steps.append(
        f"把机关网站、公告、手册上公布的验证密钥换成 {new}；旧的注明“已停用”，不要删：旧检查点和旧证明仍用它核验"
    )
    if hash == "sha256":
        steps.append(
            "运行 sanxiang doctor，看见证人是否跟上。新检查点够见证数之前，导出里的 checkpoint.witnessed 和新取的证明还是停用的"
            "密钥签的，用 vkeys 里注明“已停用”的那一行核验"
        )
    steps.append(
        "马上做一次备份（sanxiang backup）：换密钥之前的备份里没有新的密钥，用它恢复，认不出换了以后签的检查点"
    )
    return steps


def _witnesses(old: str, new: str) -> list[str]:
    standing = importlib.import_module("sanxiang.ledger.standing")
    try:
        names = "、".join(one.name for one in standing.policy_of().witnesses)
    except standing.PolicyUnsound as error:
        return [f"{error}；再告知其中的见证人登记新的验证密钥 {new}"]
    if not names:
        return []
    return [
        f"告知见证人 {names} 登记新的验证密钥（在见证人的机器上：sanxiang witness add-log '{new}' --data 见证人的文件夹），"
        "登记之前它们不见证；"
        f"见证了新的检查点以后，不再承认旧的（sanxiang witness remove-log '{old}' --data 见证人的文件夹）。旧密钥失窃的，请它们马上不再承认"
    ]


def _policy(old: str, new: str) -> list[str]:
    standing = importlib.import_module("sanxiang.ledger.standing")
    try:
        lines = standing.policy_text().split("\n")
    except standing.PolicyUnsound:
        return []  # told with the witnesses
    for at, line in enumerate(lines, 1):
        if (words := line.split())[:2] == ["log", old]:
            changed = " ".join(["log", new, *words[2:]])
            return [f"把数据目录里 policy 的第 {at} 行改成：{changed}"]
    return []
