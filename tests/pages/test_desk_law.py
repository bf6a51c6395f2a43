"""The law on the desk: the scheme that governs, the article beside its rules, registers by day."""

import html
from datetime import date
from uuid import uuid4

import pytest
from django.db.models import F
from django.test import Client

from cast import Cast
from conftest import SignIn
from sanxiang.desk.scheme_words import CONDITIONS, rule_text
from sanxiang.law.guards import CONDITIONS as KNOWN
from sanxiang.law.packs import list_packs, load_pack
from sanxiang.people.models import Agency
from sanxiang.registers.models import Register, Release, Statute

pytestmark = pytest.mark.django_db


def body(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return html.unescape(answer.content.decode())


def govern(agency: Agency, locality: str) -> None:
    Agency.objects.filter(pk=agency.pk).update(locality=locality, n=F("n") + 1)


@pytest.mark.parametrize("locality", list_packs())
def test_the_scheme_shows_every_parameter_and_kind_of_act(locality: str, cast: Cast, browser: SignIn) -> None:
    govern(cast.bureau, locality)
    pack = load_pack(locality)
    page = body(browser(cast.handler), "/desk/scheme/")
    for kind in pack.act_types():
        assert kind["label"] in page
    for key, known in pack.parameters.items():
        assert known.label in page and key in page
    unset = [key for key in pack.parameters if not pack.parameter(key).is_set]
    assert page.count('<span class="badge badge-open">方案未定</span>') == len(unset)
    assert f"其中 {len(unset)} 项方案未定" in page
    assert ("推定</span>" in page) is any(t.get("derived") for t in pack.act_types())


def test_what_the_document_does_not_say_is_said_to_be_missing(cast: Cast, browser: SignIn) -> None:
    page = body(browser(cast.handler), "/desk/scheme/")
    assert "方案未载明" in page and "not-stated" not in page


def test_the_national_limit_stands_beside_the_local_one_and_the_stricter_binds(
    cast: Cast, browser: SignIn
) -> None:
    found = []
    for locality in list_packs():
        pack = load_pack(locality)
        for key in pack.parameters:
            own, nation = pack.parameter(key), pack.national(key)
            if (
                nation
                and own is not nation
                and pack.binding(key) is nation
                and pack.parameters[key].unit == "working"
            ):
                found.append((locality, pack.parameters[key].label, nation.value, str(nation.citation)))
    assert found, "some scheme is looser than the national norm"
    for locality, label, days, citation in found:
        govern(cast.bureau, locality)
        page = body(browser(cast.handler), "/desk/scheme/")
        part = page[page.index(f"<dt>{label}") :][:1500]
        assert (
            f"国家规定：{days}个工作日" in part and citation in part and f"实际约束：{days}个工作日" in part
        )


def test_the_article_stands_beside_its_rules(cast: Cast, browser: SignIn) -> None:
    client = browser(cast.handler)
    page = body(client, "/desk/law/行政处罚法/第六十条/")
    assert "文本还没有导入" in page
    assert "作出处罚决定" in page and "90日" in page and "延长办案期限" in page
    articles = {"第六十条": "本条文字只为测试。"}
    Statute.objects.create(name="行政处罚法", version=date(2021, 1, 22), articles=articles, digest="a" * 64)
    Statute.objects.create(
        name="行政处罚法", version=date(2996, 1, 1), articles={"第六十条": "将来的文字"}, digest="b" * 64
    )
    page = body(client, "/desk/law/行政处罚法/第六十条/")
    assert "本条文字只为测试。" in page and "2021年1月22日版本" in page and "将来的文字" not in page
    assert "没有第六十四条" in body(client, "/desk/law/行政处罚法/第六十四条/")
    body(client, "/desk/law/没有这部法/第一条/", 404)


def test_entries_of_the_agencys_lists_stand_beside_the_article(cast: Cast, browser: SignIn) -> None:
    items = Register.objects.create(agency=cast.bureau, kind="items", label="事项清单甲", n=1, head="")
    rows = [
        {"事项名称": "甲事项", "依据": "《行政处罚法》第六十条"},
        {"事项名称": "乙事项", "依据": "《水法》第六十条"},
        {"事项名称": "丙事项", "依据": "《中华人民共和国行政处罚法》第六十一条"},
    ]
    told = {"in_force_from": date(2025, 1, 1), "digest": "c" * 64, "act": uuid4(), "n": 1}
    Release.objects.create(register=items, version=1, rows=rows, **told)
    page = body(browser(cast.handler), "/desk/law/行政处罚法/第六十条/")
    assert "甲事项" in page and f"/desk/registers/{items.pk}/" in page and "第 1 版第 1 行" in page
    assert "乙事项" not in page and "丙事项" not in page
    assert "丙事项" in body(browser(cast.handler), "/desk/law/行政处罚法/第六十一条/")
    assert "事项清单甲" not in body(browser(cast.outsider), "/desk/law/行政处罚法/第六十条/")


def test_without_the_text_an_officer_reads_what_we_make_of_it_and_whom_to_ask(
    cast: Cast, browser: SignIn
) -> None:
    here = "/desk/law/行政处罚法/第五十一条/"
    page = body(browser(cast.handler), here)
    assert "对公民200元以下、对法人或者其他组织3,000元以下罚款或者警告，可以当场决定。" in page
    assert "不是法条原文" in page and f"请系统管理员（{cast.admin.name}）导入" in page
    assert "sanxiang law" not in page and "Facts established" not in page
    assert "sanxiang law import" in body(browser(cast.admin), here)
    withdrawal = body(browser(cast.handler), "/desk/law/行政处罚法/第四十八条/")
    assert "三日内撤回并公开说明理由" in withdrawal.split("本系统按什么意思执行")[1].split("</section>")[0]


def test_a_clause_of_the_scheme_is_no_statute(cast: Cast, browser: SignIn) -> None:
    page = body(browser(cast.handler), "/desk/law/桓台县三项制度试点工作方案/二（一）2/")
    assert "这是本地方案的条款" in page and "认可的执法证件" in page


def test_every_citation_on_the_scheme_leads_somewhere(cast: Cast, browser: SignIn) -> None:
    client = browser(cast.handler)
    pack = load_pack("huantai")
    for citation in {
        str(b.citation): b.citation for b in pack.blocks if b.kind in ("value", "act", "limit")
    }.values():
        assert client.get(f"/desk/law/{citation.instrument}/{citation.article}/").status_code == 200, citation


def test_every_condition_reads_in_words() -> None:
    assert set(CONDITIONS) == set(KNOWN)
    for locality in list_packs():
        pack = load_pack(locality)
        for block in pack.blocks:
            if block.kind == "guard":
                told = rule_text(pack, block)
                assert told["title"] and told["text"] and "{" not in told["text"], block


def test_a_register_is_read_as_of_a_day(cast: Cast, browser: SignIn) -> None:
    register = Register.objects.create(
        agency=cast.bureau, kind="items", label="行政执法事项清单", n=2, head=""
    )
    for version, day, name in ((1, date(2025, 1, 1), "取水许可检查"), (2, date(2026, 1, 1), "河道采砂检查")):
        Release.objects.create(
            register=register,
            version=version,
            in_force_from=day,
            rows=[{"name": name}],
            digest="c" * 64,
            act=uuid4(),
            n=version,
        )
    client, here = browser(cast.handler), f"/desk/registers/{register.pk}/"
    assert "第2版" in body(client, "/desk/registers/?on=2026-03-01") and "第1版" in body(
        client, "/desk/registers/?on=2025-03-01"
    )
    assert "当日没有有效版本" in body(client, "/desk/registers/?on=2024-03-01")
    assert "河道采砂检查" in body(client, f"{here}?on=2026-03-01") and "取水许可检查" in body(
        client, f"{here}?on=2025-03-01"
    )
    assert "不是有效的日期" in body(client, f"{here}?on=2026-02-30", 422)
    body(browser(cast.outsider), here, 404)
    assert "行政执法事项清单" not in body(browser(cast.outsider), "/desk/registers/")
