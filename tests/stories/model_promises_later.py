"""Promises of what an agency may do to its own work: change and correct a decision, void a case, withdraw from it."""

from model_notes import Deed, Notes, content, fine, own_change
from model_people import PARTS
from model_promises import covers, promise


@promise("3d no decision is heavier than what the party was told, by whatever act")
def nothing_heavier(notes: Notes, deed: Deed) -> bool:
    """第四十四条: what the agency changes or corrects afterwards stays within what was told and decided, on the same grounds."""
    corrected = deed.data.get("corrected_decision")
    changed = deed.data.get("changed_decision") if own_change(deed) else None
    new = corrected or changed
    if not new:
        return True
    old, told = content(notes.decision), notes.told and content(notes.told[0])
    sums = ("fine" in new.get("kinds", ())) == (fine(new) > 0)
    return sums and covers(old, new) and (not told or covers(told, new))


@promise("5b nobody decides on the own withdrawal, nor on another's after the own")
def another_decides(notes: Notes, deed: Deed) -> bool:
    """第四十三条第三款."""
    return deed.act != "decide-recusal" or deed.by not in {notes.asked_to_go, *notes.recused}


@promise("5c a case is voided before anything reached the party, once filed by the head")
def voided(notes: Notes, deed: Deed) -> bool:
    """What was opened by mistake goes; what the party was told of is ended as the law ends it."""
    if deed.act != "void-case":
        return True
    reached = {"notify-penalty", "order-correction", "register-preservation", "receive-property"} & notes.did
    return not reached and ("file" not in notes.did or "agency-head" in PARTS[deed.by].roles)


@promise("5d nobody is ordered to put right what nobody has looked at")
def looked_at(notes: Notes, deed: Deed) -> bool:
    """Before filing the preliminary check, afterwards something that counts as evidence."""
    if deed.act != "order-correction":
        return True
    return "preliminary-check" in notes.did if notes.stage == "intake" else bool(notes.pieces)


LATER = (nothing_heavier, another_decides, voided, looked_at)
