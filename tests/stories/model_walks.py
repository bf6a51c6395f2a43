"""Where the searches begin and which acts each of them tells: the procedures, road by road, and what may happen beside them."""

from dataclasses import dataclass

from model import Caught, Place, Walk, World, at_once_caught, attempt, beginning, caught_later, led, walk
from model_letters import letter_of

from sanxiang.law.packs import Pack

SCENE = ("start-summary", "show-certificate", "inspect")
CITIZEN = ("start-summary(citizen)", *SCENE[1:])
HOMELESS = ("start-summary(no address)", *SCENE[1:])
LONG_AGO = ("start-summary(long ago)", *SCENE[1:])
SPOT = (*SCENE, "tell-on-spot", "decide-on-spot(100)")
FILED = ("register-clue", "file", "show-certificate", "notify-on-site")
SEEN = (*FILED, "inspect")
DRAFTED = (*SEEN, "conclude-investigation", "draft-decision")
HEAVY = (*SEEN, "conclude-investigation", "draft-decision(90000)", "notify-penalty", "serve(notice)")
TOLD = (*DRAFTED, "notify-penalty", "serve(notice)")
ASSENTED = (*TOLD, "waive-defence", "waive-hearing", "submit-for-review", "give-opinion", "discuss")
OBJECTED = (
    *ASSENTED, "report-crime", "approve-crime-transfer", "transfer-crime", "record-police-reply", "object-to-police",
)  # fmt: skip
AGAIN = ("record-police-reply", "report-crime", "approve-crime-transfer", "transfer-crime")
DECIDED = (*ASSENTED, "decide", "serve(decision)", "enter-execution")

WARNED = (
    *SEEN, "conclude-investigation", "draft-decision(warning)", "notify-penalty", "serve(notice)", "waive-defence",
)  # fmt: skip
NAMELESS = ("register-clue(no address)", *ASSENTED[1:])
INVOLVED = ("register-clue", "file(complex)", *ASSENTED[2:-1])
ROADWAY = "draft-decision notify-penalty serve waive-defence waive-hearing submit-for-review give-opinion discuss decide"
HEARING = "request-hearing withdraw-hearing refuse-hearing notify-hearing serve(hearing) hold-hearing end-hearing report-hearing"
REVIEW = "submit-for-review give-opinion decide"
BOARD = (
    "prepare-publication publish withdraw-publication exempt-publication lift-exemption approve-early-publication invoke-exception "
    "correct-publication"
)
END = "dismiss transfer-agency merge-case decide-no-penalty decide"
CRIME = (
    "report-crime approve-crime-transfer refuse-crime-transfer transfer-crime record-police-reply object-to-police "
    "hand-over-materials close-transferred"
)
KEPT = "approve-preservation register-preservation decide-preservation receive-property dispose-property"
UNDO = "revoke-decision reopen-case refund-payment! correct-paper record-payment!"
PIECES = "add-evidence! exclude-evidence amend draft-decision! give-opinion! discuss! decide"
MONEY = "record-payment collect-on-spot remit-collected deposit-collected"
PEOPLE = "assign-officers request-recusal decide-recusal"


@dataclass(frozen=True)
class Road:
    """One search: where it begins, which acts it tells (all, where none is named), how deep; `quick` in every run."""

    name: str
    procedure: str
    start: tuple[str, ...]
    acts: str
    depth: int = 8
    quick: int = 6


ROADS = (
    Road("summary: all acts", "summary", (), "", 8, 4),
    Road("summary: decision on the spot", "summary", SCENE, "tell-on-spot decide-on-spot request-recusal decide-recusal"),
    Road("summary: citizens", "summary", CITIZEN, "tell-on-spot decide-on-spot", 4, 4),
    Road("summary: no address", "summary", HOMELESS, "tell-on-spot decide-on-spot", 4, 4),
    Road("summary: long ago", "summary", LONG_AGO, "tell-on-spot decide-on-spot", 4, 4),
    Road("summary: service to closing", "summary", SPOT, f"serve-on-spot {BOARD} file-record {MONEY} close", 8, 5),
    Road("ordinary: all acts from the clue", "ordinary", (), "", 6, 3),
    Road("ordinary: all acts when seen", "ordinary", SEEN, "", 3, 2),
    Road("ordinary: all acts when drafted", "ordinary", DRAFTED, "", 3, 2),
    Road("ordinary: all acts when told", "ordinary", TOLD, "", 3, 2),
    Road("ordinary: all acts when decided", "ordinary", DECIDED, "", 3, 2),
    Road("ordinary: inquiry", "ordinary", FILED, "inspect interview add-evidence exclude-evidence conclude-investigation draft-decision"),
    Road("ordinary: notice to decision", "ordinary", DRAFTED, f"{ROADWAY} record-defence review-defence", quick=4),
    Road("ordinary: decision to publication", "ordinary", ASSENTED, f"{BOARD} decide serve enter-execution record-payment close", quick=5),
    Road("ordinary: decision undone", "ordinary", DECIDED, f"{BOARD} serve! {UNDO}", 8, 4),
    Road("hearing: request to decision", "ordinary", HEAVY, f"{HEARING} {REVIEW} discuss waive-defence", 9, 6),
    Road("beside: evidence and party", "ordinary", TOLD, f"{PIECES} submit-for-review", quick=5),
    Road("beside: people", "ordinary", DRAFTED, f"{PEOPLE} {REVIEW} show-certificate! serve notify-penalty", quick=4),
    Road("beside: people of the hearing", "ordinary", HEAVY, f"{PEOPLE} {HEARING} submit-for-review! give-opinion", 7, 4),
    Road("beside: defence and heavier notice", "ordinary", TOLD, f"{ROADWAY} record-defence review-defence add-evidence", 6, 3),
    Road("beside: goods", "ordinary", SEEN, f"{KEPT} conclude-investigation return-to-investigation {END}", 8, 4),
    Road("beside: standing still and crime", "ordinary", ASSENTED, f"suspend resume extend {CRIME} {END}", 8, 5),
    Road("beside: objection to the police", "ordinary", OBJECTED, f"{CRIME} decide", 6, 3),
    Road("beside: handed over a second time", "ordinary", (*OBJECTED, *AGAIN), CRIME, 5, 2),
    Road("beside: major by hand", "ordinary", WARNED, f"raise-major lower-major {HEARING} {REVIEW}", 7, 5),
    Road("beside: complex", "ordinary", INVOLVED, "discuss decide", 3, 3),
    Road("beside: no address", "ordinary", NAMELESS, "decide amend", 3, 3),
)  # fmt: skip
LOCALITIES = ("dongying", "huantai", "kaiyuan", "laizhou", "lingchuan")


def world_of(road: Road, pack: Pack) -> tuple[World, Place]:
    """The search's world, and the place from which it starts; the way there is told with every act."""
    full = World(pack, road.procedure)
    return World(pack, road.procedure, frozenset(road.acts.split())), led(full, road.start)


def walk_of(road: Road, pack: Pack, depth: int, samples: int = 0) -> Walk:
    """One road, walked so deep; `samples` paths of each outcome are drawn."""
    world, start = world_of(road, pack)
    return walk(world, start, depth, samples)


def removal(found: list[Walk], guards: frozenset[str]) -> Caught | None:
    """What happens without these guards, on the first road that shows it: at once, or some acts later."""
    now = next((c for one in found if (c := at_once_caught(one, guards))), None)
    return now or next((c for one in found if (c := caught_later(one, guards))), None)


def doubled(found: list[Walk], guard: str) -> Caught | None:
    """What happens without this guard and the fewest others that refuse where it does."""
    sets = {guards for one in found for guards in one.refused if guard in guards and len(guards) > 1}
    answers = (removal_at_once(found, guards) for guards in sorted(sets, key=lambda s: (len(s), sorted(s))))
    return next((a for a in answers if a), None)


def removal_at_once(found: list[Walk], guards: frozenset[str]) -> Caught | None:
    """What these guards alone refused and what breaks a promise by itself."""
    return next((c for one in found if (c := at_once_caught(one, guards))), None)


def kept_out(pack: Pack, caught: Caught) -> set[str]:
    """The guards that refuse this path where it is first refused with every guard in place. They are never none."""
    world = World(pack, caught.procedure)
    place = beginning(world)
    for label in caught.path:
        tried = attempt(world, place, letter_of(caught.procedure, label))
        assert tried is not None, label
        if tried.after is None:
            return set(tried.refused)
        place = tried.after
    raise AssertionError(f"nothing refuses {caught.path}")


WHY_NOT = {
    "asks a register, a statute's text, another case or agency; the search has one case and nothing around it":
        "item-in-force item-named own-name item-granted fined-once file.no-duplicate merge.into-a-case publication.own-unit "
        "fine-in-range tier-applied link-case.known clue.source-case",
    "judges wording: a citation, a mask, a public text; letters of the search say the same words each time":
        "lift.secret publication.masked-secrets publication.secret-hidden publication.fields publication.clean public-fields.clean "
        "exception.cited exempt.cited papers.on-platform publish.scans-seen "
        "grounds-cited serve.internet-remedy confirm-address.account disposal-founded",
    "execution: sums and days after the decision, of which the search promises nothing yet":
        "deferral.sound late-fine.lawful late-fine.imposed close.late-fine close.remedies close.performed remedy.recorded "
        "remedy.days remedy.received "
        "remedy.open forward.received court.in-time court.periods-over court.unperformed court.urged court.applied "
        "court.its-to-enforce court.part-named court.part-in-time court.part-periods-over urge.overdue urge.remedies urge.issued "
        "revoke.changed-to revoke.illegal-once",
    "the stages of publication: who answers for them stands in a register, and the search has none; and days and words of a note":
        "stage.in-force stage.owned stage.passed stage.apart vet.prepared correct.found summary.given "
        "post.moment take-down.posted take-down.moment "
        "exempt.looked-at-again",
    "judges what a case forgets afterwards; the search tells none of these acts, for no right of its course hangs on them":
        "erase.erasable erase.cited erase.not-public erase.proposed erase.second-person",
    "keeps the record in order: without it a step is told twice, too early or in part, and no promised right is lost":
        "announce.paper-exists announce.day officers-in-one-place shown-before correction.ahead correction.served "
        "evidence.recording-of inquiry.ahead appraisal.commissioned appraisal.days whole-recorded "
        "proposal-consistent review.pending review.mode review.responsible lower-major.raised decide.not-the-same property.exists in-order "
        "exception.days exception.open dress-answered supplement.kept",
    "asks what was recorded in sound and film; test_recording_duties.py and the engine's own tests ask it for every locality":
        "interests.kept recording.of recording.clips recording.standard recording.explains recording.waiver "
        "recording.explained recording.not-own monitor-site recording.head recording.given recording.span recording.settled",
    "asks what was told on the spot in figures, which the witness does not keep; tests/stories/test_grounds.py asks it":
        "summary.as-told told.fine",
    "asks who holds two posts; everybody in the search has one":
        "decide.not-reviewer",
    "asks a scheme's own order of showing certificates; promise 2b asks the law's":
        "shown-at-inspection shown-at-interview shown-at-service",
}  # fmt: skip
UNCONNECTED = {guard: why for why, guards in WHY_NOT.items() for guard in guards.split()}
"""Guards on which no promise of the search hangs, and why. tests/stories/test_refusals.py tries each of them on every door."""
