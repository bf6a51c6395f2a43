"""Links between cases: this case came of that one, led to it, or rests on what was decided there.

A field of the type `case` names the other case by number or code; the door looks it up and hands over what is known of it
as `facts.extra["cases"]`, by field.
"""

from typing import Any

from sanxiang.law.dossier import numbered
from sanxiang.law.effects import Args, effect
from sanxiang.law.facts import Facts, State
from sanxiang.law.relations import linked


@effect("link")
def link(state: State, facts: Facts, args: Args) -> None:
    """Keep the case that a field names, with what it is to this one; with `evidence` its evidence is listed here too."""
    other = (facts.extra.get("cases") or {}).get(args["field"])
    how = str(facts.data.get(args.get("how_field", "")) or args.get("how", "source"))
    if not other or any(one["case"] == other["id"] and one["how"] == how for one in linked(state)):
        return
    row = {key: other[key] for key in ("number", "procedure", "agency")}
    state.setdefault("links", []).append(
        {"case": other["id"], "how": how, **row, "on": facts.on.isoformat(), "n": state["n"]}
    )
    if args.get("evidence"):
        _references(state, other)


def _references(state: State, other: dict[str, Any]) -> None:
    """The other case's evidence, by title and digest; the files stay where they are."""
    known = {(piece.get("of"), piece["digest"]) for piece in state["evidence"]}
    for piece in other["evidence"]:
        if (other["number"], piece["digest"]) in known:
            continue
        title = numbered(f"{piece['title']}（{other['number']}号案）", state)
        kept = {key: piece[key] for key in ("kind", "digest", "secrecy", "proves") if piece.get(key)}
        own = {"id": f"{other['number']}:{piece['id']}", "of": other["number"], "n": state["n"]}
        state["evidence"].append(kept | own | {"title": title})
