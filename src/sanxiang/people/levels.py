"""Of which level of government an agency is, by its division code (GB/T 2260) and its kind."""

from sanxiang.people.models import Agency

LEVELS = {"province": "省级", "city": "市级", "county": "县级", "town": "乡镇（街道）"}


def level_of(agency: Agency) -> str:
    """One of LEVELS. A code ends in 0000 for a province, in 00 for a city; one of nine or twelve digits is a township's."""
    code = agency.region
    if agency.kind == Agency.Kind.TOWN or code[6:].strip("0"):
        return "town"
    if not code[2:].strip("0"):
        return "province"
    return "county" if code[4:6].strip("0") else "city"
