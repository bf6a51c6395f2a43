#!/bin/sh
# 重算一次双随机抽取，只用 sha256sum、sort、grep 和 cut：sh recompute.sh 文件夹
# 文件夹里放抽取页面上的 commit.txt objects.txt officers.txt barred.txt draw.txt result.txt
set -eu
LC_ALL=C; export LC_ALL
[ $# -eq 1 ] || { echo "用法：sh $0 文件夹" >&2; exit 2; }
[ -d "$1" ] || { echo "没有重算：没有文件夹 $1" >&2; exit 2; }
cd "$1"
unread() { echo "没有重算：$1" >&2; exit 2; }
webpage() { head -n 3 "$1" | grep -qi '<!doctype\|<html'; }
for file in commit.txt objects.txt officers.txt barred.txt draw.txt result.txt; do
    case $file in
    commit.txt) why='还没有封存，或者网址不是抽取页面的' ;;
    draw.txt | result.txt) why='还没有抽取的，抽取之后才有' ;;
    *) why='请从抽取页面下载' ;;
    esac
    [ -f $file ] || unread "缺少文件 $file（$why）"
    ! webpage $file || unread "$file 是一个网页，不是要的文件（$why）"
done
for line in "commit.txt rule" "draw.txt seed" "draw.txt value"; do
    grep -q "^${line#* } " "${line% *}" || unread "${line% *} 里没有“${line#* }”一行，请重新下载"
done
told() { sed -n "s/^$2 //p" "$1"; }
sha() { sha256sum | cut -c1-64; }
bad=0
no() { echo "不成立：$1"; bad=1; }
[ "$(told commit.txt rule)" = sanxiang-draw-1 ] || { no "不认识的抽取规则"; exit 1; }
for list in objects officers barred; do
    [ "$(sha < $list.txt)" = "$(told commit.txt $list-sha256)" ] || no "$list.txt 与封存的校验值不符"
done
seed=$(told draw.txt seed) value=$(told draw.txt value)
[ "$(printf %s "$seed" | sha)" = "$(told commit.txt seed-sha256)" ] || no "种子与封存的校验值不符"
key=$(printf '%s|%s' "$seed" "$value" | sha)
again=$(
    while read -r one; do
        printf '%s %s\n' "$(printf '%s|object|%s' "$key" "$one" | sha)" "$one"
    done < objects.txt | sort | head -n "$(told commit.txt count)" | cut -d' ' -f2 | while read -r one; do
        printf %s "$one"
        while read -r who; do
            grep -qxF "$one $who" barred.txt || printf '%s %s\n' "$(printf '%s|officer|%s|%s' "$key" "$one" "$who" | sha)" "$who"
        done < officers.txt | sort | head -n "$(told commit.txt each)" | cut -d' ' -f2 | while read -r who; do printf ' %s' "$who"; done
        echo
    done
)
[ "$again" = "$(cat result.txt)" ] || no "照公布的算法重算，结果与公布的不同"
[ $bad -eq 0 ] && echo "成立：重算的结果与公布的相同，抽到 $(wc -l < result.txt | tr -d ' ') 个对象"
exit $bad
