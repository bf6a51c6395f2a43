"""Spoilers of the rules about hearings 听证."""

from knocks import Knock
from play import Play
from sanxiang.demo import stories
from side_stories import REASON
from spoiling import fails, make_reviewer, recuse


@fails("decide.hearing", "hearing", "request-hearing")
def last_day_of_the_hearing_period(play: Play) -> Knock:
    play.do("waive-defence", "officer1", waiver="没有意见")
    hearing = ("request-hearing", "notify-hearing", "serve", "hold-hearing", "report-hearing")
    play.until("decide", without=hearing)
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


@fails("hearing.notified", "hearing", "notify-hearing", "hearing.on-the-day", "hearing.host-told")
def hearing_unannounced(play: Play) -> Knock:
    return play.knock("hold-hearing")


@fails("hearing.on-the-day", "hearing", "hold-hearing")
def the_day_before(play: Play) -> Knock:
    return play.knock(after=7)


@fails("hearing.on-the-day", "hearing", "hold-hearing")
def the_day_after(play: Play) -> Knock:
    return play.knock(after=9)


@fails("hearing.day-come", "hearing", "hold-hearing")
def ended_the_day_before(play: Play) -> Knock:
    play.pass_days(7)
    return play.attempt("end-hearing", "legal-reviewer", ground="absent", **REASON)


@fails("hearing.host-told", "hearing", "hold-hearing")
def another_host(play: Play) -> Knock:
    return play.knock(host=play.office.id("archivist"))


@fails("hearing.party-came", "hearing", "hold-hearing")
def nobody_of_the_party_came(play: Play) -> Knock:
    return play.knock(came="none")


@fails("hearing.told-in-time", "hearing", "serve/2")
def notice_of_the_hearing_not_served(play: Play) -> list[Knock]:
    play.pass_days(8)
    told = {"ground": "absent", **REASON}
    return [play.attempt("end-hearing", "legal-reviewer", **told), play.knock("hold-hearing", after=0)]


@fails("hearing.told-in-time", "hearing", "serve/2")
def served_six_days_before_the_hearing(play: Play) -> Knock:
    play.pass_days(1)
    play.step()
    return play.knock(after=7)


@fails("hearing.held-by-uninvolved", "hearing", "hold-hearing")
def handler_holds(play: Play) -> Knock:
    make_reviewer(play, "officer1")
    return play.knock(who="officer1")


@fails("hearing.held", "hearing", "hold-hearing", "stage-recorded")
def report_of_no_hearing(play: Play) -> Knock:
    return play.knock("report-hearing", after=9)


@fails("hearing.one-report", "hearing", "submit-for-review")
def reported_twice(play: Play) -> Knock:
    return play.attempt("report-hearing", "legal-reviewer", record="再写一份报告")


@fails("hearing.one-report", "hearing", "report-hearing")
def report_after_the_party_left(play: Play) -> Knock:
    play.do("end-hearing", "legal-reviewer", ground="left", **REASON)
    return play.knock()


@fails("hearing.one-request", "hearing", "notify-hearing")
def asked_twice(play: Play) -> Knock:
    return play.attempt("request-hearing", "legal-reviewer", asked_for="再次要求听证")


@fails("hearing.open", "hearing", "notify-hearing")
def closed_without_a_reason(play: Play) -> Knock:
    return play.knock(open_hearing=False)


@fails("hearing.host-not-recused", "hearing", "notify-hearing")
def recused_host(play: Play) -> Knock:
    recuse(play, "archivist")
    return play.knock(host=play.office.id("archivist"))


@fails("hearing.agents", "hearing", "hold-hearing")
def three_agents(play: Play) -> Knock:
    return play.knock(agents=[{"name": f"代理人{n}", "authority": "一般代理"} for n in "甲乙丙"])
