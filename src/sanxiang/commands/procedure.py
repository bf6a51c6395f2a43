"""`sanxiang procedure`: what a procedure consists of in a locality, and its flowchart. Reads the packs alone."""

import argparse
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sanxiang.commands.output import Wrong, say
from sanxiang.law import flowchart
from sanxiang.law.blocks import Block, PackError
from sanxiang.law.clocks import length
from sanxiang.law.packs import Pack, list_packs, load_pack
from sanxiang.law.recording.matters import could_be
from sanxiang.law.rules import Act, Guard, LimitRule, PaperRule

FORMATS = {"svg": flowchart.svg, "bpmn": flowchart.bpmn, "text": flowchart.text}


def add(sub: "argparse._SubParsersAction[Any]", common: argparse.ArgumentParser) -> None:
    """Hang the commands into the tree."""
    parser = sub.add_parser("procedure", parents=[common], help="执法程序：清单、规则、流程图")
    kinds = parser.add_subparsers(
        dest="procedure_command", metavar="子命令", required=True, parser_class=type(parser)
    )
    listed = kinds.add_parser("list", parents=[common], help="列出各地的程序")
    listed.set_defaults(run=run_list)
    show = kinds.add_parser("show", parents=[common], help="一个程序的动作、条件、文书、期限和记录要求")
    chart = kinds.add_parser("flowchart", parents=[common], help="一个程序的流程图")
    for one in (show, chart):
        one.add_argument("id", metavar="ID", help="程序，如 ordinary")
        one.add_argument("--locality", metavar="L", required=True, help="地方规则包，如 laizhou")
    show.set_defaults(run=run_show)
    chart.add_argument(
        "--format", choices=tuple(FORMATS), default="text", help="svg 图、bpmn（BPMN 2.0 XML）或 text 文字"
    )
    chart.set_defaults(run=run_flowchart)


def run_list(args: argparse.Namespace) -> int:
    """Every procedure once, with the localities that have it."""
    found: dict[str, dict[str, Any]] = {}
    for name in list_packs():
        pack = pack_of(name)
        for rule in pack.procedures.values():
            row = {
                "id": rule.id,
                "label": rule.label,
                "act_type": rule.act_type,
                "citation": str(rule.citation),
                "localities": [],
            }
            found.setdefault(rule.id, row)["localities"].append(name)
    rows = sorted(found.values(), key=lambda row: row["id"])
    say(args, rows, "\n".join(f"{row['id']}  {row['label']}  {'、'.join(row['localities'])}" for row in rows))
    return 0


def run_show(args: argparse.Namespace) -> int:
    """Acts, guards, papers, limits and recordings of one procedure."""
    pack = procedure_of(args)
    lines = [flowchart.text(pack, args.id), "", "办理动作："]
    lines += [f"- {act.label}（{act.citation}）" for act in pack.acts_of(args.id)]
    say(args, described(pack, args.id), "\n".join(lines))
    return 0


def run_flowchart(args: argparse.Namespace) -> int:
    """The chart itself on stdout; with --json in an object."""
    chart = FORMATS[args.format](procedure_of(args), args.id)
    say(args, {"id": args.id, "locality": args.locality, "format": args.format, "flowchart": chart}, chart)
    return 0


def pack_of(name: str) -> Pack:
    """The pack of a locality, or a sentence."""
    if name not in list_packs():
        raise Wrong(f"没有名为 {name} 的地方规则包；现有：{'、'.join(list_packs()) or '（无）'}")
    try:
        return load_pack(name)
    except PackError as error:
        raise Wrong(f"规则包 {name} 不能使用：{error}，请先用 pack check 检查") from None


def procedure_of(args: argparse.Namespace) -> Pack:
    """The pack, once it is sure that it has this procedure."""
    pack = pack_of(args.locality)
    if args.id not in pack.procedures:
        raise Wrong(f"{args.locality} 没有名为 {args.id} 的程序；现有：{'、'.join(pack.procedures)}")
    return pack.read_by(args.id)


def described(pack: Pack, procedure: str) -> dict[str, Any]:
    """A procedure as plain values."""
    rule, acts = pack.procedures[procedure], pack.acts_of(procedure)
    papers = dict.fromkeys(paper for act in acts for paper in act.papers)
    return {
        "id": rule.id, "label": rule.label, "locality": pack.id, "act_type": rule.act_type,
        "citation": str(rule.citation), "help": rule.help,
        "stages": [asdict(step) for step in flowchart.steps(pack, procedure)],
        "acts": [act_row(pack, act, procedure) for act in acts],
        "guards": [guard_row(guard) for guard in pack.guards if not guard.procedures or procedure in guard.procedures],
        "papers": [paper_row(pack.papers[paper]) for paper in papers if paper in pack.papers],
        "limits": [limit_row(pack, limit) for limit in pack.limits_of(procedure)],
        "recordings": recordings(pack, procedure, acts),
    }  # fmt: skip


def act_row(pack: Pack, act: Act, procedure: str) -> dict[str, Any]:
    """An act with what it asks and which guards stand before it."""
    fields = [{"name": f.name, "label": f.label, "type": f.type, "required": f.required} for f in act.fields]
    guards = [guard.id for guard in pack.guards_of(act.id, procedure)]
    return {
        "id": act.id, "label": act.label, "citation": str(act.citation), "stages": list(act.stages), "to": act.to, "by": list(act.by),
        "officers": act.officers, "enforcement": act.enforcement, "papers": list(act.papers), "fields": fields, "guards": guards,
    }  # fmt: skip


def guard_row(guard: Guard) -> dict[str, Any]:
    """A condition before acts."""
    return {
        "id": guard.id,
        "on": list(guard.on),
        "needs": guard.needs,
        "when": list(guard.when),
        "cure": guard.cure,
        "citation": str(guard.citation),
    }


def paper_row(paper: PaperRule) -> dict[str, Any]:
    """A document."""
    return {"id": paper.id, "label": paper.label, "kind": paper.kind, "citation": str(paper.citation)}


def limit_row(pack: Pack, limit: LimitRule) -> dict[str, Any]:
    """A period; `n` is null where the locality has set none (方案未定)."""
    return {
        "id": limit.id, "label": limit.label, "n": length(limit, pack), "unit": limit.unit, "side": limit.side,
        "start": list(limit.start), "stop": list(limit.stop), "citation": str(limit.citation),
    }  # fmt: skip


def recordings(pack: Pack, procedure: str, acts: Iterable[Act]) -> list[dict[str, Any]]:
    """What must be recorded: at the stages of the procedure, and by the locality's own list."""
    at_stages = [
        {**record, "stage": stage.id, "citation": str(stage.citation)}
        for stage in pack.stages_of(procedure)
        for record in stage.records
    ]
    return at_stages + [record_row(block) for block in pack.of_kind("record") if concerns(block, acts)]


def record_row(block: Block) -> dict[str, Any]:
    """What must be recorded, and how."""
    keys = ("matter", "label", "level", "forms", "waiver", "stages", "acts", "provenance")
    return {key: block.data[key] for key in keys if key in block.data} | {"citation": str(block.citation)}


def concerns(block: Block, acts: Iterable[Act]) -> bool:
    """A recording duty that names acts concerns the procedures that have them; one that names none concerns all."""
    named = set(block.data.get("acts", ()))
    borne = any(block.data["matter"] in could_be(act) for act in acts)
    return borne or not named or bool(named & {act.id for act in acts})
