"""A sixth county, from nothing, without a line of Python: its pack, its people, its first cases. From outside alone.

The operator has an installed package and the commands; whoever works there comes over the network. All data is invented.
"""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from installation import Installation
from sanxiang.law.calendar import CHINA
from source_tree import ROOT
from wheel import laid_out

BUREAU, REGION, SCHEME = "云溪县水务局", "330999", "云溪县水务局三项制度实施方案"
NUMBER = "云水发〔2026〕3号"
OFFICERS = ("linqing 林青", "hewei 何苇", "tangmo 唐墨", "luting 陆汀", "qinhe 秦禾", "baizhi 白芷")
COLUMNS = (
    "姓名,账号,内设机构,证件编号,执法类别,执法区域,证件有效期起,证件有效期止,审验有效期,考试合格日期,任职起"
)
POSTS = {
    "tangmo": "disclosure-editor",
    "luting": "disclosure-approver",
    "qinhe": "agency-head",
    "baizhi": "archivist",
}
PRINTED = {
    "short": "云水",
    "address": "云溪县清江路 8 号",
    "phone": "0000-0000001",
    "account": "云溪银行 0000 0001",
    "review_body": "云溪县人民政府",
    "court": "云溪县人民法院",
}
PARTY = {
    "kind": "org",
    "name": "云溪清源建材有限公司",
    "address": "云溪县工业园 1 号",
    "legal_rep": "顾长庚",
    "phone": "0000-1234567",
}
FACT = "当事人在云溪河左岸河道管理范围内倾倒建筑渣土约三十立方米，占压滩地八十平方米。"
FINE = {
    "kinds": ["fine"],
    "fine": "200",
    "found": FACT,
    "evidence_text": "现场检查笔录一份、照片四张，证明位置、事实和数量。",
    "violated": "《防洪法》第二十二条第二款",
    "basis": "《防洪法》第五十五条第二项",
    "discretion": "首次违法、及时停止、后果较轻，适用从轻档次。",
    "correction": "责令停止违法行为，当事人已于检查当日停止。",
    "perform_by": "自收到本决定书之日起十五日内到指定银行缴纳罚款。",
}


@dataclass
class County:
    """The installation, the folder of its own pack, and what each person signs in with."""

    made: Installation
    pack: Path
    tokens: dict[str, str] = field(default_factory=dict)
    address: str = ""

    def admin(self, act: str, told: Mapping[str, Any]) -> Any:
        """One act of the operator on the bureau."""
        text = json.dumps(told, ensure_ascii=False)
        return self.made.json("admin", act, "--agency", BUREAU, "--input", "-", stdin=text)

    def change(self, file: str, *pairs: tuple[str, str]) -> None:
        """What an operator does in an editor; each word must be there once."""
        text = (self.pack / file).read_text(encoding="utf-8")
        for now, then in pairs:
            assert text.count(now) == 1, f"{file}: {now}"
            text = text.replace(now, then)
        (self.pack / file).write_text(text, encoding="utf-8")

    def ask(self, who: str, path: str, body: Any = None) -> Any:
        """The API, as one person: GET, or POST of a body."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        return json.loads(read(f"{self.address}/api/v1{path}", data, headers))


def read(address: str, data: bytes | None = None, headers: Mapping[str, str] | None = None) -> str:
    """An answer of the server; anything but a yes fails with its words."""
    request = urllib.request.Request(address, data, dict(headers or {}))
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return str(answer.read().decode())
    except urllib.error.HTTPError as refused:
        raise AssertionError(f"{address}: {refused.code} {refused.read().decode()[:2000]}") from refused


@pytest.fixture(scope="module")
def package(
    tmp_path_factory: pytest.TempPathFactory, installations: Callable[[], Installation]
) -> Iterator[Installation]:
    """An empty data folder under an installed package; the checkout is out of sight, but for the fonts."""
    site = laid_out(tmp_path_factory.mktemp("package"))
    made = installations()
    kept = {k: v for k, v in made.env.items() if k != "SANXIANG_PACKS"}
    told = {"PYTHONPATH": str(site), "PYTHONSAFEPATH": "1", "SANXIANG_FONTS": str(ROOT / "fonts")}
    yield replace(made, env={**kept, **told})
    assert sorted(p.name for p in (site / "sanxiang" / "packs").iterdir()) == sorted(
        p.name for p in (ROOT / "packs").iterdir()
    ), "nothing of the operator's may lie in the installed package"


@pytest.fixture(scope="module")
def county(package: Installation) -> County:
    """The pack made, checked and edited; the agency with its people."""
    made = package.json("pack", "new", "yunxi", "--from", "kaiyuan", "--name", BUREAU, "--region", REGION)
    assert made["folder"] == str(package.data / "localities" / "yunxi") and made["copied"] > 50
    here = County(package, Path(made["folder"]))
    told = package.json("pack", "check", "yunxi")
    assert told["ok"] and any("照抄自别处" in one["remark"] for one in told["remarks"])
    edit(here)
    package.json("init", "--locality", "yunxi", "--agency", BUREAU)
    staff(here, package.data / "人员.csv")
    return here


def edit(county: County) -> None:
    """The scheme's number, and a period of its own; the example beside a period must follow it."""
    county.change("pack.toml", ('doc_no = "not-stated"', f'doc_no = "{NUMBER}"'))
    came = '"publish.by_act.penalty"\nvalue = 7\nprovenance = "operator"\nfrom = "照抄自开原市水利局三项制度实施方案"\n'
    own = '"publish.by_act.penalty"\nvalue = 5\nprovenance = "text"\n'
    county.change("三项制度实施方案.md", (came, own))
    wrong = county.made.json("pack", "check", "yunxi", code=1)["errors"][0]["error"]
    assert wrong.startswith("yunxi/三项制度实施方案.md:") and "publish.by_act.penalty" in wrong
    then = '"publish.by_act.penalty"\non = 2020-01-02\nexpect = '
    county.change("三项制度实施方案.md", (f"{then}7", f"{then}5"))
    assert county.made.json("pack", "check", "yunxi")["ok"]


def staff(county: County, file: Path) -> None:
    """All as officers by a list, four of them in posts besides, and a token for each that comes over the network."""
    days = "2025-01-01,2039-12-31,2039-12-31,2024-11-01,2025-01-01"
    lines = ["行政执法人员清单", COLUMNS]
    for place, words in enumerate(OFFICERS, 1):
        username, name = words.split()
        lines.append(f"{name},{username},水政监察大队,云执{place:03},行政处罚,{REGION},{days}")
    file.write_text("\n".join(lines), encoding="utf-8")
    assert county.made.json("import", "people", str(file), "--agency", BUREAU)["added"] == len(OFFICERS)
    county.admin("change-agency", PRINTED)
    for username, role in POSTS.items():
        county.admin("grant-post", {"person": username, "role": role, "valid_from": "2025-01-01"})
    for username, role in {"linqing": "officer", **POSTS}.items():
        words = (
            "token",
            "issue",
            username,
            "--name",
            "试用",
            "--scope",
            "read",
            "--scope",
            "act",
            "--role",
            role,
        )
        county.tokens[username] = county.made.json(*words)["token"]


def minute(before: int) -> str:
    """So many minutes ago, as a form has it; shortly after midnight the day's beginning: a record keeps to one day."""
    now = datetime.now(CHINA)
    return max(now - timedelta(minutes=before), now.replace(hour=0, minute=0)).strftime("%Y-%m-%dT%H:%M")


def test_the_new_pack_is_its_own(county: County) -> None:
    shown = county.made.json("pack", "show", "yunxi")
    assert (shown["name"], shown["manifest"]["region"]) == (BUREAU, REGION)
    assert shown["manifest"]["identity"]["doc_no"] == NUMBER
    rows = {row["key"]: row for row in shown["parameters"]}
    said = rows["publish.by_act.penalty"]
    assert (said["value"], said["provenance"], said["from"]) == (5, "text", "")
    assert said["citation"].startswith(f"《{SCHEME}》")
    other = rows["publish.default_wd"]
    assert (other["value"], other["provenance"]) == (20, "operator")
    assert other["from"] == "照抄自开原市水利局三项制度实施方案"
    assert not rows["basis"]["set"], "on which documents the other county stood is nothing of this one"
    texts = [file.read_text(encoding="utf-8") for file in county.pack.iterdir()]
    assert not any("开原" in text.replace("照抄自开原市水利局", "") for text in texts)
    listed = {row["id"]: row["folder"] for row in county.made.json("pack", "list")}
    assert len(listed) == 6 and listed["yunxi"] == str(county.pack) and "/site/" in listed["kaiyuan"]
    assert "yunxi" in county.made.json("procedure", "list")[0]["localities"]


def test_a_case_on_the_spot_goes_to_its_end_and_to_the_portal(county: County) -> None:
    with county.made.serve() as county.address:
        case = on_the_spot(county)
        found = county.ask("luting", f"/cases/{case}")
        assert (found["closed"], found["stage"], found["pack"]) == ("closed", "archived", "yunxi")
        publishing = next(c for c in found["clocks"] if c["id"] == "publish-penalty")
        assert publishing["n"] == 5, "the period that the operator wrote"
        portal = read(f"{county.address}/decisions/?q={quote('清源建材')}")
        assert "云水当罚〔" in portal and BUREAU in portal
        assert BUREAU in read(f"{county.address}/procedures/yunxi/summary/")
        pinned(county, case, found["pack_digest"])
    assert county.made.json("ledger", "verify")["valid"]


def on_the_spot(county: County) -> str:
    """简易程序 from the scene to the sealed file; the case."""
    first = {"party": PARTY, "cause": "在河道管理范围内倾倒渣土", "officers": ["linqing", "hewei"]}
    first |= {"occurred_on": minute(0)[:10], "occurred_at": "云溪河左岸"}
    words = ("act", "open", "summary", "--agency", BUREAU, "--as", "linqing", "--input", "-")
    case = str(county.made.json(*words, stdin=json.dumps(first))["case"])
    two = [who["id"] for who in county.ask("linqing", f"/cases/{case}")["handlers"]]
    here = {"officers": two, "place": "云溪河左岸"}

    def does(who: str, act: str, **data: Any) -> None:
        county.ask(who, f"/cases/{case}/acts/{act}", {"data": data})

    shown_to = [{"name": "顾长庚", "relation": "当事人"}]
    does("linqing", "show-certificate", shown_to=shown_to, mode="shown", **here)
    seen = {"began": minute(40), "ended": minute(10), "present": "顾长庚", "signed": "signed", "record": FACT}
    does("linqing", "inspect", **seen, **here, no_recording="执法记录仪送修")
    told = {
        "told_reason": "涉嫌倾倒渣土",
        "told_basis": "《行政处罚法》第五十五条",
        "told_content": "查看现场，制作笔录",
    }
    told |= {"told_rights": "有陈述、申辩和申请回避的权利", "explained": "逐项说明", "answer": "表示清楚"}
    fined = {"told_kinds": ["fine"], "told_fine": FINE["fine"]}
    does("linqing", "tell-on-spot", officers=two, **told, **fined)
    does("linqing", "decide-on-spot", officers=two, decision=FINE, signed="signed")
    does("linqing", "serve-on-spot", officers=two, receiver="当事人的法定代表人")
    does("linqing", "file-record", filed_with="法制机构")
    does("tangmo", "prepare-publication", plain_summary="这家单位乱倒渣土，被罚款两百元。")
    does("luting", "publish", digest=county.ask("luting", f"/cases/{case}")["publication"]["digest"])
    does("linqing", "record-payment", amount="200", towards="principal", receipt="票据 0001")
    does("qinhe", "close", performed="罚款已全部缴纳")
    does("baizhi", "archive", archive_no="20260001", retention="30", checked="材料齐全，页码连续")
    return case


def pinned(county: County, case: str, digest: str) -> None:
    """The scheme is changed under the running server: what comes is judged anew, what was keeps its law."""
    assert (county.made.data / "packs" / digest / "yunxi" / "pack.toml").is_file()
    county.change("pack.toml", (NUMBER, "云水发〔2026〕9号"))
    assert county.ask("linqing", "/scheme")["identity"]["doc_no"] == "云水发〔2026〕9号"
    assert county.ask("luting", f"/cases/{case}")["pack_digest"] == digest
    county.change("pack.toml", ("云水发〔2026〕9号", '云水发〔2026〕9号" 还没写完'))
    assert county.ask("linqing", "/scheme")["identity"]["doc_no"] == "云水发〔2026〕9号", (
        "half an edit stops nobody"
    )
    assert county.ask("luting", f"/cases/{case}")["pack_digest"] == digest
    county.change("pack.toml", ('云水发〔2026〕9号" 还没写完', NUMBER))


def test_a_case_is_filed_by_command(county: County) -> None:
    clue = {
        "source": "inspection",
        "summary": "巡查发现",
        "party": PARTY,
        "cause": "在河道管理范围内倾倒渣土",
    }
    clue |= {"occurred_on": minute(0)[:10], "occurred_at": "云溪河左岸"}
    words = ("act", "open", "ordinary", "--agency", BUREAU, "--as", "linqing", "--input", "-")
    case = county.made.json(*words, stdin=json.dumps(clue))["case"]
    told = {
        "officers": ["linqing", "hewei"],
        "suspected": "《防洪法》第二十二条第二款",
        "opinion": "同意立案",
    }
    words = ("act", "perform", case, "file", "--as", "qinhe", "--input", "-")
    filed = county.made.json(*words, stdin=json.dumps(told))
    assert filed["number"].startswith("云水立〔") and filed["stage"] == "investigation"


def test_a_pack_that_went_missing_is_named_with_the_place_where_it_belongs(county: County) -> None:
    away = county.pack.with_name("away")
    county.pack.rename(away)
    (away / "pack.toml").rename(away / "kept.toml")
    try:
        found = [c for c in county.made.json("doctor", code=1)["checks"] if not c["ok"]]
        assert any(
            "yunxi" in c["text"] and str(county.pack) in c["text"] and BUREAU in c["text"] for c in found
        )
        done = county.made.run("act", "open", "summary", "--agency", BUREAU, "--as", "linqing")
        assert done.returncode == 1 and "没有这个规则包" in done.stderr and "Traceback" not in done.stderr
    finally:
        (away / "kept.toml").rename(away / "pack.toml")
        away.rename(county.pack)


@pytest.mark.parametrize("source", ["dongying", "huantai", "kaiyuan", "laizhou", "lingchuan"])
def test_every_shipped_pack_is_a_start_that_passes_as_it_comes(
    source: str, installation: Installation
) -> None:
    made = installation.json("pack", "new", "sixth", "--from", source)
    assert made["name"] == "sixth" and Path(made["folder"]).is_relative_to(installation.data)
    told = installation.json("pack", "check", "sixth")
    assert told["ok"] and any("还是编号" in r["remark"] for r in told["remarks"])


def test_what_cannot_be_made_says_why(installation: Installation) -> None:
    for words, said in (
        (("Sixth", "--from", "kaiyuan"), "不合用"),
        (("national", "--from", "kaiyuan"), "不合用"),
        (("sixth", "--from", "nowhere"), "没有这个规则包。已有：dongying"),
        (("laizhou", "--from", "kaiyuan"), "已经用在"),
        (("sixth", "--from", "kaiyuan", "--region", "33"), "六位数字"),
        (("sixth", "--from", "kaiyuan", "--name", "甲\n乙"), "写在一行里"),
    ):
        done = installation.run("pack", "new", *words)
        assert done.returncode == 1 and said in done.stderr and "Traceback" not in done.stderr, done.stderr
    assert not list((installation.data / "localities").glob("*"))
    installation.json("pack", "new", "sixth", "--from", "kaiyuan")
    again = installation.run("pack", "new", "sixth", "--from", "kaiyuan")
    assert again.returncode == 1 and "已经存在" in again.stderr


def test_a_shipped_pack_can_be_taken_over_and_settled(installation: Installation) -> None:
    """What the scheme left open the bureau itself settles, in an edition of its own and not in the package."""
    before = installation.json("pack", "show", "huantai")
    made = installation.json("pack", "new", "huantai", "--from", "huantai")
    assert made["copied"] == 0 and installation.json("pack", "show", "huantai")["digest"] == before["digest"]
    file = Path(made["folder"]) / "待定事项.md"
    text = file.read_text(encoding="utf-8")
    then = 'key = "review.quorum"\nvalue = 3'
    assert text.count('key = "review.quorum"\nset = false') == 1
    file.write_text(text.replace('key = "review.quorum"\nset = false', then), encoding="utf-8")
    rows = {row["key"]: row["value"] for row in installation.json("pack", "show", "huantai")["parameters"]}
    assert rows["review.quorum"] == 3
    assert installation.json("pack", "check", made["folder"])["ok"]
    broken = file.read_text(encoding="utf-8").replace("value = 3", "value = ")
    file.write_text(broken, encoding="utf-8")
    listed = {row["id"]: row for row in installation.json("pack", "list", code=1)}
    assert "待定事项.md" in listed["huantai"]["error"] and listed["laizhou"]["name"]
