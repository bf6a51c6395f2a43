"""The legal office of a government, which admits the lists of the government's organs."""

from sanxiang.demo.people import Office
from sanxiang.door.admin.agency import create_agency
from sanxiang.door.administer import administer
from sanxiang.people.models import Person


def legal_office(office: Office) -> Person:
    """The legal office of the same government, and its supervisor."""
    agency = office.agency
    told = {"kind": "supervisor", "is_supervisor": True, "region": agency.region, "locality": agency.locality}
    made = create_agency({**told, "name": "演示区司法局", "short": "演司", "parent": agency.parent})
    person: Person = administer(
        "add-person", made, None, {"username": "weiheng", "name": "卫衡", "password_hash": "!"}
    )
    administer("grant-post", made, None, {"person": person, "role": "supervisor", "valid_from": "2024-01-01"})
    return person
