"""tlog-policy files: read strictly, and counted as the specification counts."""

import re
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanxiang.ledger.tlog import note, tree
from sanxiang.ledger.tlog.policy import Group, KnownLog, Policy, Witness, format_policy, judge, parse_policy

ORIGIN = "log.example.test/acts"
LOG_SEED = b"\x01" * 32
LOG = note.Key(ORIGIN, note.ED25519, note.public_key(LOG_SEED))
LOG_VKEY = note.format_vkey(LOG)
NAMES = ("X1", "X2", "X3", "Y1", "Y2", "Y3")
SEEDS = {name: bytes([16 + at]) * 32 for at, name in enumerate(NAMES)}
KEYS = {
    name: note.Key(f"{name.lower()}.example.test", note.COSIGNATURE_V1, note.public_key(seed))
    for name, seed in SEEDS.items()
}
VKEYS = {name: note.format_vkey(key) for name, key in KEYS.items()}

# The example of the specification, two levels of groups.
EXAMPLE = f"""log {LOG_VKEY}

witness X1 {VKEYS["X1"]}
witness X2 {VKEYS["X2"]}
witness X3 {VKEYS["X3"]}
group X-witnesses 2 X1 X2 X3

witness Y1 {VKEYS["Y1"]}
witness Y2 {VKEYS["Y2"]}
witness Y3 {VKEYS["Y3"]}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def checkpoint(*cosigners: str, time: int = 1_700_000_000, size: int = 1) -> str:
    """A checkpoint of the log with the cosignatures of these witnesses."""
    text = note.sign(note.checkpoint_text(ORIGIN, size, tree.leaf_hash(b"x")), ORIGIN, LOG_SEED)
    lines = [note.cosign(text, KEYS[name].name, SEEDS[name], time + at) for at, name in enumerate(cosigners)]
    return text + "".join(line + "\n" for line in lines)


def test_the_example_of_the_specification() -> None:
    policy = parse_policy(EXAMPLE)
    assert policy.logs == (KnownLog(LOG),)
    assert policy.witnesses == tuple(Witness(name, KEYS[name]) for name in NAMES)
    assert policy.groups == (
        Group("X-witnesses", 2, ("X1", "X2", "X3")),
        Group("Y-witnesses", 1, ("Y1", "Y2", "Y3")),
        Group("X-and-Y", 2, ("X-witnesses", "Y-witnesses")),
    )
    assert policy.quorum == "X-and-Y"
    assert parse_policy(format_policy(policy)) == policy


def test_every_set_of_witnesses_is_counted() -> None:
    policy = parse_policy(EXAMPLE)
    for many in range(len(NAMES) + 1):
        for some in combinations(NAMES, many):
            judged = judge(policy, checkpoint(*some))
            assert list(judged.witnessed) == list(some)
            enough = sum(name[0] == "X" for name in some) >= 2 and any(name[0] == "Y" for name in some)
            assert judged.quorum is enough


def test_times_are_told_and_the_latest_line_counts() -> None:
    policy = parse_policy(f"witness w {VKEYS['X1']}\nquorum w\n")
    once = checkpoint("X1", time=1_700_000_000)
    later = note.cosign(once, KEYS["X1"].name, SEEDS["X1"], 1_700_000_777)
    judged = judge(policy, f"{once}{later}\n", [LOG])
    assert judged.witnessed == {"w": 1_700_000_777} and judged.quorum
    assert (judged.checkpoint.origin, judged.checkpoint.size) == (ORIGIN, 1)


def test_a_policy_without_witnesses_asks_for_the_log_alone() -> None:
    policy = parse_policy(f"log {LOG_VKEY} https://log.example.test/\nquorum none")
    assert judge(policy, checkpoint("X1")).quorum
    assert judge(policy, checkpoint()).witnessed == {}
    assert parse_policy("quorum none") == Policy()


def test_a_checkpoint_that_no_known_log_signed_is_not_judged() -> None:
    policy = parse_policy(f"witness w {VKEYS['X1']}\nquorum w\n")
    stranger = note.Key(ORIGIN, note.ED25519, note.public_key(b"\x02" * 32))
    for logs in ([], [stranger]):
        with pytest.raises(ValueError, match="没有任何给定密钥的签名"):
            judge(policy, checkpoint("X1"), logs)
    elsewhere = note.sign(note.checkpoint_text("other/log", 1, tree.leaf_hash(b"x")), ORIGIN, LOG_SEED)
    with pytest.raises(ValueError, match="来源"):
        judge(policy, elsewhere, [LOG])


def test_a_false_line_of_a_known_witness_spoils_the_checkpoint() -> None:
    policy = parse_policy(EXAMPLE)
    other = checkpoint("X1", size=2).splitlines()[-1]
    with pytest.raises(ValueError, match="签名不成立"):
        judge(policy, f"{checkpoint('X2')}{other}\n")
    unknown = parse_policy(f"log {LOG_VKEY}\nwitness X2 {VKEYS['X2']}\nquorum X2")
    assert judge(unknown, f"{checkpoint('X2')}{other}\n").quorum


def test_blanks_comments_and_other_scripts_are_allowed() -> None:
    text = f"#首行\n\n \t \n\t witness\t某局  {VKEYS['X1']}\t https://某局.example.test/witness \n  # 尾注\nquorum 某局"
    policy = parse_policy(text)
    assert policy.witnesses == (Witness("某局", KEYS["X1"], "https://某局.example.test/witness"),)
    wide = f"witness 全\u3000角 {VKEYS['X1']}\nquorum 全\u3000角"
    assert parse_policy(wide).quorum == "全\u3000角"  # only blanks and tabs part the words


WITNESS = f"witness w {VKEYS['X1']}\n"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("quorum none\nlogs x\n", 2, "不认识“logs”"),
        ("Quorum none", 1, "不认识“Quorum”"),
        ("quorum none # why", 1, "quorum 名称"),
        ("quorum", 1, "quorum 名称"),
        ("quorum none\nquorum none", 2, "只能写一行"),
        ("quorum w\n" + WITNESS, 1, "没有叫“w”"),
        ("log", 1, "log 验证密钥"),
        (f"log {LOG_VKEY} url more", 1, "log 验证密钥"),
        (f"log {LOG_VKEY}x", 1, "base64"),
        (f"log {VKEYS['X1']}", 1, "见证人的密钥"),
        (f"log {LOG_VKEY}\nlog {LOG_VKEY}", 2, "已经写过"),
        (f"witness {VKEYS['X1']}", 1, "witness 名称"),
        (f"witness w {LOG_VKEY}", 1, "不是见证人的密钥"),
        (f"witness w {VKEYS['X1']} u v", 1, "witness 名称"),
        (f"witness none {VKEYS['X1']}", 1, "none 另有含义"),
        (WITNESS + f"witness w {VKEYS['X2']}", 2, "“w”前面已经用过"),
        (WITNESS + f"witness v {VKEYS['X1']}", 2, "已经写过"),
        (WITNESS + "group g 1", 2, "group 名称"),
        (WITNESS + "group g any v", 2, "没有叫“v”"),
        (WITNESS + "group g any none", 2, "没有叫“none”"),
        (WITNESS + "group g any g", 2, "没有叫“g”"),
        (WITNESS + "group w any w", 2, "“w”前面已经用过"),
        (WITNESS + "group none any w", 2, "none 另有含义"),
        (WITNESS + "group g 0 w", 2, "1 到 1"),
        (WITNESS + "group g 2 w", 2, "1 到 1"),
        (WITNESS + "group g 01 w", 2, "前导零"),
        (WITNESS + "group g -1 w", 2, "十进制"),
        (WITNESS + "group g １ w", 2, "十进制"),
        (WITNESS + "group g some w", 2, "十进制"),
        (WITNESS + "group g any w w", 2, "只能归入一个组"),
        (WITNESS + "group g any w\ngroup h any w", 3, "只能归入一个组"),
        ("quorum none\r\n", 1, "控制字符"),
        ("#\x7f\nquorum none", 1, "控制字符"),
    ],
)
def test_a_wrong_line_is_named(text: str, line: int, says: str) -> None:
    with pytest.raises(ValueError, match=rf"^见证规则第 {line} 行有误：.*{re.escape(says)}"):
        parse_policy(text)


def test_the_same_key_under_another_name_is_the_same_witness() -> None:
    again = note.format_vkey(note.Key("another.name", note.COSIGNATURE_V1, KEYS["X1"].public))
    with pytest.raises(ValueError, match="第 2 行有误：这把见证人密钥前面已经写过"):
        parse_policy(f"{WITNESS}witness v {again}\nquorum w")


def test_a_quorum_must_be_written() -> None:
    for text in ("", "# quorum none", WITNESS):
        with pytest.raises(ValueError, match="缺少 quorum 行"):
            parse_policy(text)


def test_groups_may_be_nested_deep() -> None:
    """A hostile file must not exhaust the stack."""
    chain = "".join(f"group g{at + 1} all g{at}\n" for at in range(5000))
    policy = parse_policy(f"witness g0 {VKEYS['X1']}\n{chain}quorum g5000")
    assert judge(policy, checkpoint("X1"), [LOG]).quorum
    assert not judge(policy, checkpoint(), [LOG]).quorum


@given(st.text(alphabet="log witnesgrupqm1+#\n\t 是", max_size=80))
def test_any_text_is_read_or_refused_in_chinese(text: str) -> None:
    try:
        policy = parse_policy(text)
    except ValueError as error:
        assert str(error).startswith("见证规则")
    else:
        assert parse_policy(format_policy(policy)) == policy
