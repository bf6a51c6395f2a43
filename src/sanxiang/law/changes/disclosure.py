"""What acts of publication change in a case: its place, until when it is shown, where else it was put up, what was put right."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sanxiang.law.disclosure import channels
from sanxiang.law.effects import effect
from sanxiang.law.facts import Facts, State, awaits

Args = Mapping[str, Any]


@effect("publication")
def publication(state: State, facts: Facts, args: Args) -> None:
    """The publication's place in its life: prepared, submitted where a receipt is waited for, published, and how that ended.

    What is handed in and not confirmed changes nothing of what stands: its files, its channels, until when it is shown.
    """
    given = facts.data.get("digest") or facts.extra.get("publication_digest")
    was, status, files = (
        state["publication"],
        str(args["status"]),
        list(facts.extra.get("public_digests") or ()),
    )
    now: dict[str, Any] = {
        **was,
        "status": "submitted" if awaits(facts) and status == "published" else status,
        "digest": given or was.get("digest", ""),
        "n": state["n"],
        "by": facts.actor.id,
        "ground": facts.data.get("ground") or was.get("ground", ""),
    }
    now.pop("handed", None)
    now.pop("scans", None)
    if status == "prepared" and facts.extra.get("publication_scans"):
        now["scans"] = list(facts.extra["publication_scans"])  # what whoever confirms has to look at
    if now["status"] == "submitted":
        now["handed"] = files
    elif status == "published":
        now |= shown(was, str(given or ""), files, facts.now, facts.pack.setting("publish.display_period"))
    elif status != "prepared":
        now |= _taken_down(facts, was)
    if now["status"] not in ("prepared", "submitted"):
        now.pop("correcting", None)  # confirmed, or taken down with what it should have mended
    state["publication"] = now


def shown(
    was: Mapping[str, Any], digest: str, files: list[str], now: datetime, days: int | None
) -> dict[str, Any]:
    """A text that is public from this moment on: until when, its files, where by itself, and the note of what was put right."""
    posted, on = {"at": _told(now), "digest": digest}, now.date()
    told: dict[str, Any] = {
        "until": (on + timedelta(days=int(days))).isoformat() if days else "",
        "files": files,
    }
    told["channels"] = {**channels.up(was), **dict.fromkeys(channels.OWN, posted)}
    correcting = (
        was.get("correcting") if channels.public(was) else None
    )  # of what never stood nothing is put right
    told["since"] = was.get("since", "") if correcting else on.isoformat()
    if correcting:
        took = (on - date.fromisoformat(correcting["found_on"])).days
        done = {**correcting, "corrected_on": on.isoformat(), "days": took}
        told["notes"] = [*was.get("notes", ()), done]
    return told


def _taken_down(facts: Facts, was: Mapping[str, Any]) -> dict[str, Any]:
    """What this system serves itself is down at once; what hands put up stays until they say otherwise."""
    told: Mapping[str, Mapping[str, Any]] = was.get("channels", {})
    own = {
        name: {"down": {"at": _told(facts.now)}, **one} for name, one in told.items() if name in channels.OWN
    }
    return {"files": [], **({"channels": {**told, **own}} if told else {})}


def _told(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}"


@effect("publication-channel")
def publication_channel(state: State, facts: Facts, args: Args) -> None:
    """The same text was put up in another place, at that time: what the portal shows, not what is being prepared."""
    told = state["publication"].get("channels", {})
    posted = {
        "at": str(facts.data["posted_at"])[:19],
        "digest": str(told.get("portal", state["publication"]).get("digest", "")),
        "where": str(facts.data.get("posted_where") or ""),
    }
    state["publication"] = {
        **state["publication"],
        "channels": {**told, str(facts.data["channel"]): posted},
    }


@effect("publication-channel-down")
def publication_channel_down(state: State, facts: Facts, args: Args) -> None:
    """It was taken down in that place, at that time, by that person."""
    told, name = state["publication"]["channels"], str(facts.data["channel"])
    down = {
        "at": str(facts.data["down_at"])[:19],
        "where": str(facts.data.get("down_where") or told[name].get("where", "")),
        "by": str(facts.data.get("down_by") or facts.actor.name),
    }
    state["publication"] = {
        **state["publication"],
        "channels": {**told, name: {**told[name], "down": down}},
    }


@effect("publication-correct")
def publication_correct(state: State, facts: Facts, args: Args) -> None:
    """Something public is wrong: the next text that is confirmed is a new version, with this note beside it.

    What is found while an earlier fault is still being put right is told with it, counted from the day of the first.
    """
    found, note = str(facts.data["found_wrong_on"])[:10], str(facts.data["public_note"])
    earlier = state["publication"].get("correcting")
    told = {
        "source": str(facts.data["error_source"]),
        "found_on": min(found, earlier["found_on"]) if earlier else found,
        "note": f"{earlier['note']}\n{note}" if earlier else note,
        "receipt": str(facts.data.get("receipt") or ""),
        "n": state["n"],
    }
    state["publication"] = {**state["publication"], "correcting": told}


@effect("repair")
def repair(state: State, facts: Facts, args: Args) -> None:
    """Credit repair 信用修复 was asked for, granted or refused; what the party is told of it stands here."""
    if args["step"] == "asked":
        told = {"n": state["n"], "on": facts.on.isoformat(), "answer": "", "answered_on": "", "reason": ""}
        state["repairs"] = [*state.get("repairs", ()), told]
        return
    answer = {
        "answer": args["step"],
        "answered_on": facts.on.isoformat(),
        "reason": str(facts.data.get("repair_reason") or ""),
    }
    state["repairs"] = [*state["repairs"][:-1], {**state["repairs"][-1], **answer}]
