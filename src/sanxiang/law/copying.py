"""A new locality from the pack of another: its rules as a start, its names, numbers and days left behind.

What was one locality's text is nobody's text in another. So every rule that stood in the source's scheme becomes the new
operator's own and says from where it was copied, until somebody has held it against the new scheme.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sanxiang.law.packs import Pack

COPIED = "照抄自"
"""How the `from` of a rule begins that came with the copy and that nobody has gone through yet."""
SCHEME = "三项制度实施方案"
MANIFEST = "pack.toml"
NOT_STATED = "not-stated"
OFFICES = {"legal-organ": "法制审核机构", "legal-supervisor": "司法局"}
NATIONAL_BASIS = {
    "number": "国办发〔2018〕118号",
    "title": "国务院办公厅关于全面推行行政执法公示制度执法全过程记录制度重大执法决定法制审核制度的指导意见",
    "level": "national",
}
FACTS = frozenset(
    {
        "annual_report.recipients",
        "basis",
        "distribution",
        "filings",
        "goals",
        "identity.disclosure_attribute",
        "identity.effective_from",
        "identity.gates_by_act",
        "identity.gates_from",
        "identity.issued_on",
        "identity.units",
        "leadership",
        "ledger",
        "measures.section_leads",
        "phases",
        "publicity_dates",
        "publish.platforms",
        "publish.routing",
        "remedy.internet_channel",
    }
)
"""Parameters that tell of one place and its years, organs and sites: nothing of them can be copied."""
ADVICE = (
    "这里的条款号、说明和规则都是从别处照抄来的起点，要逐条对照本地方案改写。规则核对过了，就删去它的 from 一行，"
    "方案写明的把 provenance 改成 text；方案没有写的，写 set = false。"
)
BLOCK = re.compile(r"^```toml (\S+)\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
INSTRUMENT = re.compile(r"^# [^\n]*\n+```toml instrument\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
PROVENANCE = re.compile(r'^provenance = "(?:text|inherited|operator)"\n', re.MULTILINE)
SOURCE = re.compile(r"^from = .*\n", re.MULTILINE)
DAYS = re.compile(r"^effective_(?:from|to) = .*\n", re.MULTILINE)


@dataclass(frozen=True)
class Naming:
    """How the new locality is called."""

    id: str
    name: str
    region: str = ""
    scheme: str = ""
    number: str = ""

    @property
    def document(self) -> str:
        """The name by which pages cite the scheme."""
        return self.scheme or f"{self.name}{SCHEME}"


def copy_pack(pack: Pack, source: Path, target: Path, told: Naming) -> None:
    """Write the new pack's files into `target`, which must not exist. Raises OSError."""
    target.mkdir(parents=True)
    (target / MANIFEST).write_text(manifest_text(pack.manifest, told), encoding="utf-8")
    for file in sorted(source.rglob("*.md")):
        text = file.read_text(encoding="utf-8-sig")
        own = 'kind = "scheme"' in text and not (target / f"{SCHEME}.md").exists()
        place = target / (f"{SCHEME}.md" if own else file.relative_to(source))
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(rewritten(text, pack, told), encoding="utf-8")


def rewritten(text: str, pack: Pack, told: Naming) -> str:
    """One file under the new locality's name."""
    schemes = {i.name: i for i in pack.instruments.values() if i.kind in ("scheme", "operator")}
    parts = re.split(r"(?m)^(?=# )", text)
    return "".join(_part(part, schemes, pack, told) for part in parts)


def _part(part: str, schemes: Mapping[str, Any], pack: Pack, told: Naming) -> str:
    """An instrument with its rules; statutes and norms stay as they are, but for what tells of the place."""
    head = INSTRUMENT.search(part)
    name = str(tomllib.loads(head[1]).get("name", "")) if head else ""
    own = name in schemes
    if pack.name != pack.id:
        part = part.replace(pack.name, told.name)
    part = BLOCK.sub(lambda block: _block(block, f"{COPIED}{name}" if own else ""), part)
    return INSTRUMENT.sub(lambda _: _heading(schemes[name], told), part, count=1) if own else part


def _heading(instrument: Any, told: Naming) -> str:
    """The first lines of the scheme, or of what the operator settled."""
    scheme = instrument.kind == "scheme"
    name = told.document if scheme else f"{told.name}设定"
    rows = [f'id = "{told.id}-{instrument.kind}"', f"name = {_toml(name)}"]
    rows += [f"number = {_toml(told.number)}"] if scheme and told.number else []
    head = [f"# {name}", "", "```toml instrument", *rows, f'kind = "{instrument.kind}"', "```"]
    return "\n".join([*head, "", ADVICE] if scheme else head)


def _block(found: re.Match[str], origin: str) -> str:
    """One rule: facts of the place are emptied, days of the past dropped, and what was copied says so."""
    kind, body = found[1], found[2]
    data = tomllib.loads(body)
    key = str(data.get("key", ""))
    if key in FACTS and kind == "example":
        return ""
    if key in FACTS and kind == "value":
        kept = "".join(DAYS.findall(body))
        note = "原地方的情况不能照抄，请按本地方案填写；方案没有写的保持未定。"
        body = f'key = "{key}"\nset = false\n{kept}provenance = "operator"\nnote = "{note}"\n'
    elif origin and data.get("set", True) and not str(data.get("from", "")).startswith(("国办发", COPIED)):
        # A function, not a text: a scheme's name may hold a backslash.
        body = PROVENANCE.sub(
            lambda _: f'provenance = "operator"\nfrom = {_toml(origin)}\n', SOURCE.sub("", body)
        )
    if kind == "measure" and re.fullmatch(r"\d{4}-\d\d-\d\d", str(data.get("due", ""))):
        body = re.sub(r"(?m)^printed = .*\n", "", re.sub(r"(?m)^due = .*$", 'due = "not-set"', body))
    return f"```toml {kind}\n{body}```"


def manifest_text(manifest: Mapping[str, Any], told: Naming) -> str:
    """The new pack.toml, each key with what belongs there."""
    identity = manifest.get("identity", {})
    rows = [
        f"id = {_toml(told.id)}",
        f"seed = {_toml(told.id.upper())}",
        f"name = {_toml(told.name)}",
        f"level = {_toml(manifest['level'])}",
        "# GB/T 2260 的六位区划代码，证件的执法区域按它核对",
        f"region = {_toml(told.region)}",
        'extends = "national"',
        "",
        "[display_names]",
        *(f"{key} = {_toml(name)}" for key, name in OFFICES.items()),
        "",
        f"# 方案没有写明的，保持 {_toml(NOT_STATED)}",
        "[identity]",
        f"doc_no = {_toml(told.number or NOT_STATED)}",
        f"issuer = {_toml(told.name)}",
        *(f"{key} = {_toml(NOT_STATED)}" for key in ("issued_on", "effective_from", "addressees")),
        f"disclosure_attribute = {_toml(NOT_STATED)}",
        "pilot = false",
        f"domain = {_toml(identity.get('domain', NOT_STATED))}",
        "",
        "# 方案写明的制定依据，一份一段",
    ]
    kept = [row for row in manifest.get("basis", ()) if row.get("level") == "national"] or [NATIONAL_BASIS]
    rows += [line for row in kept for line in _table("basis", row)]
    rows += ["", "# 本地方案所列的行为种类；clause 是方案的条款"]
    rows += [line for row in manifest.get("act_types", ()) for line in _table("act_types", row)]
    return "\n".join(rows).rstrip() + "\n"


def _table(name: str, row: Mapping[str, Any]) -> list[str]:
    return [f"[[{name}]]", *(f"{key} = {_toml(value)}" for key, value in row.items()), ""]


def _toml(value: Any) -> str:
    """A plain value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    return value.isoformat() if isinstance(value, date) else str(value)


def still_copied(pack: Pack) -> list[str]:
    """Places of the pack's own rules that nobody has held against the locality's scheme yet."""
    own = [b for b in pack.blocks if b.file.split("/")[0] == pack.id]
    return [f"{b.file}:{b.line}" for b in own if str(b.data.get("from", "")).startswith(COPIED)]
