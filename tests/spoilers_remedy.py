"""Spoilers of the rules about the court, remedies, and decisions undone."""

from datetime import date

from knocks import Knock
from play import Play, days_after
from sanxiang.demo import stories
from side_stories import REASON
from spoiling import END, fails, pay


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
    return play.knock("apply-to-court", after=11)


@fails("court.urged", "contested", "urge")
def not_urged(play: Play) -> Knock:
    return play.knock("apply-to-court", after=20)


@fails("court.urged", "contested", "apply-to-court")
def on_the_tenth_day(play: Play) -> Knock:
    return play.knock(after=9)


PART = {"court": "县人民法院", "unpaid": "拆除建筑物", "part": "special"}


def in_two_parts(play: Play, **law: str) -> None:
    """A decision that orders a demolition beside the fine, served and urged; nothing was paid, nothing pulled down."""
    now = play.case.state["facts"]["decision"]
    land = {"violated": "《土地管理法》第四十四条", "basis": "《土地管理法》第七十七条", "perform_days": 15}
    plan = {**now, **land, "kinds": ["fine", "other"], "other": "限期拆除在非法占用的土地上新建的厂房", **law}
    play.do("draft-decision", "officer1", decision=plan)
    play.until("record-payment")
    play.pass_days(20)
    play.do("urge", "officer1", urged="十日内拆除并缴款")
    told = {
        **stories.served("urge-notice", play.office, play.case),
        "served_on": play.moment.date().isoformat(),
    }
    play.do("serve", "officer1", **told)


@fails("court.part-named", "contested", "apply-to-court")
def no_part_with_a_period_of_its_own(play: Play) -> Knock:
    return play.knock(part="special")


@fails("court.part-periods-over", "hearing", "notify-penalty")
def before_the_sixty_days_of_review_are_over(play: Play) -> Knock:
    in_two_parts(play)
    play.pass_days(12)
    return play.attempt("apply-to-court", "agency-head", **PART)


@fails("court.part-in-time", "hearing", "notify-penalty")
def three_months_after_the_sixty_days_and_more(play: Play) -> Knock:
    in_two_parts(play)
    play.at(days_after(play.moment, 60 + 93))
    return play.attempt("apply-to-court", "agency-head", **PART)


@fails("urge.remedies", "contested", "end-remedy")
def urged_while_the_review_is_pending(play: Play) -> Knock:
    return play.attempt("urge", "officer1", urged="十日内缴清")


@fails("court.its-to-enforce", "hearing", "notify-penalty")
def a_demolition_that_the_government_sees_to(play: Play) -> Knock:
    in_two_parts(play, violated="《城乡规划法》第四十条", basis="《城乡规划法》第六十四条")
    play.at(days_after(play.moment, 190))
    return play.attempt("apply-to-court", "agency-head", court="县人民法院", unpaid="罚款和拆除")


@fails("court.applied", "contested", "apply-to-court")
def the_court_was_not_asked(play: Play) -> Knock:
    return play.knock("court-accepts")


@fails("remedy.open", "contested", "record-remedy")
def no_remedy_to_end(play: Play) -> Knock:
    return play.knock("end-remedy")


@fails("court.unperformed", "contested", "apply-to-court")
def all_is_paid(play: Play) -> Knock:
    pay(play, "95000")
    return play.knock()


@fails("remedy.days", "contested", "record-remedy")
def applied_tomorrow(play: Play) -> Knock:
    return play.knock(applied_on=days_after(play.moment, 1).date().isoformat())


@fails("remedy.received", "contested", "end-remedy")
def nobody_said_when_the_party_received_it(play: Play) -> Knock:
    return play.knock(received_on=None)


@fails("remedy.recorded", "remade", "record-remedy")
def answered_before_it_was_recorded(play: Play) -> Knock:
    return play.knock("answer-remedy")


@fails("forward.received", "applied", "receive-application")
def forwarded_before_it_came(play: Play) -> Knock:
    return play.knock("forward-application")


@fails("revoke.decided", "dismissed", END)
def nothing_to_revoke(play: Play) -> Knock:
    return play.attempt("revoke-decision", "agency-head", **REVOKED)


@fails("revoke.standing", "remade", "withdraw-publication")
def revoked_twice(play: Play) -> Knock:
    return play.attempt("revoke-decision", "agency-head", **REVOKED)


@fails("revoke.illegal-once", "summary", "record-payment")
def illegal_twice(play: Play) -> Knock:
    play.do("revoke-decision", "agency-head", **{**REVOKED, "revoked_how": "illegal"})
    return play.attempt("revoke-decision", "agency-head", **{**REVOKED, "revoked_how": "illegal"})


@fails("revoke.changed-to", "summary", "record-payment")
def changed_to_what(play: Play) -> Knock:
    return play.attempt("revoke-decision", "agency-head", **{**REVOKED, "revoked_how": "changed"})


@fails("revoke.sums", "summary", "record-payment")
def changed_to_a_fine_of_nothing(play: Play) -> Knock:
    now = {k: v for k, v in play.case.state["facts"]["decided"].items() if k != "fine"}
    return play.attempt("revoke-decision", "agency-head", **CHANGED, changed_decision=now)


@fails("revoke.not-heavier", "ordinary", "record-payment")
def changed_for_the_worse(play: Play) -> list[Knock]:
    now = play.case.state["facts"]["decided"]
    worse = [{"fine": "2000.01"}, {"fine": "1000", "basis": "另一部法第九条"}, {"other": "另责令拆除"}]
    told = [{**CHANGED, "changed_decision": {**now, **one}} for one in worse]
    told.append({**told[0], "undone_by": "court"})
    return [play.attempt("revoke-decision", "agency-head", **one) for one in told]


CHANGED = {"revoked_how": "changed", "revoked_by": "本机关自行变更", **REASON}
REVOKED = {"revoked_how": "revoked", "revoked_by": "县政府复决 1 号", **REASON}
ORDERED = {"remake_order": "县政府复决 5 号", "remake_ground": "substance", **REASON}


@fails("reopen.undone", "ordinary", "prepare-publication")
def reopened_though_in_force(play: Play) -> Knock:
    return play.attempt("reopen-case", "agency-head", **ORDERED)


@fails("reopen.withdrawn", "remade", "withdraw-publication")
def reopened_while_public(play: Play) -> Knock:
    return play.knock("reopen-case")
