"""Spoilers of the rules from the draft to the decision: review, notice, defence, discussion."""

from datetime import date

from knocks import Knock
from play import Play
from sanxiang.demo import stories
from side_stories import REASON
from spoiling import evidence, fails, make_reviewer, without


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


@fails("review.uninvolved", "ordinary", "file")
def reviewer_checked_the_clue(play: Play) -> Knock:
    both = [play.office.id(who) for who in ("officer1", "officer3")]
    play.do("preliminary-check", "officer3", officers=both, record="线索属实")
    make_reviewer(play, "officer3")
    play.until("give-opinion")
    return play.knock(who="officer3")


@fails("decide.not-reviewer", "hearing", "give-opinion")
def head_decides_what_the_head_reviewed(play: Play) -> Knock:
    make_reviewer(play, "agency-head")
    told = play.data_of(play.next(), play.moment)
    play.do("give-opinion", "agency-head", **told)
    play.until("decide", without=("give-opinion",))
    return play.knock()


@fails("review.qualified", "ordinary", "give-opinion")
def reviewer_unqualified(play: Play) -> Knock:
    make_reviewer(play, "archivist", qualified=False)
    return play.knock(who="archivist")


@fails("review.qualified", "ordinary", "give-opinion")
def reviewer_who_began_the_day_the_law_changed(play: Play) -> Knock:
    make_reviewer(play, "archivist", qualified=False)
    play.administer(
        "record-qualification", person=play.person("archivist"), started_review_on=date(2018, 1, 1)
    )
    return play.knock(who="archivist")


@fails("review.responsible-uninvolved", "ordinary", "give-opinion")
def handler_answers_for_the_review(play: Play) -> Knock:
    return play.knock(responsible=play.office.id("officer2"))


@fails("review.mode", "ordinary", "give-opinion")
def review_of_no_mode(play: Play) -> Knock:
    return play.knock(mode=None)


@fails("review.responsible", "ordinary", "give-opinion")
def review_for_which_nobody_answers(play: Play) -> Knock:
    return play.knock(responsible=None)


@fails("review.answered", "contested", "submit-for-review/2")
def problem_unanswered(play: Play) -> list[Knock]:
    blank = play.knock(answers=[{"no": 1}])
    return [
        blank,
        play.knock(after=0, answers=None),
        play.knock(after=0, answers=[{"no": 2, "answer": "已补"}]),
    ]


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


@fails("decide.notice-served", "hearing", "serve", "decide.defence", "decide.hearing")
def notice_never_served(play: Play) -> Knock:
    """No period has begun to run either: it begins with the service."""
    hearing = ("request-hearing", "notify-hearing", "hold-hearing", "report-hearing")
    play.until("decide", without=("serve", *hearing))
    return play.knock()


@fails("told-before-rights", "ordinary", "notify-penalty")
def waived_before_told(play: Play) -> Knock:
    return play.knock("waive-defence")


@fails("defence.given", "ordinary", "waive-defence")
def no_defence_to_check(play: Play) -> Knock:
    return play.attempt("review-defence", "officer1", defence_answer="没有意见可复核")


@fails("decide.defence", "ordinary", "waive-defence")
def defence_unheard(play: Play) -> Knock:
    told = {"officers": stories.two(play.office), "form": "oral", "record": "请求从轻"}
    play.do("record-defence", "officer1", **told)
    play.until("decide", without=("waive-defence",))
    return play.knock()


@fails("notice.not-heavier", "contested", "notify-penalty/2")
def heavier_after_defence(play: Play) -> Knock:
    return play.knock(new_facts=None)


@fails("decide.once", "ordinary", "enter-execution", "stage")
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


@fails("decision-items", "ordinary", "register-clue")
def no_address_to_put_on_the_decision(play: Play) -> Knock:
    told = play.data_of(play.next(), play.moment)
    play.step(party=without(told["party"], "address"))
    play.until("decide")
    return play.knock()


@fails("discuss.together", "ordinary", "discuss")
def one_head_alone(play: Play) -> Knock:
    head = {"person": play.office.id("agency-head"), "post": "局长", "view": "同意"}
    return play.knock(members=[head])


@fails("no-penalty.guardian", "spared", "decide-no-penalty")
def guardian_not_told(play: Play) -> Knock:
    return play.knock(ground="under-14", under_14=True)


@fails("review.pending", "ordinary", "give-opinion")
def submitted_twice(play: Play) -> Knock:
    return play.attempt("submit-for-review", "officer1")


@fails("review.current", "ordinary", "give-opinion")
def evidence_after_submission(play: Play) -> Knock:
    play.do("add-evidence", "officer1", **evidence(play))
    return play.knock()


@fails("lower-major.raised", "ordinary", "conclude-investigation")
def lowered_though_nobody_raised_it(play: Play) -> Knock:
    return play.attempt("lower-major", "legal-reviewer", lowered_major="情节简单")


@fails("told-before-rights", "ordinary", "serve")
def waived_before_the_notice_came(play: Play) -> Knock:
    return play.knock("waive-defence")


@fails("notice.defence-days", "ordinary", "notify-penalty")
def no_days_to_defend(play: Play) -> Knock:
    return play.knock(defence_days=0)


@fails("correct.only-slips", "ordinary", "record-payment")
def corrected_downwards(play: Play) -> Knock:
    new = {**play.case.state["facts"]["decided"], "fine": "1999"}
    told = {"paper": "penalty-decision", "wrong": "2000 元", "right": "1999 元", "corrected_decision": new}
    return play.attempt("correct-paper", "agency-head", **told, **REASON)


@fails("correct.only-slips", "ordinary", "record-payment")
def corrected_into_another_decision(play: Play) -> list[Knock]:
    now = play.case.state["facts"]["decided"]
    others = [
        {"found": "另一事实"},
        {"basis": "另一部法第九条"},
        {"other": "另责令拆除"},
        {"perform_by": "三日内"},
    ]
    told = {"paper": "penalty-decision", "wrong": "甲", "right": "乙", **REASON}
    return [
        play.attempt("correct-paper", "agency-head", **told, corrected_decision={**now, **one})
        for one in others
    ]


@fails("decide.not-the-same", "remade", "draft-decision/2")
def the_same_again(play: Play) -> Knock:
    play.step(decision=play.case.state["facts"]["undone"])
    play.until("decide")
    return play.knock()
