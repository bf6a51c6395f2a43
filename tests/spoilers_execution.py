"""Spoilers of the rules about payment, property, urging and the end of a case."""

from knocks import Knock
from play import Play
from sanxiang.demo import stories
from side_stories import REASON
from spoiling import fails, pay


@fails("collect.lawful", "summary", "file-record")
def cash_over_a_hundred(play: Play) -> Knock:
    told = {"officers": stories.two(play.office), "ground": "small", "amount": "200", "receipt": "1"}
    return play.attempt("collect-on-spot", "officer1", **told)


@fails("close.remitted", "cash", "remit-collected")
def cash_kept_back(play: Play) -> Knock:
    play.until("close", without=("remit-collected", "deposit-collected"))
    return play.knock()


@fails("late-fine.lawful", "contested", "impose-late-fine")
def one_fen_over_three_per_cent(play: Play) -> Knock:
    return play.knock(late_fine="2850.01")


@fails("close.served", "ordinary", "serve/2")
def closed_unserved(play: Play) -> Knock:
    pay(play, "2000")
    return play.knock("close")


@fails("close.fine", "ordinary", "record-payment")
def one_fen_short(play: Play) -> Knock:
    pay(play, "1999.99")
    return play.knock("close")


@fails("close.performed", "ordinary", "draft-decision")
def paid_but_nothing_pulled_down(play: Play) -> Knock:
    plan = {**stories.penalty("2000", ("fine", "other"), 2), "other": "责令限期补办手续", "perform_days": 30}
    play.until("close", draft_decision={"decision": plan})
    return play.knock()


@fails("close.late-fine", "contested", "waive-late-fine")
def late_fine_open(play: Play) -> Knock:
    pay(play, "95000")
    return play.knock("close", after=1)


@fails("close.property", "contested", "dispose-property")
def property_left(play: Play) -> Knock:
    pay(play, "95000")
    return play.knock("close", after=1)


@fails("close.remedies", "contested", "end-remedy")
def remedy_running(play: Play) -> Knock:
    pay(play, "95000")
    return play.knock("close", after=1)


@fails("deferral.sound", "contested", "grant-deferral")
def the_plan_covers_one_yuan(play: Play) -> Knock:
    return play.knock(instalments=[{"due": "2026-08-20", "amount": "1"}])


@fails("payment.amount", "ordinary", "record-payment")
def nothing_paid(play: Play) -> Knock:
    return play.knock(amount="0")


@fails("payment.due", "ordinary", "record-payment")
def one_fen_too_much_paid(play: Play) -> Knock:
    return play.knock(amount="2000.01")


@fails("refund.due", "ordinary", "close")
def refund_of_what_was_owed(play: Play) -> Knock:
    return play.attempt("refund-payment", "officer1", amount="1", receipt="退付 1", **REASON)


@fails("remit.collected", "summary", "record-payment")
def nothing_collected_to_remit(play: Play) -> Knock:
    return play.attempt("remit-collected", "officer1", remitted_to="财务股")


@fails("deposit.remitted", "cash", "remit-collected")
def banked_before_it_was_remitted(play: Play) -> Knock:
    return play.knock("deposit-collected")


@fails("late-fine.imposed", "contested", "impose-late-fine")
def waived_before_it_was_imposed(play: Play) -> Knock:
    return play.attempt("waive-late-fine", "agency-head", waiver_basis="执行协议", **REASON)


@fails("disposal-founded", "contested", "dispose-property")
def destroyed_on_no_ground(play: Play) -> Knock:
    return play.knock(disposal="destroyed")


@fails("urge.overdue", "contested", "grant-deferral")
def urged_before_it_was_due(play: Play) -> Knock:
    return play.attempt("urge", "officer1", urged="十日内缴清")


@fails("urge.issued", "contested", "urge")
def answered_before_it_was_urged(play: Play) -> Knock:
    return play.knock("answer-urge")


@fails("close.papers", "contested", "serve/9")
def correction_not_served(play: Play) -> Knock:
    play.until("close", without=("serve",))
    return play.knock()
