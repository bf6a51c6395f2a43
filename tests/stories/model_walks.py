"""Where the searches begin and which acts each of them tells: the procedures, road by road, and what may happen beside them."""

from collections.abc import Iterator
from dataclasses import dataclass

from model import Caught, Place, Walk, World, at_once_caught, caught_later, led, walk
from sanxiang.law.packs import Pack, load_pack

FILED = ("register-clue", "file", "show-certificate", "notify-on-site")
SEEN = (*FILED, "inspect")
DRAFTED = (*SEEN, "conclude-investigation", "draft-decision")
HEAVY = (*SEEN, "conclude-investigation", "draft-decision(90000)", "notify-penalty", "serve(notice)")
TOLD = (*DRAFTED, "notify-penalty", "serve(notice)")
ASSENTED = (*TOLD, "waive-defence", "waive-hearing", "submit-for-review", "give-opinion", "discuss")
DECIDED = (*ASSENTED, "decide", "serve(decision)", "enter-execution")

ROAD = "draft-decision notify-penalty serve waive-defence waive-hearing submit-for-review give-opinion discuss decide"
HEARING = "request-hearing withdraw-hearing refuse-hearing notify-hearing hold-hearing end-hearing report-hearing"
END = "dismiss transfer-agency merge-case decide-no-penalty decide"
CRIME = "report-crime approve-crime-transfer refuse-crime-transfer transfer-crime record-police-reply object-to-police"


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
    Road("summary: all acts", "summary", (), "", quick=7),
    Road("ordinary: all acts from the clue", "ordinary", (), "", 6, 4),
    Road("ordinary: all acts when seen", "ordinary", SEEN, "", 4, 2),
    Road("ordinary: all acts when drafted", "ordinary", DRAFTED, "", 4, 2),
    Road("ordinary: all acts when told", "ordinary", TOLD, "", 4, 2),
    Road("ordinary: all acts when decided", "ordinary", DECIDED, "", 4, 2),
    Road("ordinary: inquiry", "ordinary", FILED, "inspect interview add-evidence exclude-evidence conclude-investigation draft-decision"),
    Road("ordinary: notice to decision", "ordinary", DRAFTED, f"{ROAD} record-defence review-defence", quick=5),
    Road("ordinary: decision to publication", "ordinary", ASSENTED, "decide serve enter-execution prepare-publication publish withdraw-publication exempt-publication lift-exemption approve-early-publication record-payment close revoke-decision"),
    Road("hearing: request to decision", "ordinary", HEAVY, f"{HEARING} submit-for-review give-opinion discuss decide waive-defence"),
    Road("beside: evidence and party", "ordinary", TOLD, "add-evidence! exclude-evidence amend draft-decision! submit-for-review give-opinion! discuss! decide"),
    Road("beside: people", "ordinary", DRAFTED, "assign-officers request-recusal decide-recusal show-certificate! serve submit-for-review give-opinion notify-penalty decide"),
    Road("beside: defence and heavier notice", "ordinary", TOLD, "record-defence review-defence add-evidence draft-decision notify-penalty serve decide", quick=5),
    Road("beside: goods", "ordinary", SEEN, f"approve-preservation register-preservation decide-preservation conclude-investigation return-to-investigation {END}"),
    Road("beside: standing still and crime", "ordinary", ASSENTED, f"suspend resume {CRIME} {END}", 6, 4),
    Road("beside: major by hand", "ordinary", (*SEEN, "conclude-investigation", "draft-decision(warning)", "notify-penalty", "serve(notice)", "waive-defence"), f"raise-major lower-major {HEARING} submit-for-review give-opinion decide", 7, 5),
)  # fmt: skip
LOCALITIES = ("dongying", "huantai", "kaiyuan", "laizhou", "lingchuan")


def world_of(road: Road, pack: Pack) -> tuple[World, Place]:
    """The search's world, and the place from which it starts; the way there is told with every act."""
    full = World(pack, road.procedure)
    return World(pack, road.procedure, frozenset(road.acts.split())), led(full, road.start)


def walks(locality: str, quick: bool) -> Iterator[tuple[Road, Walk]]:
    """Each road of a locality, walked."""
    for road in ROADS:
        world, start = world_of(road, load_pack(locality))
        yield road, walk(world, start, road.quick if quick else road.depth)


def removal(found: list[Walk], guards: frozenset[str], later: bool = True) -> Caught | None:
    """What happens without these guards, on the first road that shows it: at once, or some acts later."""
    now = next((c for one in found if (c := at_once_caught(one, guards))), None)
    return now or (next((c for one in found if (c := caught_later(one, guards))), None) if later else None)
