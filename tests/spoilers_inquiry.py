"""Spoilers of the rules about 简易程序 and about what is found out before anything is proposed."""

import io
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import listed
from knocks import Knock
from play import Play, days_after
from sanxiang.cases.recording.receiving import receive
from sanxiang.demo import stories
from sanxiang.door.administer import administer
from sanxiang.law.packs import load_pack
from sanxiang.law.registers.kinds import columns_of
from side_stories import GOODS, REASON
from spoiling import evidence, fails, forget, without, yesterday

# 简易程序


@fails("summary.kinds", "summary", "decide-on-spot", "summary.as-told")
def confiscation_on_the_spot(play: Play) -> Knock:
    return play.knock(decision=stories.penalty("200", ("fine", "confiscate-gains"), confiscated_gains="10"))


@fails("summary.amount", "summary", "decide-on-spot", "summary.as-told")
def one_fen_too_much(play: Play) -> Knock:
    return play.knock(decision=stories.penalty("3000") | {"fine": "3000.01"})


@fails(
    "summary.certificate-shown",
    "summary",
    "show-certificate",
    "summary.told",
    "evidence-before-decision",
    "stage-recorded",
)
def nothing_before_the_decision(play: Play) -> Knock:
    play.until("decide-on-spot", without=("show-certificate", "inspect", "tell-on-spot"))
    return play.knock()


@fails("summary.told", "summary", "tell-on-spot", "stage-recorded")
def not_told_on_the_spot(play: Play) -> Knock:
    return play.knock("decide-on-spot")


@fails("summary.filed", "summary", "file-record")
def not_filed_with_the_agency(play: Play) -> Knock:
    play.until("close", without=("file-record",))
    return play.knock()


@fails("summary.items", "summary", "start-summary")
def no_address_of_the_party(play: Play) -> Knock:
    play.step(party={k: v for k, v in stories.party().items() if k != "address"})
    play.until("decide-on-spot")
    return play.knock()


@fails("grounds-cited", "summary", "decide-on-spot")
def grounds_without_an_article(play: Play) -> list[Knock]:
    told = stories.penalty("200")
    return [
        play.knock(after=0, decision=told | {"violated": "随便写写"}),
        play.knock(after=0, decision=told | {"basis": "防洪法第五十五条"}),
    ]


@fails("tier-applied", "summary", "decide-on-spot")
def no_tier_of_the_benchmark(play: Play) -> list[Knock]:
    columns = columns_of(load_pack(play.office.agency.locality), "benchmarks")
    row = {
        **{name: "—" for name, demanded in columns if demanded},
        "违法行为": play.case.state["facts"]["cause"],
        "违法情节": "轻微",
        "裁量幅度": "一百元以下",
    }
    told = {"kind": "benchmarks", "in_force_from": yesterday(play).isoformat(), "rows": [row]}
    play.administer("release-register", **told)
    drafts = [stories.penalty("200"), stories.penalty("200") | {"tier": "轻微（一百元以下）"}]
    return [play.knock(after=0, decision=one) for one in drafts]


@fails("fine-in-range", "summary", "start-summary", "summary.as-told")
def fined_outside_the_range_of_the_item(play: Play) -> list[Knock]:
    list_of_items(play, **{"罚款下限（元）": "500", "罚款上限（元）": "2000"})
    play.step(item="取水许可")
    play.until("decide-on-spot")
    return [play.knock(after=0, decision=stories.penalty(fine)) for fine in ("499", "2001")]


# 调查取证


@fails("certificate-shown", "summary", "show-certificate", "shown-at-inspection")
def certificate_not_shown(play: Play) -> Knock:
    return play.knock("inspect")


@fails("certificate-shown", "ordinary", "show-certificate")
def certificate_not_shown_before_notice(play: Play) -> Knock:
    return play.knock("notify-on-site")


@fails("told-before-inspection", "ordinary", "notify-on-site")
def inspected_untold(play: Play) -> Knock:
    return play.knock("inspect")


@fails("notice-elements", "ordinary", "notify-on-site")
def each_element_blank(play: Play) -> list[Knock]:
    wanted = play.pack.setting("notice.elements")
    play.pass_days(play.next().after)
    return [play.knock(after=0, **{f"told_{element}": None}) for element in wanted]


@fails("evidence-before-decision", "ordinary", "inspect", "stage-recorded")
def no_evidence(play: Play) -> Knock:
    play.until("conclude-investigation", without=("inspect", "interview"))
    return play.knock()


@fails("stage-recorded", "ordinary", "inspect")
def no_record_of_inspection_or_interview(play: Play) -> Knock:
    told = {"kind": "documentary", "title": "台账", "proves": "水量", "source_of": "当事人提供"}
    told |= {"officers": stories.two(play.office)}
    play.do("add-evidence", "officer1", **told)
    play.until("conclude-investigation", without=("inspect", "interview"))
    return play.knock()


@fails("limitation", "ordinary", "register-clue")
def two_years_and_a_day(play: Play) -> Knock:
    found = stories.later(play.moment, play.next().after).date()
    play.step(occurred_on=found.replace(year=found.year - 2) - timedelta(days=1))
    return play.knock()


@fails("file.no-duplicate", "ordinary", "file")
def same_party_same_cause(play: Play) -> Knock:
    twin = play.other()
    twin.until("file")
    return play.knock()


@fails("appraisal.commissioned", "contested", "commission-appraisal")
def appraisal_nobody_ordered(play: Play) -> Knock:
    return play.knock("receive-appraisal", after=6)


@fails("preservation.approved", "contested", "approve-preservation")
def preserved_without_approval(play: Play) -> Knock:
    return play.knock("register-preservation")


@fails("preservation.exists", "contested", "approve-preservation")
def nothing_preserved(play: Play) -> Knock:
    return play.knock("decide-preservation")


@fails("preservation.decided", "ordinary", "conclude-investigation")
def preserved_and_forgotten(play: Play) -> Knock:
    kept = {"place": "砂场", "keep_mode": "in-place", "items": GOODS, **stories.UNFILMED}
    kept |= {"officers": stories.two(play.office)}
    play.do("approve-preservation", "agency-head", **REASON)
    play.do("register-preservation", "officer1", **kept)
    play.until("decide")
    return play.knock()


@fails("property.exists", "ordinary", "inspect")
def nothing_to_dispose_of(play: Play) -> Knock:
    return play.attempt(
        "dispose-property", "officer1", officers=stories.two(play.office), disposal="returned", record="无"
    )


@fails("confiscation-after-decision", "contested", "commission-appraisal")
def confiscated_too_early(play: Play) -> Knock:
    return play.attempt(
        "dispose-property",
        "officer1",
        officers=stories.two(play.office),
        disposal="confiscated",
        record="上缴",
    )


@fails("void.nothing-issued", "ordinary", "serve")
def voided_after_the_notice(play: Play) -> Knock:
    return play.attempt("void-case", "agency-head", **REASON)


@fails("void.by-head", "ordinary", "show-certificate")
def filed_by_the_head_voided_by_the_unit(play: Play) -> Knock:
    return play.attempt("void-case", "unit-head", **REASON)


@fails("merge.into-a-case", "ordinary", "show-certificate")
def merged_into_nothing(play: Play) -> list[Knock]:
    named = ("不存在的案件", play.case.number, play.case.code)
    return [play.attempt("merge-case", "unit-head", merged_into=name, **REASON) for name in named]


@fails("decision-consistent", "ordinary", "draft-decision")
def sums_without_kinds_and_kinds_without_sums(play: Play) -> list[Knock]:
    play.pass_days(play.next().after)
    gains = stories.penalty("2000", ("fine", "confiscate-gains"))
    return [
        play.knock(after=0, decision=gains),
        play.knock(after=0, decision=stories.penalty("2000", confiscated_gains="1")),
        play.knock(after=0, decision=stories.penalty("0", ("confiscate-goods",), confiscated_list="船一艘")),
    ]


@fails("proposal-consistent", "ordinary", "conclude-investigation")
def goods_proposed_without_their_value(play: Play) -> Knock:
    return play.knock(
        proposal=stories.penalty("0", ("confiscate-goods",), confiscated_list="采砂船一艘，约二百万元")
    )


@fails("item-in-force", "summary", "start-summary")
def item_not_on_the_list(play: Play) -> Knock:
    list_of_items(play)
    return play.knock(item="征收水资源费")


@fails("item-in-force", "ordinary", "register-clue")
def item_of_the_clue_not_on_the_list(play: Play) -> Knock:
    list_of_items(play)
    play.step(item="征收水资源费")
    return play.knock()


@fails("item-named", "summary", "start-summary")
def no_item_chosen_on_the_spot(play: Play) -> Knock:
    list_of_items(play)
    return play.knock()


@fails("item-named", "ordinary", "file")
def no_item_chosen_at_filing(play: Play) -> Knock:
    list_of_items(play)
    return play.knock()


@fails("item-granted", "summary", "start-summary")
def town_without_a_grant(play: Play) -> Knock:
    play.administer("change-agency", kind="town")
    return play.knock()


@fails("own-name", "summary", "start-summary")
def entrusted_body_in_its_own_name(play: Play) -> Knock:
    play.administer("change-agency", kind="entrusted")
    return play.knock()


def list_of_items(play: Play, **more: str) -> None:
    """The agency's list of items, in force since yesterday, with one item on it."""
    columns = [name for name, _ in columns_of(load_pack(play.office.agency.locality), "items")]
    row = {name: "取水许可" for name in columns if not name.startswith("罚款")}
    row |= more
    listed.release(play.office.agency, "items", [row], yesterday(play), play.person("legal-reviewer"))


@fails("correction.ordered", "summary", "inspect")
def nothing_ordered_to_look_after(play: Play) -> Knock:
    return play.attempt("check-correction", "officer1", record="已经停止", corrected=True)


@fails("decide.correction", "summary", "decide-on-spot")
def nobody_told_to_put_it_right(play: Play) -> Knock:
    return play.knock(decision=without(stories.penalty("200"), "correction"))


@fails("fined-once", "summary", "decide-on-spot")
def fined_already(play: Play) -> Knock:
    twin = play.other()
    twin.until("serve-on-spot")
    return play.knock()


@fails("fined-once", "ordinary", "decide")
def fined_already_on_the_spot(play: Play) -> Knock:
    """On the spot by a colleague, for the same deed of the same day."""
    facts = play.case.state["facts"]
    deed = {name: facts[name] for name in ("party", "cause", "occurred_on", "occurred_at")}
    twin = replace(play.other(), procedure="summary", steps=stories.summary("200"))
    twin.until("serve-on-spot", start_summary=deed)
    return play.knock()


@fails("punishable", "summary", "decide-on-spot")
def under_fourteen(play: Play) -> Knock:
    return play.knock(circumstances=["under-14"])


@fails("lightening-explained", "summary", "decide-on-spot")
def merit_not_answered(play: Play) -> Knock:
    return play.knock(circumstances=["merit"], decision=without(stories.penalty("200"), "discretion"))


@fails("dates-in-order", "summary", "start-summary")
def ended_before_it_began(play: Play) -> Knock:
    return play.knock(occurred_until=(play.moment.date() - timedelta(days=21)).isoformat())


@fails("monitor-site", "summary", "decide-on-spot")
def monitored_where_nobody_was_told(play: Play) -> Knock:
    rows = [{"点位编号": "K-07", "设置地点": "清河大桥东头"}]
    told = {"kind": "monitor-sites", "in_force_from": play.moment.date(), "rows": rows}
    administer("release-register", play.office.agency, None, told, now=play.moment)
    site = {"monitor": True, "monitor_checked": "法制、技术审核合格", "monitor_site": "K-08"}
    return play.attempt("add-evidence", "officer1", **evidence(play, kind="audiovisual", **site))


@fails("monitor-examined", "summary", "decide-on-spot")
def monitor_not_examined(play: Play) -> Knock:
    site = {"monitor": True, "monitor_site": "清河大桥东头，在政府网站公布"}
    return play.attempt("add-evidence", "officer1", **evidence(play, kind="audiovisual", **site))


@fails("evidence.known", "summary", "decide-on-spot")
def no_such_evidence(play: Play) -> Knock:
    return play.attempt("exclude-evidence", "unit-head", evidence_ids=["interview-99"], **REASON)


@fails("whole-recorded", "ordinary", "close")
def a_link_without_its_record(play: Play) -> Knock:
    """As in a case begun under rules that did not ask for it, which now goes on under these."""
    forget(play, "notify-on-site")
    return play.knock()


@fails("inspect.witnessed", "ordinary", "inspect")
def nobody_there_and_no_witness(play: Play) -> Knock:
    return play.knock(signed="absent")


@fails("times-in-order", "ordinary", "inspect")
def over_before_it_began(play: Play) -> Knock:
    play.pass_days(play.next().after)
    day = play.moment.date()
    return play.knock(after=0, began=f"{day}T09:00", ended=f"{day}T08:59")


def ordered(play: Play) -> dict[str, Any]:
    """An order to put things right today."""
    day = play.moment.date().isoformat()
    return {"officers": stories.two(play.office), "correct_what": "清除渣土", "correct_by": day}


@fails("correction.handlers", "ordinary", "interview")
def ordered_by_a_stranger(play: Play) -> Knock:
    two = [play.office.id("officer1"), play.office.id("officer3")]
    return play.attempt("order-correction", "officer1", **{**ordered(play), "officers": two})


@fails("correction.checked", "ordinary", "file")
def ordered_on_a_clue(play: Play) -> Knock:
    return play.attempt("order-correction", "officer1", **ordered(play))


@fails("correction.found", "ordinary", "inspect")
def ordered_though_nothing_was_found(play: Play) -> Knock:
    return play.attempt("order-correction", "officer1", **ordered(play))


@fails("correction.ahead", "ordinary", "interview")
def to_be_put_right_by_yesterday(play: Play) -> Knock:
    two = stories.two(play.office)
    told = {"officers": two, "correct_what": "清除渣土", "correct_by": yesterday(play).isoformat()}
    return play.attempt("order-correction", "officer1", **told)


@fails("correction.served", "ordinary", "interview")
def checked_before_the_order_was_served(play: Play) -> Knock:
    play.do("order-correction", "officer1", **ordered(play))
    return play.attempt("check-correction", "officer1", record="还没有清除")


@fails("inquiry.ahead", "ordinary", "interview")
def papers_to_be_brought_by_yesterday(play: Play) -> Knock:
    told = {"materials": "取水台账", "provide_by": yesterday(play).isoformat()}
    return play.attempt("require-materials", "officer1", **told)


@fails("told.fine", "summary", "tell-on-spot")
def told_of_a_fine_without_its_sum(play: Play) -> Knock:
    return play.knock(told_fine=None)


@fails("summary.as-told", "summary", "decide-on-spot")
def one_fen_more_than_was_told(play: Play) -> Knock:
    return play.knock(decision=stories.penalty("200") | {"fine": "200.01"})


@fails("evidence.after-decision", "summary", "serve-on-spot")
def an_account_book_after_the_decision(play: Play) -> Knock:
    return play.attempt("add-evidence", "officer1", **evidence(play))


@fails("evidence.recording-of", "ordinary", "conclude-investigation")
def a_recording_of_a_step_that_is_none(play: Play) -> Knock:
    return play.attempt("add-evidence", "officer1", **evidence(play), record_of=99)


@fails("shown-before", "ordinary", "inspect")
def begun_the_day_before_certificates_were_shown(play: Play) -> Knock:
    play.pass_days(play.next().after)
    return play.knock(after=0, began=f"{yesterday(play)}T14:00", ended=f"{yesterday(play)}T15:00")


@fails("officers-in-one-place", "ordinary", "inspect")
def in_two_places_at_once(play: Play) -> Knock:
    play.step()
    seen = play.case.state["present"][-1]
    play.pass_days(play.next().after)
    return play.knock(after=0, began=seen["began"], ended=seen["ended"])


@fails("times-in-order", "ordinary", "inspect")
def begun_and_over_at_a_time_to_come(play: Play) -> list[Knock]:
    play.pass_days(play.next().after)
    now, soon = (f"{play.moment + timedelta(minutes=m):%Y-%m-%dT%H:%M}" for m in (0, 60))
    return [play.knock(after=0, began=now, ended=soon), play.knock(after=0, began=soon, ended=soon)]


@fails("appraisal.days", "contested", "receive-appraisal")
def appraised_before_it_was_ordered(play: Play) -> Knock:
    return play.knock(appraisal_to="2026-03-19")


@fails("preservation.one-at-a-time", "contested", "decide-preservation")
def more_kept_before_the_first_is_decided(play: Play) -> Knock:
    play.do("approve-preservation", "agency-head", **REASON)
    kept = {"place": "砂场", "keep_mode": "in-place", "items": GOODS, **stories.UNFILMED}
    kept |= {"officers": stories.two(play.office)}
    return play.attempt("register-preservation", "officer1", **kept)


@fails("preservation.in-time", "contested", "decide-preservation")
def eight_working_days(play: Play) -> Knock:
    return play.knock(after=8)


@fails("extend.days", "ordinary", "conclude-investigation")
def no_days_and_too_many(play: Play) -> list[Knock]:
    told = {"extension_basis": "《水行政处罚实施办法》第三十八条", **REASON}
    return [play.attempt("extend", "agency-head", days=days, **told) for days in (0, 367)]


@fails("extend.in-time", "ordinary", "conclude-investigation")
def ninety_one_days_after_filing(play: Play) -> Knock:
    filed = date.fromisoformat(play.case.state["clocks"]["decide"]["start"])
    play.at(days_after(play.moment, (filed - play.moment.date()).days + 91))
    told = {"days": 30, "extension_basis": "《水行政处罚实施办法》第三十八条", **REASON}
    return play.attempt("extend", "agency-head", **told)


@fails("papers.on-platform", "ordinary", "interview")
def decision_made_in_a_word_processor(play: Play) -> Knock:
    file = receive(io.BytesIO(b"PK made-up document"), "行政处罚决定书.docx", DOCX)
    return play.attempt("add-evidence", "officer1", **evidence(play, files=[file]))


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
