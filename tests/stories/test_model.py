"""No sequence of acts breaks a promise; leaving any guard out lets one; and the doors answer as the model does."""

import pytest
from model import Walk, walk
from model_people import join
from model_replay import Stage, replay
from model_walks import LOCALITIES, ROADS, Road, world_of

from clockwork import Clock
from knocks import WAYS
from play import make_office
from sanxiang.law.packs import load_pack

QUICK = "kaiyuan"
"""Where every sum is set, so that a case may be major or not."""


def walked(locality: str, road: Road, depth: int, samples: int) -> Walk:
    world, start = world_of(road, load_pack(locality))
    return walk(world, start, depth, samples)


@pytest.mark.django_db
@pytest.mark.parametrize("locality", LOCALITIES)
def test_the_doors_answer_as_the_model_does(locality: str, clock: Clock) -> None:
    faults, used = [], dict.fromkeys(WAYS, 0)
    office = make_office(locality)
    join(office)
    for road in ROADS[LOCALITIES.index(locality) :: 5]:
        found = walked(locality, road, min(road.quick, 4), 1)
        stage = Stage(office, road.procedure, clock)
        with stage.branch() as begun:
            for label in road.start:
                begun.step(label)
            for path in found.paths:
                faults += replay(begun, path)
            used = {way: used[way] + begun.used[way] for way in WAYS}
    assert not faults, "\n".join(faults)
    print(locality, used)
