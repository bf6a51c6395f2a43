"""The loops beside the web: give pending acts their places, in batches of at most 200 ms, and sign the log up to there; show it
to witnesses; look at the periods once a minute, and count them again after a holiday notice was loaded."""

import logging
import threading
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from time import monotonic, time

from django.db import Error, close_old_connections
from django.utils import timezone

from sanxiang.cases.abandoned import sweep
from sanxiang.cases.recording import films, uploads
from sanxiang.door import alerts, beside, gather, recount
from sanxiang.door.drawing_due import open_draws
from sanxiang.door.exchange.daily import tell_daily
from sanxiang.door.expiring import expire_due
from sanxiang.door.files.binding import bind_waiting
from sanxiang.door.files.binding import sweep as sweep_volumes
from sanxiang.door.forgetting import forget_contacts
from sanxiang.door.log import scrub
from sanxiang.door.log.anchors import anchor_daily, stamp_due
from sanxiang.door.log.witnessing import Rest, witness_once
from sanxiang.door.reviewing import remind_reviews
from sanxiang.law.calendar import Calendar
from sanxiang.ledger.access_sequencer import publish_accesses, sequence_accesses
from sanxiang.ledger.asking import ask_first
from sanxiang.ledger.clock import trusted
from sanxiang.ledger.logs import ACTS
from sanxiang.ledger.models import Sequence
from sanxiang.ledger.publish import TROUBLES, publish
from sanxiang.ledger.sequencer import BATCH, Overtaken, sequence_once
from sanxiang.ledger.tlog.stamping import NoStamp

LOOK = 60.0
"""Seconds between looks at the periods: a day is over once, not at a certain second."""

READS = 5.0
"""Seconds between batches of the second log: its entries are committed before anything is shown, their places can wait."""

STAMPS = 5.0
"""Seconds between looks whether a time stamp is due."""

FILMS = 3.0
"""Seconds between looks whether a recording came in."""

PAUSE = 0.2
"""Seconds between batches: how long an act may wait for its index."""

PATIENCE = 10.0
"""Seconds that a witness which is away is waited for at the start: with a machine that was set back the network comes up last."""

BINDS, SWEEPS = 1.0, 3600.0
"""Seconds between looks whether somebody waits for a volume, and between looks whether old ones may go."""

AGAIN = 5.0
"""Seconds before a loop that broke is begun again."""

log = logging.getLogger(__name__)
stop = threading.Event()


def keep_going(loop: Callable[[], None]) -> None:
    """Run one of the loops below, and again whenever it ends by a fault that nobody foresaw: acts would be taken in and wait
    for ever while the pages look well. What it was is on stderr."""
    while not stop.is_set():
        thread = threading.Thread(target=loop, name=loop.__name__, daemon=True)
        thread.start()
        thread.join()
        stop.wait(AGAIN)


def run_forever() -> None:
    """Sequence and sign until told to stop. A database that is away is waited for; acts stay pending and nothing is lost."""
    _witnesses_asked()
    read = monotonic() - READS
    while not stop.is_set():
        try:
            done = numbered()
            if monotonic() - read >= READS:
                read = monotonic()
                signed_reads()
        except Overtaken:
            done = 0
        except Error as error:  # a lost connection is no DatabaseError
            log.warning("sequencer waits for the database: %s", error)
            close_old_connections()
            done = 0
        if done < BATCH:  # a signature five times a second is enough, and leaves the cores to those who act
            stop.wait(PAUSE)


def _witnesses_asked() -> None:
    """What have they seen? Before the first number of this process, while acts are taken in already. Where the database cannot
    tell what there is to ask, it is asked when it is back."""
    try:
        ask_first(PATIENCE)
    except (*TROUBLES, OSError) as trouble:
        say_once("sequencer", f"账本没有编到最新：{trouble}")
    except Error as error:
        log.warning("sequencer waits for the database: %s", error)
        close_old_connections()


def look_forever() -> None:
    """What is due once a minute, in a thread of its own: thousands of periods to look at must not keep acts from their places."""
    counted = None
    while not stop.is_set():
        try:
            counted = look(counted)
            SAID["look"].clear()
        except (*TROUBLES, OSError) as trouble:
            say_once("look", f"每分钟的检查没有做完：{trouble}")
        except Error as error:
            log.warning("looking at the periods waits for the database: %s", error)
            close_old_connections()
        stop.wait(LOOK)


def witness_forever() -> None:
    """Beside it, for the network may be slow: show each checkpoint to the witnesses."""
    rest = Rest()
    while not stop.is_set():
        done = 0
        try:
            done = witness_once(rest)
            SAID["witnesses"].clear()
        except (*TROUBLES, OSError, ValueError) as error:
            say_once("witnesses", f"检查点没有送到见证人：{error}")
        except Error as error:
            log.warning("witnessing waits for the database: %s", error)
            close_old_connections()
        if not done:
            stop.wait(PAUSE)


def stamp_forever() -> None:
    """Have the time stamped, in a thread of its own: an authority that hangs must not keep the witnesses waiting."""
    while not stop.is_set():
        try:
            stamp_due(timezone.now())
            SAID["stamps"].clear()
        except (NoStamp, OSError, ValueError) as error:
            say_once("stamps", f"没有盖到时间戳：{error}")
            stop.wait(LOOK)
        except Error as error:
            log.warning("stamping waits for the database: %s", error)
            close_old_connections()
        stop.wait(STAMPS)


def bind_forever() -> None:
    """Make the volumes of files that somebody waits for, in a thread of its own: a long one takes minutes."""
    swept = 0.0
    while not stop.is_set():
        try:
            made = bind_waiting()
            if monotonic() - swept >= SWEEPS:
                swept = monotonic()
                sweep_volumes()
            SAID["volumes"].clear()
        except (OSError, ValueError) as error:
            made = 0
            say_once("volumes", f"案卷没有合成：{error}")
        if not made:
            stop.wait(BINDS)


def films_forever() -> None:
    """Read what recordings are, one after the other, in a thread of its own: each may take minutes."""
    looked = False
    while not stop.is_set():
        try:
            if not looked:
                films.tidy()
                films.expect_all()
                looked = True
            while not stop.is_set() and films.read_next():
                SAID["films"].clear()
        except OSError as trouble:
            say_once("films", f"音像文件暂时读不了：{trouble}")
            stop.wait(LOOK)
        except Error as error:
            log.warning("reading films waits for the database: %s", error)
            close_old_connections()
        stop.wait(FILMS)


def slow_forever() -> None:
    """What rooms above the door have made once a minute and what may take its time, such as the bulk file of the open data."""
    while not stop.is_set():
        try:
            for work in beside.SLOW:
                work()
            SAID["slow"].clear()
        except OSError as trouble:
            say_once("slow", f"开放数据的文件没有生成：{trouble}")
        except Error as error:
            log.warning("making files waits for the database: %s", error)
            close_old_connections()
        stop.wait(LOOK)


LOOPS = (run_forever, look_forever, witness_forever, stamp_forever, bind_forever, films_forever, slow_forever)


def begin() -> list[threading.Thread]:
    """Start all loops, each kept going by a thread; these threads, which end only where the machine allows no more of them."""
    keepers = [
        threading.Thread(target=keep_going, args=(loop,), daemon=True) for loop in (*LOOPS, *beside.LOOPS)
    ]
    for one in keepers:
        one.start()
    return keepers


SAID: defaultdict[str, set[str]] = defaultdict(set)
"""Troubles that each loop has logged already: said once, not five times a second."""


def numbered() -> int:
    """Give one batch of acts their places and sign up to there; how many. Where their log stands still, others go on."""
    try:
        done = sequence_once()
        SAID["sequencer"].clear()
    except (*TROUBLES, OSError) as trouble:
        say_once("sequencer", f"账本没有编到最新：{trouble}")
        return 0
    signed()
    return done


def signed() -> None:
    """Bring the log's files up to what is sequenced. Without disk, key or module the acts still get their places, and
    the signature follows when the trouble is over."""
    try:
        publish()
        SAID["signed"].clear()
    except (*TROUBLES, OSError) as error:
        say_once("signed", f"账本没有签到最新：{error}")


def signed_reads() -> None:
    """The same for the second log, whose places come here too; a year that stands still does not keep another from going on."""
    _tried("reads", sequence_accesses)
    for year in Sequence.objects.exclude(id=ACTS.row).order_by("id").values_list("id", flat=True):
        _tried(f"reads {year}", partial(publish_accesses, year))


def _tried(what: str, work: Callable[[], object]) -> None:
    try:
        work()
        SAID[what].clear()
    except (*TROUBLES, OSError) as error:
        say_once(what, f"调阅账本没有签到最新：{error}")


def say_once(loop: str, text: str) -> None:
    """Log a trouble of a loop when it begins, and again when it comes back after all was well."""
    if text not in SAID[loop]:
        log.error("%s", text)
        SAID[loop].add(text)


def look(counted: Calendar | None) -> Calendar:
    """Count again where the calendar is not the one that the days were counted by, then remind; the calendar."""
    calendar = gather.calendar()
    if calendar is not counted:
        recount.recount()
    alerts.remind(trusted())
    expire_due(trusted())
    remind_reviews(trusted())
    open_draws(trusted())
    forget_contacts(trusted())
    tell_daily(trusted())
    anchor_daily(timezone.now())
    sweep(time())
    uploads.sweep(timezone.now())
    scrub.beside(timezone.now())
    for work in beside.WORK:
        work()
    return calendar
