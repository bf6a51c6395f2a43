"""Every address of the desk, of the API and of the logs says which record it shows, or that it shows none: see sanxiang/door/reading.py."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from sanxiang.door.reading import KINDS, OPEN, READS


def addresses(under: URLResolver, before: str = "") -> Iterator[tuple[str, str]]:
    """Each address with its name."""
    for one in under.url_patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from addresses(one, path)
        elif isinstance(one, URLPattern):
            yield path, str(one.name or "")


def inside() -> dict[str, str]:
    """The names of the addresses that are not the public's, or not all of them, each with where it is."""
    below = ("desk/", "api/v1/", "log")
    found = {name: path for path, name in addresses(get_resolver()) if path.startswith(below)}
    assert len(found) > 75
    return found


def test_every_address_is_in_one_of_the_two_tables() -> None:
    undecided = {name: path for name, path in inside().items() if (name in READS) == (name in OPEN)}
    assert not undecided, f"in neither table of sanxiang/door/reading.py, or in both: {undecided}"


def test_the_tables_name_what_there_is() -> None:
    assert set(READS) | OPEN <= set(inside())
    assert set(READS.values()) <= set(KINDS)


def test_what_is_called_a_case_is_read() -> None:
    """An address below one case shows its record, unless it is the question why or an act."""
    below = {name for name, path in inside().items() if "case_id>" in path or "cases/<uuidstr:case>" in path}
    assert below & OPEN == {"desk-why", "perform_act"}
