"""What a stranger needs to check a proof without any program of ours: a script to read in a minute, and words around it.

The script uses `openssl`, `base64` and the shell alone, on any Unix. It refuses whatever it does not understand.
"""

SCRIPT_NAME = "核验.sh"
HOW_TO_NAME = "怎样核验.txt"

SCRIPT = r"""#!/bin/sh
# 核验一份存在性证明，只用 openssl、base64 和本文件：sh 核验.sh 证明.tlog-proof 条目.leaf '验证密钥'
# 格式：c2sp.org/tlog-proof、RFC 6962（SHA-256）、c2sp.org/signed-note（Ed25519）
set -eu
[ $# -eq 3 ] || { echo "用法：sh $0 证明.tlog-proof 条目.leaf '验证密钥'" >&2; exit 2; }
proof=$1 leaf=$2 vkey=$3 dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
no() { echo "不成立：$1"; exit 1; }

# 一、检查点的正文和签名行。序号和杂凑值在第一个空行之前，检查点在它之后。
sed '1,/^$/d' "$proof" > "$dir/checkpoint"
sed '/^$/,$d' "$dir/checkpoint" > "$dir/text"
name=${vkey%%+*}
[ "$(sed -n 1p "$dir/text")" = "$name" ] || no "检查点的名称与验证密钥的不同"
awk -v name="$name" '$1 == "—" && $2 == name { print $3; exit }' "$dir/checkpoint" | base64 -d | tail -c +5 > "$dir/signature"
# Ed25519 公钥：验证密钥第三段去掉首字节 01，前面加上 RFC 8410 的十二个字节。
{ printf '\060\052\060\005\006\003\053\145\160\003\041\000'; echo "$vkey" | cut -d+ -f3- | base64 -d | tail -c +2; } > "$dir/key"
openssl pkeyutl -verify -pubin -keyform DER -inkey "$dir/key" -rawin -in "$dir/text" -sigfile "$dir/signature" > /dev/null 2>&1 ||
    no "检查点的签名不是这把密钥签的，或者正文被改动"

# 二、由条目逐级算到树根（RFC 6962 §2.1.1）。
size=$(sed -n 2p "$dir/text") index=$(sed -n 's/^index //p' "$proof" | head -n 1)
case $size$index in *[!0-9]*) no "序号或大小不是数字" ;; esac
[ "$index" -lt "$size" ] || no "序号不在检查点之内"
at=$index last=$((size - 1))
{ printf '\000'; cat "$leaf"; } | openssl dgst -sha256 -binary > "$dir/hash"
sed -n '/^index /,/^$/p' "$proof" | sed -e 1d -e '$d' > "$dir/path"
while read -r line; do
    [ "$last" -gt 0 ] || no "证明太长"
    echo "$line" | base64 -d > "$dir/sibling"
    if [ $((at % 2)) = 1 ] || [ "$at" = "$last" ]; then
        { printf '\001'; cat "$dir/sibling" "$dir/hash"; } | openssl dgst -sha256 -binary > "$dir/next"
        while [ $((at % 2)) = 0 ] && [ "$at" != 0 ]; do at=$((at / 2)) last=$((last / 2)); done
    else
        { printf '\001'; cat "$dir/hash" "$dir/sibling"; } | openssl dgst -sha256 -binary > "$dir/next"
    fi
    mv "$dir/next" "$dir/hash"
    at=$((at / 2)) last=$((last / 2))
done < "$dir/path"
[ "$last" = 0 ] || no "证明太短"
[ "$(base64 < "$dir/hash")" = "$(sed -n 3p "$dir/text")" ] || no "条目、序号或者证明中的杂凑值与检查点的树根对不上"
echo "成立：条目是账本 $name 的第 $index 条（从 0 数起），检查点共 $size 条"
"""

HOW_TO = """怎样核验账本的证明

这里的每一步办理有两个文件：
  某一步.leaf.json     账本条目，原样字节。一个字节也不要改，也不要用编辑器另存。
  某一步.tlog-proof    存在性证明：序号、通到树根的杂凑值、签了名的检查点（见证人的签名也在其中）。
checkpoint 是这些证明共用的检查点，vkeys 是账本的验证密钥，policy 是见证规则（没有的，表示没有设见证人）。
验证密钥请与机关另行公布的核对：随证明一起来的密钥，只能说明证明与它相符。

一、只用 openssl（不用本系统的任何程序）：
  sh 核验.sh '{name}.tlog-proof' '{name}.leaf.json' '{vkey}'

二、不连网的网页：打开机关网站的“验证”页，保存其中的“离线核验页”，以后断网也能用浏览器核验。

三、别人写的程序（任何一种都行）：
  Go 语言 golang.org/x/mod/sumdb 的 note（签名）和 tlog（存在性证明 CheckRecord）
  C2SP tlog-proof、tlog-checkpoint、tlog-cosignature 的任何实现，如 Torchwood 的 spicy、Tessera 的 client
  校验值：{{ printf '\\000'; cat '{name}.leaf.json'; }} | sha256sum

条目里没有办理内容，d 中的每一项是一个字段的校验值：SHA-256（base64url，RFC 9901），字段的原文和盐由机关保管，出示后可以逐项核对。

成立说明：这一条在检查点签署时已经在账本里，此后没有改动。不说明：办理的内容是否属实、是否合法。
改动能够被发现，靠的是检查点已经由外部见证或者由你自己保存；没有这样的检查点，不能排除整本账被重做。
"""


EXPORT_HOW_TO = """怎样核验这份账本

这个目录（extra 除外）是一本 C2SP tlog-tiles 账本：checkpoint 是签名的检查点，tile/ 是杂凑瓦片，tile/entries/ 是条目。
extra/ 里有验证密钥 vkeys、见证规则 policy（设有见证人的才有）、带见证人签名的 checkpoint.witnessed、国密账本 log-sm3/、时间戳 stamps/。
最新的检查点还在等候见证时，checkpoint.witnessed 是够见证数的最近一份，比 checkpoint 早一些。
换过密钥的，vkeys 里注明“已停用”的各行也要留着：停用以前签的检查点、证明和 checkpoint.witnessed 用它核验，它以后签的不认。

一、别人写的程序，读这种账本的都行：Go 语言 golang.org/x/mod/sumdb 的 note 和 tlog、Tessera 的 fsck、sigstore 的 Merkle 模块。
二、extra 里的文件：cd extra && sha256sum -c sha256sums
三、时间戳：openssl ts -verify -in 大小.tsr -data 检查点 -CAfile 时间戳机构的根证书.pem
四、一条条目的存在性证明（.tlog-proof）：sh 核验.sh 证明.tlog-proof 条目.leaf '{vkey}'

验证密钥请与机关另行公布的核对。全部成立说明：检查点签署之后没有一条被改、被删、被调换次序；不说明办理的内容是否属实、是否合法。
"""


def how_to(vkey: str, name: str = "某一步") -> str:
    """The words, with the verifier key in force and the name that the two files of an act have, without its ending."""
    return HOW_TO.format(vkey=vkey, name=name)
