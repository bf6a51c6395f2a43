"""Spoilers of the rules about other cases, and about dress."""

from knocks import Knock
from play import Play
from sanxiang.people.models import Person
from spoiling import fails


@fails("link-case.known", "ordinary", "conclude-investigation")
def a_case_that_is_not_there(play: Play) -> Knock:
    told = {"tie": "source", "tie_reason": "巡查中发现"}
    return play.attempt("link-case", "officer1", linked_case="没有这个编号", **told)


@fails("clue.source-case", "ordinary", "register-clue")
def a_source_that_is_not_there(play: Play) -> Knock:
    return play.knock(source_case="没有这个编号")


@fails("dress-answered", "ordinary", "show-certificate")
def in_uniform_and_unanswered(play: Play) -> Knock:
    for person in Person.objects.filter(pk=play.office.id("officer2")):
        Person.objects.filter(pk=person.pk).update(uniformed=True, n=person.n + 1)
    return play.knock(dress=[{"officer": play.office.id("officer1"), "uniform": "yes"}])
