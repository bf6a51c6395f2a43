"""A path of the model search walked again through the real doors: page, API and command line, in a real database."""

import contextlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db import transaction
from model import FIRST_DAY, Drawn
from model_letters import Letter, Scene, letter_of

from clockwork import CHINA, Clock
from knocks import WAYS, Answer, Knock
from sanxiang.cases.models import Case
from sanxiang.demo import stories
from sanxiang.demo.people import Office
from sanxiang.door.gather import pack_of
from sanxiang.law.facts import State, empty_state
from sanxiang.law.guards import ROLE
from sanxiang.law.packs import Pack, load_pack


@dataclass
class Stage:
    """One case of one procedure on its way through the doors."""

    office: Office
    procedure: str
    clock: Clock
    moment: datetime = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, 10, tzinfo=CHINA)
    case_id: str = ""
    walked: tuple[str, ...] = ()
    used: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WAYS, 0))
    turns: Iterator[str] = field(default_factory=lambda: itertools.cycle(WAYS))

    @property
    def case(self) -> Case | None:
        """The case as the database has it, once there is one."""
        found = Case.objects.select_related("agency", "unit").filter(id=self.case_id or None)
        return found.first() if self.case_id else None

    def knock(self, letter: Letter) -> Knock:
        """The letter as somebody would tell it here; the clock moves to its day."""
        case = self.case
        pack = pack_of(case) if case else load_pack(self.office.agency.locality)
        state = case.state if case else empty_state(self.procedure, pack.procedures[self.procedure].start)
        self.moment = self._when(letter, state, pack)
        self.clock.now = self.moment
        scene = Scene(self.office, state, self.moment.date(), lambda: stories.digest_of(case))
        by = self.office.people[letter.who]
        return Knock(
            pack,
            letter.act,
            by,
            letter.told(scene),
            case.id if case else None,
            self.procedure,
            self.office.agency,
        )

    def _when(self, letter: Letter, state: State, pack: Pack) -> datetime:
        today = self.moment.date()
        day = letter.wait(state, pack, today)
        assert day is not None, letter.label
        next_minute = self.moment + timedelta(minutes=1)
        return next_minute if day == today else datetime(day.year, day.month, day.day, 10, tzinfo=CHINA)

    def step(self, label: str) -> None:
        """One act, through the next way in turn. It is to be done."""
        way = next(self.turns)
        answer = self._ask(way, self.knock(letter_of(self.procedure, label)))
        assert answer.done, (label, way, answer)
        self.case_id = answer.done
        self.walked = (*self.walked, label)

    def last(self, label: str) -> dict[str, Answer]:
        """One act through every way, each forgotten before the next."""
        knock = self.knock(letter_of(self.procedure, label))
        answers = {}
        for way in WAYS:
            with contextlib.suppress(_Forgotten), transaction.atomic():
                answers[way] = self._ask(way, knock)
                raise _Forgotten
        return answers

    def _ask(self, way: str, knock: Knock) -> Answer:
        self.used[way] += 1
        return WAYS[way](knock)

    @contextlib.contextmanager
    def branch(self) -> Iterator["Stage"]:
        """A copy to go on with, forgotten afterwards."""
        with contextlib.suppress(_Forgotten), transaction.atomic():
            yield replace(self)
            raise _Forgotten
        self.clock.now = self.moment


class _Forgotten(Exception):
    """Rolls a branch back."""


def replay(stage: Stage, path: Drawn) -> Iterator[str]:
    """What the doors answer otherwise than the model; nothing where they agree."""
    labels, refused = path
    assert labels[: len(stage.walked)] == stage.walked
    with stage.branch() as here:
        for label in labels[len(stage.walked) : -1]:
            here.step(label)
        for way, answer in here.last(labels[-1]).items():
            agrees = bool(answer.done) if not refused else answer.guards == told(refused)
            if not agrees:
                yield f"{' → '.join(labels)} by {way}: the model says {sorted(refused) or 'done'}, the door {answer}"


def told(refused: frozenset[str]) -> frozenset[str]:
    """What the door says of what is unmet: to whoever does not hold the act's role that alone."""
    return refused & {ROLE} or refused
