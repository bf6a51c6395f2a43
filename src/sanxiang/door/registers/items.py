"""The items that an agency may file cases for on a day: its released list, and what the province gave to a town.

Pages and the API offer them; the guards of articles 17 and 24 judge them. Where an agency has no list, an item is words.
"""

from dataclasses import replace
from datetime import date

from sanxiang.law.lists import ITEM, Row, cell, named
from sanxiang.law.rules import Act
from sanxiang.people import authority
from sanxiang.people.models import Agency
from sanxiang.registers.releases import rows_in_force

FIELD, KIND = "item", "items"


def items_offered(agency: Agency, on: date) -> list[str]:
    """Names of the items in force, in the list's order; empty where nothing was released or granted."""
    rows = rows_in_force(agency, KIND, on)
    listed = [name for row in rows or () if (name := cell(row, ITEM))]
    if agency.kind != Agency.Kind.TOWN:
        return list(dict.fromkeys(listed))
    granted = [given.label for given in authority.granted_on(agency, on)]
    return list(dict.fromkeys(granted if rows is None else [n for n in listed if n in granted]))


def row_of(agency: Agency, on: date, name: str) -> Row:
    """The row of the list in force on that day that bears this name or code; empty where there is none. One query."""
    return named(rows_in_force(agency, KIND, on) or (), name)


def with_items(act: Act, agency: Agency, on: date, stated: str = "") -> Act:
    """The act with its item to be chosen among those in force; `stated` is what the case has, which stays choosable."""
    if act.field(FIELD) is None:
        return act
    return choosing(act, items_offered(agency, on), stated)


def choosing(act: Act, names: list[str], stated: str = "") -> Act:
    """The act with its item to be chosen among these names, which filing cannot do without; as it is where there are none."""
    if act.field(FIELD) is None or not names:
        return act
    needed = act.milestone == "filed"
    options = tuple((name, name) for name in dict.fromkeys([*names, *([stated] if stated else [])]))
    fields = (
        replace(f, type="choice", options=options, required=f.required or needed) if f.name == FIELD else f
        for f in act.fields
    )
    return replace(act, fields=tuple(fields))
