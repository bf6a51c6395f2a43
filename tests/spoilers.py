"""For every guard of the packs: a lawful case, one step before, with one thing spoilt so that just this guard fails.

Driven from the loaded pack by tests/stories/test_refusals.py: a guard without a spoiler fails there. A spoiler gets a `Play` that
stands before a step, on a side path that is forgotten afterwards, and returns the knock (or several) to be refused.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F

from knocks import Knock
from play import Play, days_after
from sanxiang.demo import stories
from sanxiang.people.models import Certificate, Person
from side_stories import GOODS, REASON

Spoil = Callable[[Play], Knock | list[Knock]]
Everywhere = Callable[[Play], tuple[Knock, set[str]]]


@dataclass(frozen=True)
class Spoiler:
    """Which guard fails, in which story, before which of its steps, and what else cannot but fail with it."""

    guard: str
    story: str
    before: str
    spoil: Spoil
    also: frozenset[str] = frozenset()


SPOILERS: list[Spoiler] = []
EVERYWHERE: dict[str, Everywhere] = {}
"""Guards that stand before many acts: tried at each of these acts that a story comes to."""


def fails(guard: str, story: str, before: str, *also: str) -> Callable[[Spoil], Spoil]:
    """Register a spoiler."""

    def register(spoil: Spoil) -> Spoil:
        SPOILERS.append(Spoiler(guard, story, before, spoil, frozenset(also)))
        return spoil

    return register


def fails_everywhere(guard: str) -> Callable[[Everywhere], Everywhere]:
    """Register a spoiler for each act of a guard."""

    def register(spoil: Everywhere) -> Everywhere:
        EVERYWHERE[guard] = spoil
        return spoil

    return register


def yesterday(play: Play) -> date:
    """The day before the play's."""
    return play.moment.date() - timedelta(days=1)


def certificates(play: Play, who: str) -> list[Certificate]:
    """The person's certificates."""
    return list(Certificate.objects.filter(person=play.person(who)))


def change_certificates(play: Play, who: str, **change: Any) -> None:
    """Change each certificate of a person, through the door."""
    for row in certificates(play, who):
        play.administer("change-certificate", certificate=row, **change)


def make_reviewer(play: Play, who: str, qualified: bool = True) -> None:
    """Give a person the post of a legal reviewer too, and the national legal qualification."""
    play.administer("grant-post", person=play.person(who), role="legal-reviewer", valid_from=date(2025, 1, 2))
    if qualified:
        rows = Person.objects.filter(id=play.person(who).id)
        rows.update(has_legal_qualification=True, qualification_number="演示资格二", n=F("n") + 1)


def has_officers(play: Play, act: str) -> bool:
    """Does the act name officers?"""
    law = play.pack if play.case_id else play.attempt(act, "officer1").pack
    return any(f.type == "officers" for f in law.acts[act].fields)


def asked_of(play: Play, guard: str, act: str) -> set[str]:
    """The guard's id if it stands before the act in this procedure, else nothing."""
    law = play.attempt(act, "officer1").pack
    return {guard} & {g.id for g in law.guards_of(act, play.procedure)}


# People


@fails_everywhere("two-officers")
def one_officer(play: Play) -> tuple[Knock, set[str]]:
    return play.knock(officers=[play.office.id(play.next().who)]), set()


@fails_everywhere("officers-certified")
def expired_certificate(play: Play) -> tuple[Knock, set[str]]:
    knock = play.knock()
    other = "officer2" if play.next().who != "officer2" else "officer1"
    change_certificates(play, other, valid_until=yesterday(play))
    return knock, set()


@fails_everywhere("officers-handle")
def stranger(play: Play) -> tuple[Knock, set[str]]:
    return play.knock(officers=[play.office.id(play.next().who), play.office.id("officer3")]), set()


@fails_everywhere("recorder-certified")
def suspended_recorder(play: Play) -> tuple[Knock, set[str]]:
    knock, who = play.knock(), play.next().who
    change_certificates(play, who, suspended_from=yesterday(play))
    return knock, {"officers-certified"} if has_officers(play, knock.act) else set()


@fails_everywhere("not-recused")
def recused(play: Play) -> tuple[Knock, set[str]]:
    who, act = play.next().who, play.next().act
    play.do("request-recusal", "officer1", recusal_of=play.office.id(who), recusal_by="self", **REASON)
    play.do("decide-recusal", "agency-head", granted=True, **REASON)
    handled = asked_of(play, "handler-concludes", act) | asked_of(play, "officers-handle", act)
    return play.knock(), handled if who in ("officer1", "officer2") else set()


@fails_everywhere("handler-concludes")
def not_mine(play: Play) -> tuple[Knock, set[str]]:
    return play.knock(who="officer3"), set()


@fails("file.two-handlers", "ordinary", "file")
def one_handler(play: Play) -> Knock:
    return play.knock(officers=[play.office.id("officer1")])


@fails("recusal.asked", "summary", "inspect")
def recusal_nobody_asked_for(play: Play) -> Knock:
    return play.attempt("decide-recusal", "agency-head", granted=True, **REASON)


@fails("recusal.answered", "summary", "decide-on-spot")
def recusal_open(play: Play) -> Knock:
    play.do(
        "request-recusal", "officer1", recusal_of=play.office.id("officer2"), recusal_by="party", **REASON
    )
    return play.knock()


# 简易程序


@fails("summary.kinds", "summary", "decide-on-spot")
def confiscation_on_the_spot(play: Play) -> Knock:
    return play.knock(decision=stories.penalty("200", ("fine", "confiscate-gains"), confiscated_gains="10"))


@fails("summary.amount", "summary", "decide-on-spot")
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


@fails("decision-items", "summary", "start-summary")
def no_address_of_the_party(play: Play) -> Knock:
    play.step(party={k: v for k, v in stories.party().items() if k != "address"})
    play.until("decide-on-spot")
    return play.knock()


# 调查取证


@fails("certificate-shown", "summary", "show-certificate")
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
    filed = stories.later(play.moment, play.steps[1].after).date()
    play.step(occurred_on=filed.replace(year=filed.year - 2) - timedelta(days=1))
    return play.knock()


@fails("file.no-duplicate", "ordinary", "file")
def same_party_same_cause(play: Play) -> Knock:
    twin = play.other()
    twin.until("file")
    return play.knock()


@fails("appraisal.commissioned", "contested", "commission-appraisal")
def appraisal_nobody_ordered(play: Play) -> Knock:
    return play.knock("receive-appraisal")


@fails("preservation.approved", "contested", "approve-preservation")
def preserved_without_approval(play: Play) -> Knock:
    return play.knock("register-preservation")


@fails("preservation.exists", "contested", "approve-preservation")
def nothing_preserved(play: Play) -> Knock:
    return play.knock("decide-preservation")


@fails("preservation.decided", "ordinary", "conclude-investigation")
def preserved_and_forgotten(play: Play) -> Knock:
    kept = {"place": "砂场", "keep_mode": "in-place", "items": GOODS, "officers": stories.two(play.office)}
    play.do("approve-preservation", "agency-head", **REASON)
    play.do("register-preservation", "officer1", **kept)
    play.until("decide")
    return play.knock()


@fails("property.exists", "ordinary", "inspect")
def nothing_to_dispose_of(play: Play) -> Knock:
    return play.attempt("dispose-property", "officer1", disposal="returned", record="无")


@fails("confiscation-after-decision", "contested", "commission-appraisal")
def confiscated_too_early(play: Play) -> Knock:
    return play.attempt("dispose-property", "officer1", disposal="confiscated", record="上缴")


@fails("void.nothing-issued", "ordinary", "show-certificate", "stage")
def voided_after_filing(play: Play) -> Knock:
    return play.attempt("void-case", "unit-head", **REASON)


# 审核、告知、申辩、听证


@fails("draft.penalty-proposed", "ordinary", "conclude-investigation")
def draft_against_the_proposal(play: Play) -> Knock:
    play.step(proposal_outcome="no-penalty", proposal=None)
    return play.knock()


@fails("decision-discretion", "ordinary", "draft-decision")
def discretion_unexplained(play: Play) -> Knock:
    return play.knock(decision={k: v for k, v in stories.penalty("2000").items() if k != "discretion"})


@fails("discuss.draft", "ordinary", "draft-decision")
def nothing_to_discuss(play: Play) -> Knock:
    return play.knock("discuss")


@fails("decide.draft", "ordinary", "draft-decision")
def nothing_to_tell(play: Play) -> Knock:
    return play.knock("notify-penalty")


@fails("review.submitted", "ordinary", "submit-for-review")
def nothing_submitted(play: Play) -> Knock:
    return play.knock("give-opinion")


@fails("review.uninvolved", "ordinary", "give-opinion")
def reviewer_is_handler(play: Play) -> Knock:
    make_reviewer(play, "officer1")
    return play.knock(who="officer1")


@fails("review.qualified", "ordinary", "give-opinion")
def reviewer_unqualified(play: Play) -> Knock:
    make_reviewer(play, "archivist", qualified=False)
    return play.knock(who="archivist")


@fails("lower-major.uninvolved", "small", "lower-major")
def handler_lowers(play: Play) -> Knock:
    make_reviewer(play, "officer1")
    return play.knock(who="officer1")


@fails("decide.reviewed", "hearing", "submit-for-review")
def major_without_review(play: Play) -> Knock:
    play.until("decide", without=("submit-for-review", "give-opinion"))
    return play.knock()


@fails("decide.discussed", "hearing", "discuss")
def grave_without_discussion(play: Play) -> Knock:
    return play.knock("decide")


@fails("decide.told", "ordinary", "submit-for-review")
def decided_otherwise_than_told(play: Play) -> Knock:
    play.do("draft-decision", "officer1", decision=stories.penalty("2000") | {"found": "另有取水点一处。"})
    play.until("decide")
    return play.knock()


@fails("decide.notice-served", "ordinary", "serve")
def notice_never_served(play: Play) -> Knock:
    play.until("decide", without=("serve",))
    return play.knock()


@fails("defence.told", "ordinary", "notify-penalty")
def waived_before_told(play: Play) -> Knock:
    return play.knock("waive-defence")


@fails("defence.given", "ordinary", "waive-defence")
def no_defence_to_check(play: Play) -> Knock:
    return play.attempt("review-defence", "officer1", defence_answer="没有意见可复核")


@fails("decide.defence", "ordinary", "waive-defence")
def defence_unheard(play: Play) -> Knock:
    play.do("record-defence", "officer1", form="oral", record="请求从轻")
    play.until("decide", without=("waive-defence",))
    return play.knock()


@fails("notice.not-heavier", "contested", "notify-penalty/2")
def heavier_after_defence(play: Play) -> Knock:
    return play.knock(new_facts=None)


@fails("decide.hearing", "hearing", "request-hearing")
def last_day_of_the_hearing_period(play: Play) -> Knock:
    play.do("waive-defence", "officer1", waiver="没有意见")
    play.until("decide", without=("request-hearing", "notify-hearing", "hold-hearing", "report-hearing"))
    return play.knock()


@fails("hearing.in-time", "hearing", "request-hearing")
def asked_on_the_sixth_day(play: Play) -> Knock:
    return play.knock(after=6)


@fails("refuse-hearing.not-due", "hearing", "notify-hearing")
def hearing_withheld(play: Play) -> Knock:
    return play.attempt("refuse-hearing", "legal-reviewer", **REASON)


@fails("hearing.seven-days", "hearing", "notify-hearing")
def six_days_between(play: Play) -> Knock:
    play.pass_days(1)
    return play.knock(after=0, hearing_at=f"{stories.later(play.moment, 7).date()}T09:30")


@fails("hearing.host-uninvolved", "hearing", "notify-hearing")
def handler_hosts(play: Play) -> Knock:
    return play.knock(host=play.office.id("officer1"))


@fails("hearing.requested", "hearing", "request-hearing")
def hearing_nobody_asked_for(play: Play) -> Knock:
    return play.knock("notify-hearing")


@fails("hearing.notified", "hearing", "notify-hearing", "hearing.on-the-day")
def hearing_unannounced(play: Play) -> Knock:
    return play.knock("hold-hearing")


@fails("hearing.on-the-day", "hearing", "hold-hearing")
def the_day_before(play: Play) -> Knock:
    return play.knock(after=7)


@fails("hearing.held-by-uninvolved", "hearing", "hold-hearing")
def handler_holds(play: Play) -> Knock:
    make_reviewer(play, "officer1")
    return play.knock(who="officer1")


@fails("hearing.held", "hearing", "hold-hearing")
def report_of_no_hearing(play: Play) -> Knock:
    return play.knock("report-hearing", after=9)


# 决定


@fails("decide.once", "ordinary", "enter-execution", "stage", "once")
def decided_twice(play: Play) -> Knock:
    return play.attempt("decide", "agency-head", opinion="再罚一次")


@fails("no-penalty.ground", "spared", "decide-no-penalty")
def not_slight(play: Play) -> Knock:
    return play.knock(slight=None)


SUSPENDED = {"suspension_basis": "《水行政处罚实施办法》第四十条", **REASON}


@fails("suspend.not-suspended", "contested", "resume")
def suspended_twice(play: Play) -> Knock:
    return play.attempt("suspend", "agency-head", **SUSPENDED)


@fails("resume.suspended", "ordinary", "interview")
def nothing_to_resume(play: Play) -> Knock:
    return play.attempt("resume", "agency-head", **REASON)


@fails("decide.resumed", "ordinary", "submit-for-review")
def decided_while_suspended(play: Play) -> Knock:
    play.do("suspend", "agency-head", **SUSPENDED)
    play.until("decide")
    return play.knock()


# 送达


@fails("serve.paper-exists", "ordinary", "serve")
def serves_a_paper_never_made(play: Play) -> Knock:
    return play.knock(paper="urge-notice")


@fails("serve.day", "ordinary", "serve")
def served_before_it_was_made(play: Play) -> list[Knock]:
    play.pass_days(play.next().after)
    days = (play.moment.date() - timedelta(days=2), play.moment.date() + timedelta(days=1))
    return [play.knock(after=0, served_on=day.isoformat()) for day in days]


@fails("serve-on-spot.day", "summary", "serve-on-spot")
def handed_over_before_it_was_made(play: Play) -> Knock:
    return play.knock(on=yesterday(play).isoformat())


@fails("announce.day", "contested", "announce-service")
def announced_before_it_was_made(play: Play) -> Knock:
    made = date.fromisoformat(play.case.state["papers"]["penalty-decision"]["on"])
    return play.knock(on=(made - timedelta(days=1)).isoformat())


@fails("announce.paper-exists", "contested", "announce-service")
def announces_a_paper_never_made(play: Play) -> Knock:
    return play.knock(announced_paper="urge-notice")


@fails("serve.electronic-consent", "ordinary", "serve")
def e_mail_without_consent(play: Play) -> Knock:
    return play.knock(way="electronic")


@fails("serve.leave-witnessed", "ordinary", "serve")
def left_without_witness(play: Play) -> Knock:
    return play.knock(way="leave", refused="拒收")


@fails("serve.announced", "contested", "serve/3")
def last_day_of_the_announcement(play: Play) -> Knock:
    play.at(days_after(play.moment, 30))
    return play.knock(after=0)


@fails("execution.served", "ordinary", "serve/2")
def executed_unserved(play: Play) -> Knock:
    return play.knock("enter-execution")


# 执行


@fails("collect.lawful", "summary", "file-record")
def cash_over_a_hundred(play: Play) -> Knock:
    told = {"officers": stories.two(play.office), "ground": "small", "amount": "200", "receipt": "1"}
    return play.attempt("collect-on-spot", "officer1", **told)


@fails("close.remitted", "cash", "remit-collected")
def cash_kept_back(play: Play) -> Knock:
    play.until("close", without=("remit-collected",))
    return play.knock()


@fails("late-fine.lawful", "contested", "impose-late-fine")
def one_fen_over_three_per_cent(play: Play) -> Knock:
    return play.knock(late_fine="2850.01")


@fails("court.in-time", "contested", "apply-to-court")
def three_months_and_a_day(play: Play) -> Knock:
    clock = play.case.state["clocks"]["court-application"]
    start = date.fromisoformat(clock["start"])
    last = start.replace(year=start.year + (start.month + 2) // 12, month=(start.month + 2) % 12 + 1)
    play.at(days_after(play.moment, (last - play.moment.date()).days + 1))
    return play.knock(after=0)


@fails("court.periods-over", "contested", "record-remedy")
def before_the_time_to_sue_is_over(play: Play) -> Knock:
    play.do("urge", "officer1", urged="十日内缴清")
    service = play.steps[play.find("urge") + 1]
    told = {**play.data_of(service, play.moment), "served_on": play.moment.date().isoformat()}
    play.do("serve", "officer1", **told)
    return play.knock("apply-to-court")


@fails("court.urged", "contested", "urge")
def not_urged(play: Play) -> Knock:
    return play.knock("apply-to-court", after=100)


@fails("court.urged", "contested", "apply-to-court")
def on_the_tenth_day(play: Play) -> Knock:
    return play.knock(after=10)


@fails("court.applied", "contested", "apply-to-court")
def the_court_was_not_asked(play: Play) -> Knock:
    return play.knock("court-accepts")


@fails("remedy.open", "contested", "record-remedy")
def no_remedy_to_end(play: Play) -> Knock:
    return play.knock("end-remedy")


def paid(play: Play, amount: str) -> None:
    """The principal has come in."""
    play.do("record-payment", "officer1", amount=amount, towards="principal", receipt="票据 9")


@fails("close.served", "ordinary", "serve/2")
def closed_unserved(play: Play) -> Knock:
    paid(play, "2000")
    return play.knock("close")


@fails("close.fine", "ordinary", "record-payment")
def one_fen_short(play: Play) -> Knock:
    paid(play, "1999.99")
    return play.knock("close")


@fails("close.late-fine", "contested", "waive-late-fine")
def late_fine_open(play: Play) -> Knock:
    paid(play, "95000")
    return play.knock("close", after=1)


@fails("close.property", "contested", "dispose-property")
def property_left(play: Play) -> Knock:
    paid(play, "95000")
    return play.knock("close", after=1)


@fails("close.remedies", "contested", "end-remedy")
def remedy_running(play: Play) -> Knock:
    paid(play, "95000")
    return play.knock("close", after=1)


# 公示


@fails("publish.decided", "spared", "enter-execution", "publication.fields")
@fails("publication.fields", "spared", "enter-execution", "publish.decided")
def no_decision_to_publish(play: Play) -> Knock:
    return play.attempt("prepare-publication", "disclosure-editor")


@fails("publication.clean", "cash", "decide-on-spot")
def home_address_in_the_facts(play: Play) -> Knock:
    home = play.case.state["facts"]["party"]["address"]
    play.step(decision=stories.penalty("100") | {"found": f"当事人在{home}未公示取水信息。"})
    play.until("prepare-publication")
    return play.knock()


@fails("publication.own-unit", "summary", "prepare-publication")
def another_unit_publishes(play: Play) -> Knock:
    post = {"role": "disclosure-editor", "unit": play.office.legal, "valid_from": date(2025, 1, 2)}
    play.administer("grant-post", person=play.person("legal-reviewer"), **post)
    return play.knock(who="legal-reviewer")


@fails("publish.prepared", "summary", "prepare-publication", "publish.same-text")
def nothing_prepared(play: Play) -> Knock:
    return play.knock("publish", digest="0" * 64)


@fails("publish.second-person", "summary", "publish")
def confirms_her_own(play: Play) -> Knock:
    post = {"role": "disclosure-approver", "valid_from": date(2025, 1, 2)}
    play.administer("grant-post", person=play.person("disclosure-editor"), **post)
    return play.knock(who="disclosure-editor")


@fails("publish.same-text", "summary", "publish")
def confirms_another_text(play: Play) -> Knock:
    return play.knock(digest="0" * 64)


@fails("publish.served", "summary", "serve-on-spot")
def published_unserved(play: Play) -> Knock:
    play.do("prepare-publication", "disclosure-editor")
    return play.knock("publish")


REVOKED = {"revoked_how": "revoked", "revoked_by": "县政府复决 1 号", **REASON}


@fails("publish.in-force", "summary", "prepare-publication")
def published_after_revocation(play: Play) -> Knock:
    play.do("revoke-decision", "agency-head", **REVOKED)
    return play.knock()


@fails("publish.not-public", "summary", "record-payment")
def prepared_while_public(play: Play) -> Knock:
    return play.attempt("prepare-publication", "disclosure-editor")


@fails("withdraw.published", "summary", "prepare-publication")
def nothing_to_withdraw(play: Play) -> Knock:
    return play.attempt("withdraw-publication", "disclosure-approver", public_reason="撤回")
