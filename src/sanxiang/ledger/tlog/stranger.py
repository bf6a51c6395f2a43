"""What a stranger needs to check a proof without any program of ours: a script to read in a minute, and words around it.

The script uses `openssl`, `base64` and the shell alone, on any Unix. It refuses whatever it does not understand.
"""

SCRIPT_NAME = "核验.sh"
HOW_TO_NAME = "怎样核验.txt"

SCRIPT = r"""#!/bin/sh
# 核验一份存在性证明，只用 openssl、base64 和本文件：sh 核验.sh 证明.tlog-proof 条目.leaf '验证密钥'
# 格式：c2sp.org/tlog-proof、RFC 6962（SHA-256）、c2sp.org/signed-note（Ed25519）
set -eu
LC_ALL=C; export LC_ALL
[ $# -eq 3 ] || { echo "用法：sh $0 证明.tlog-proof 条目.leaf '验证密钥'" >&2; exit 2; }
for file in "$1" "$2"; do [ -f "$file" ] || { echo "没有核验：没有文件 $file" >&2; exit 2; }; done
openssl pkeyutl -help 2>&1 | grep -q rawin || {
    echo "没有核验：这台机器的 openssl 不会核对 Ed25519 签名，要 3.0 以上（现在是 $(openssl version)）" >&2; exit 2; }
proof=$1 leaf=$2 vkey=$3 dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
no() { echo "不成立：$1"; exit 1; }
bytes() { od -An -tx1 -N4 | tr -d ' \n'; }

# 一、写法。不合格式的一处也不放过：下面的每一步只读检查过的行。
[ "$(tr -d '\012\040-\377' < "$proof" | wc -c)" -eq 0 ] || no "文件里有控制字符，或者换行不是 LF"
[ "$(tail -c 1 "$proof" | wc -l)" -eq 1 ] || no "最后一行没有换行"
[ "$(wc -c < "$proof")" -le 1000000 ] || no "文件过长"
why=$(awk '
    function no(what) { print "第 " NR " 行" what; wrong = 1; exit 1 }
    function number(text) {
        return text ~ /^(0|[1-9][0-9]*)$/ && (length(text) < 19 || length(text) == 19 && (text "") <= "9223372036854775807")
    }
    function hash(text) { return length(text) == 44 && text ~ /[^=]=$/ && text ~ base64 }
    BEGIN {
        b = "[A-Za-z0-9+/]"  # 一种写法：补足等号，多出来的二进制位为零
        base64 = "^(" b b b b ")*(" b "[AQgw]==|" b b "[AEIMQUYcgkosw048]=)?$"
        utf8 = "^([\001-\177]|[\302-\337][\200-\277]|[\340-\357][\200-\277][\200-\277]|[\360-\364][\200-\277][\200-\277][\200-\277])+$"
        blank = "\302\205|\302\240|\341\232\200|\342\200[\200-\212\250\251\257]|\342\201\237|\343\200\200"
    }
    NR == 1 { if ($0 != "c2sp.org/tlog-proof@v1") no("应为 c2sp.org/tlog-proof@v1"); next }
    part == 0 && NR == 2 && /^extra / { if (substr($0, 7) !~ base64) no("的 extra 不是规范的 base64"); next }
    part == 0 { if (!/^index / || !number(substr($0, 7))) no("应为 index 和不带前导零的序号"); part = 1; next }
    part == 1 && $0 != "" { if (!hash($0)) no("应为杂凑值，32 字节，规范的 base64"); next }
    part == 1 { part = 2; next }
    part == 2 { line++ }
    part == 2 && line == 2 && !number($0) { no("应为检查点的大小，不带前导零") }
    part == 2 && line == 3 && !hash($0) { no("应为检查点的树根，32 字节，规范的 base64") }
    part == 2 { if ($0 == "") { if (line < 4) no("应为检查点的正文"); part = 3 }; next }
    {
        if (!sub(/^— /, "") || !/^[^ +]+ [^ ]+$/) no("应为签名行：— 名称 base64")
        name = $0; sub(/ .*/, "", name); sub(/^[^ ]* /, "")
        if (name !~ utf8 || name ~ blank || $0 !~ base64 || length($0) < 8 || /^......==$/) no("的签名行写法不规范")
        if (++lines > 100) no("起签名行超过 100 行")
    }
    END { if (!wrong && !lines) { print "缺少检查点或者签名行"; exit 1 } }
' "$proof") || no "$why"
name=${vkey%%+*} rest=${vkey#*+}
id=${rest%%+*} key=${rest#*+}
# Ed25519 的验证密钥：名称+标识+base64（首字节 01 和 32 字节公钥），标识是前面这些的 SHA-256 的头四个字节。
case $key in A[Q-Za-f]*[!A-Za-z0-9+/]* | A[Q-Za-f]*=*) key= ;; A[Q-Za-f]*) ;; *) key= ;; esac
[ ${#key} -eq 44 ] || no "验证密钥应写作 名称+8 位标识+base64，类型为 Ed25519"
{ printf '%s\n' "$name"; echo "$key" | base64 -d; } | openssl dgst -sha256 -binary > "$dir/id"
[ -n "$name" ] && [ "$(bytes < "$dir/id")" = "$id" ] || no "验证密钥的标识与密钥不符"

# 二、检查点的正文和签名行。序号和杂凑值在第一个空行之前，检查点在它之后。
sed '1,/^$/d' "$proof" > "$dir/checkpoint"
sed '/^$/,$d' "$dir/checkpoint" > "$dir/text"
sed '1,/^$/d' "$dir/checkpoint" > "$dir/lines"
[ "$(sed -n 1p "$dir/text")" = "$name" ] || no "检查点的名称与验证密钥的不同"
# openssl 要的公钥：前面加上 RFC 8410 的十二个字节。
{ printf '\060\052\060\005\006\003\053\145\160\003\041\000'; echo "$key" | base64 -d | tail -c +2; } > "$dir/key"
signed=
while read -r _ who line; do
    [ "$who" = "$name" ] || continue
    echo "$line" | base64 -d > "$dir/line"
    [ "$(bytes < "$dir/line")" = "$id" ] || continue
    tail -c +5 "$dir/line" > "$dir/signature"
    openssl pkeyutl -verify -pubin -keyform DER -inkey "$dir/key" -rawin -in "$dir/text" -sigfile "$dir/signature" > /dev/null 2>&1 ||
        no "检查点的签名不是这把密钥签的，或者正文被改动"
    signed=yes
done < "$dir/lines"
[ "$signed" ] || no "检查点上没有这把密钥的签名"

# 三、由条目逐级算到树根（RFC 6962 §2.1.1）。
size=$(sed -n 2p "$dir/text") index=$(sed -n 's/^index //p' "$proof")
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

这是一本执法账本的副本，交给谁，谁就可以自己核验，不必相信交出它的机关。里面没有案情和个人信息，只有每一步的指纹、时间和岗位。

这个目录（extra 除外）是一本 C2SP tlog-tiles 账本：checkpoint 是签名的检查点，tile/ 是杂凑瓦片，tile/entries/ 是条目。
extra/ 里有验证密钥 vkeys、见证规则 policy（设有见证人的才有）、带见证人签名的 checkpoint.witnessed、国密账本 log-sm3/、时间戳 stamps/。
最新的检查点还在等候见证时，checkpoint.witnessed 是够见证数的最近一份，比 checkpoint 早一些。
换过密钥的，vkeys 里注明“已停用”的各行也要留着：停用以前签的检查点、证明和 checkpoint.witnessed 用它核验，它以后签的不认。

最省事的：任何一台装有本系统的机器（不必是本机关的），运行 sanxiang ledger verify 这个目录 --vkey '{vkey}'
自己从前留下过检查点或证明的，加上 --old-checkpoint 那个文件：账本被重做过就看得出来。
不想用本系统的，下面四样合起来一样：

一、别人写的程序，读这种账本的都行：Go 语言 golang.org/x/mod/sumdb 的 note 和 tlog、Tessera 的 fsck（-N 4）、sigstore 的 Merkle 模块。
二、extra 里的文件：cd extra && sha256sum -c sha256sums
三、时间戳：openssl ts -verify -in stamps/大小.tsr -data stamps/大小.checkpoint -CAfile 时间戳机构的根证书.pem
四、一条条目的存在性证明（.tlog-proof）：sh 核验.sh 证明.tlog-proof 条目.leaf '{vkey}'

验证密钥请与机关另行公布的核对。全部成立说明：检查点签署之后没有一条被改、被删、被调换次序；不说明办理的内容是否属实、是否合法。
"""


def how_to(vkey: str, name: str = "某一步") -> str:
    """The words, with the verifier key in force and the name that the two files of an act have, without its ending."""
    return HOW_TO.format(vkey=vkey, name=name)
