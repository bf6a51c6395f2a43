"""The flowchart of a procedure, drawn from the blocks that the engine executes, so that the two cannot drift apart.

One layout serves both pictures: SVG for the portal, BPMN 2.0 XML (OMG formal/2011-01-03, with diagram interchange) for other
tools. The text says the same for whoever cannot see. Lengths are in pixels of the SVG, which BPMN tools take as points.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from sanxiang.law.clock import UNITS
from sanxiang.law.clocks import length
from sanxiang.law.lists import Row
from sanxiang.law.packs import Pack
from sanxiang.law.recording.matrix import own_text, record_text, rows_at
from sanxiang.law.rules import Act, LimitRule, Procedure, Stage
from sanxiang.law.scope import CONDITIONS

WIDTH, CENTRE, BOX = 680, 248, 376
"""The picture, the middle of its main line, and the width of a step."""

SKIP, EXIT = 28, 500
"""Where the line runs that goes round a step, and where side ends begin."""

GAP, LINE, PAD, DIAMOND, ROUND = 30, 20, 14, 34, 30
INK, SOFT, BLUE, PALE, PAPER, RED = "#1a222d", "#4c5563", "#16365c", "#e8eef6", "#ffffff", "#b3261e"
FONTS = "'PingFang SC','Noto Sans SC','Noto Sans CJK SC','Microsoft YaHei',sans-serif"

Point = tuple[int, int]


@dataclass(frozen=True)
class Step:
    """A node of the procedure in words: who, what, until when, under which article, and what may end here."""

    id: str
    label: str
    actor: str
    citation: str
    condition: str = ""
    acts: tuple[str, ...] = ()
    exits: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    drawn: bool = False
    """Does the scheme want the records in the picture too?"""


@dataclass(frozen=True)
class Shape:
    """Something with a place in the picture. `kind`: start, end, exit, step, split, fork, join."""

    id: str
    kind: str
    label: str
    x: int
    y: int
    width: int
    height: int
    lines: tuple[str, ...] = ()
    note: str = ""

    @property
    def top(self) -> Point:
        """Where a line from above arrives."""
        return self.x + self.width // 2, self.y

    @property
    def bottom(self) -> Point:
        """Where a line downwards leaves."""
        return self.x + self.width // 2, self.y + self.height

    @property
    def middle(self) -> int:
        """The height of the middle."""
        return self.y + self.height // 2


@dataclass(frozen=True)
class Edge:
    """A line from one shape to another, with its corners."""

    source: str
    target: str
    points: tuple[Point, ...]
    label: str = ""


@dataclass
class Drawing:
    """A picture as it grows downwards."""

    shapes: list[Shape] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    y: int = 12

    def put(
        self,
        kind: str,
        name: str,
        label: str,
        size: tuple[int, int],
        lines: tuple[str, ...] = (),
        note: str = "",
    ) -> Shape:
        """The next shape on the main line."""
        width, height = size
        shape = Shape(name, kind, label, CENTRE - width // 2, self.y, width, height, lines, note)
        self.shapes.append(shape)
        self.y += height + GAP
        return shape

    def link(self, source: Shape, target: Shape, label: str = "") -> None:
        """A straight line down."""
        self.edges.append(Edge(source.id, target.id, (source.bottom, target.top), label))


def steps(pack: Pack, procedure: str, own: Sequence[Row] = ()) -> list[Step]:
    """The stages of a procedure in words, in order. `own` are the rows of an agency's recording matrix."""
    pack = pack.read_by(procedure)
    found = pack.stages_of(procedure)
    limits = _limits_by_stage(pack, procedure, found)
    return [_step(pack, stage, limits.get(stage.id, []), own) for stage in found]


def _step(pack: Pack, stage: Stage, limits: list[LimitRule], own: Sequence[Row]) -> Step:
    ends = [pack.acts[act].label for act in stage.done_by if _ends(pack, act)]
    return Step(
        id=stage.id,
        label=stage.label,
        actor=stage.actor,
        citation="、".join(dict.fromkeys(str(act.citation) for act in _acts(pack, stage)))
        or str(stage.citation),
        condition="，并且".join(_condition(pack, name) for name in stage.when),
        acts=tuple(_act_label(pack, act) for act in stage.done_by),
        exits=tuple(ends),
        limits=tuple(limit_text(pack, rule) for rule in limits),
        records=(
            *(record_text(pack, record) for record in stage.records),
            *map(own_text, rows_at(stage, pack, own)),
        ),
        drawn=bool(pack.setting("recording.matrix") or own),
    )


def _acts(pack: Pack, stage: Stage) -> list[Act]:
    """The acts that complete a stage; `serve:paper` is the act of serving."""
    names = dict.fromkeys(name.partition(":")[0] for name in stage.done_by)
    return [pack.acts[name] for name in names if name in pack.acts]


def _ends(pack: Pack, act: str) -> bool:
    """Does the act end the case before its regular end?"""
    effects = pack.acts[act].effects if act in pack.acts else ()
    return any(effect["do"] == "close" and effect["how"] != "closed" for effect in effects)


def _act_label(pack: Pack, name: str) -> str:
    act, _, paper = name.partition(":")
    return pack.acts[act].label + (f"：{pack.papers[paper].label}" if paper in pack.papers else "")


def _condition(pack: Pack, name: str) -> str:
    bare = name.removeprefix("not:")
    kind, _, rest = bare.partition(":")
    if bare in CONDITIONS:
        words = CONDITIONS[bare][0]
    else:
        words = f"已“{pack.acts[rest].label}”" if kind == "done" and rest in pack.acts else _fact(pack, rest)
    return words if bare == name else f"不符合：{words}"


def _fact(pack: Pack, rest: str) -> str:
    """What a field says, by the labels that its form shows: its name, and which of its choices."""
    name, _, told = rest.partition("=")
    values = set(told.split("|")) if told else set()
    fields = [one for act in pack.acts.values() for one in act.fields if one.name == name]
    found = next((one for one in fields if values <= {value for value, _ in one.options}), None)
    if found is None:
        return rest
    chosen = "或者".join(label for value, label in found.options if value in values)
    return f"{found.label}为{chosen}" if chosen else found.label.removeprefix("是否")


def limit_text(pack: Pack, rule: LimitRule) -> str:
    """What a period is called, how long it is in this locality, and where that is written."""
    n = length(rule, pack)
    days = "期限方案未定" if n is None else f"{n}{UNITS[rule.unit]}"
    return f"{rule.label}：{days}（{rule.citation}）"


def _limits_by_stage(pack: Pack, procedure: str, stages: list[Stage]) -> dict[str, list[LimitRule]]:
    """Each period stands at the stage that must meet it, or else at the one that sets it running."""
    found: dict[str, list[LimitRule]] = {}
    for rule in pack.limits_of(procedure):
        stage = _stage_with(stages, pack, rule.stop) or _stage_with(stages, pack, rule.start)
        if stage is not None:
            found.setdefault(stage.id, []).append(rule)
    return found


def _stage_with(stages: list[Stage], pack: Pack, events: tuple[str, ...]) -> Stage | None:
    """The first stage that does one of these; failing that, the one that issues the paper whose service is meant."""
    doing = (stage for stage in stages if set(stage.done_by) & set(events))
    issuing = (stage for stage in stages if _served_papers(pack, stage) & set(events))
    return next(doing, None) or next(issuing, None)


def _served_papers(pack: Pack, stage: Stage) -> set[str]:
    return {f"serve:{paper}" for act in stage.done_by if act in pack.acts for paper in pack.acts[act].papers}


def text(pack: Pack, procedure: str, own: Sequence[Row] = ()) -> str:
    """The flowchart in words, one numbered paragraph a step."""
    rule = pack.procedures[procedure]
    lines = [f"{rule.label}（{pack.name}）"]
    lines += [f"{number}. {sentence(step)}" for number, step in enumerate(steps(pack, procedure, own), 1)]
    return "\n".join([*lines, "流程结束。"])


def sentence(step: Step) -> str:
    """One step in words."""
    parts = [f"{step.label}。"]
    if step.condition:
        parts.append(f"仅在{step.condition}时经过，否则直接进入下一步。")
    if step.actor:
        parts.append(f"由{step.actor}办理。")
    if step.acts:
        parts.append(f"完成标志：{'；'.join(step.acts)}。")
    if step.limits:
        parts.append(f"期限：{'；'.join(step.limits)}。")
    if step.records:
        parts.append(f"记录：{'；'.join(step.records)}。")
    if step.exits:
        parts.append(f"可能在此终结：{'、'.join(step.exits)}。")
    return "".join([*parts, f"依据{step.citation}。"])


def draw(pack: Pack, procedure: str, own: Sequence[Row] = ()) -> Drawing:
    """The picture: a main line downwards, conditional steps with a way round them, early ends to the right."""
    drawing = Drawing()
    previous = drawing.put("start", "start", "开始", (ROUND, ROUND))
    for step in steps(pack, procedure, own):
        previous = (
            _conditional(drawing, previous, step) if step.condition else _plain(drawing, previous, step)
        )
        if step.exits:
            previous = _early_end(drawing, previous, step)
    drawing.link(previous, drawing.put("end", "end", "结束", (ROUND, ROUND)))
    return drawing


def _plain(drawing: Drawing, previous: Shape, step: Step, label: str = "") -> Shape:
    lines = tuple(line for written in _written(step) for line in wrap(written, BOX - 2 * PAD, 13))
    box = drawing.put(
        "step", step.id, step.label, (BOX, 2 * PAD + 22 + LINE * len(lines)), lines, sentence(step)
    )
    drawing.link(previous, box, label)
    return box


def _written(step: Step) -> Iterator[str]:
    if step.actor:
        yield step.actor
    yield from step.limits
    if step.drawn:
        yield from (f"记录：{record}" for record in step.records)


def _conditional(drawing: Drawing, previous: Shape, step: Step) -> Shape:
    split = drawing.put("split", f"{step.id}-when", f"{step.condition}？", (DIAMOND, DIAMOND))
    drawing.link(previous, split)
    box = _plain(drawing, split, step, "是")
    join = drawing.put("join", f"{step.id}-on", "", (DIAMOND // 2, DIAMOND // 2))
    drawing.link(box, join)
    around = ((split.x, split.middle), (SKIP, split.middle), (SKIP, join.middle), (join.x, join.middle))
    drawing.edges.append(Edge(split.id, join.id, around, "否"))
    return join


def _early_end(drawing: Drawing, previous: Shape, step: Step) -> Shape:
    fork = drawing.put("fork", f"{step.id}-ends", "", (DIAMOND, DIAMOND))
    drawing.link(previous, fork)
    label = "、".join(step.exits)
    lines = tuple(wrap(label, WIDTH - EXIT - ROUND - 20, 13))
    end = Shape(f"{step.id}-end", "exit", label, EXIT, fork.middle - ROUND // 2, ROUND, ROUND, lines)
    drawing.shapes.append(end)
    drawing.edges.append(Edge(fork.id, end.id, ((fork.x + fork.width, fork.middle), (end.x, end.middle))))
    return fork


def wrap(words: str, width: int, size: int) -> list[str]:
    """Lines no wider than `width`: SVG does not break lines. A Chinese character is as wide as it is high."""
    lines, used = [""], 0.0
    for character in words:
        wide = size * (1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.56)
        if used + wide > width and character not in "，。；：、）》”？":
            lines.append("")
            used = 0.0
        lines[-1] += character
        used += wide
    return [line for line in lines if line]


def svg(pack: Pack, procedure: str, own: Sequence[Row] = ()) -> str:
    """The picture as SVG, without scripts and styles, so that a page may hold it under the strictest content policy."""
    drawing = draw(pack, procedure, own)
    rule = pack.procedures[procedure]
    height = drawing.y - GAP + 12
    size = {"width": str(WIDTH), "height": str(height), "viewBox": f"0 0 {WIDTH} {height}"}
    named = {"role": "img", "aria-label": f"{rule.label}流程图，文字说明见图后"}
    root = ET.Element(
        "svg", {"xmlns": "http://www.w3.org/2000/svg", **size, **named, "font-family": FONTS, "fill": INK}
    )
    ET.SubElement(root, "title").text = f"{rule.label}流程图"
    for edge in drawing.edges:
        _svg_edge(root, edge)
    for shape in drawing.shapes:
        SHAPES[shape.kind](root, shape)
    return ET.tostring(root, encoding="unicode")


def _svg_edge(root: ET.Element, edge: Edge) -> None:
    path = " ".join(f"{x},{y}" for x, y in edge.points)
    ET.SubElement(root, "polyline", {"points": path, "fill": "none", "stroke": SOFT, "stroke-width": "1.5"})
    (_, y0), (x, y) = edge.points[-2:]
    head = [(x - 5, y - 8), (x + 5, y - 8), (x, y)] if y > y0 else [(x - 8, y - 5), (x - 8, y + 5), (x, y)]
    points = " ".join(f"{px},{py}" for px, py in head)
    ET.SubElement(root, "polygon", {"points": points, "fill": SOFT})
    if edge.label:
        at = edge.points[0]
        down = edge.points[1][1] > at[1]
        _words(root, at[0] + (8 if down else -18), at[1] + (18 if down else -7), edge.label, 13, SOFT)


def _words(
    root: ET.Element, x: int, y: int, words: str, size: int, colour: str = INK, bold: bool = False
) -> None:
    weight = {"font-weight": "700"} if bold else {}
    ET.SubElement(
        root, "text", {"x": str(x), "y": str(y), "font-size": str(size), "fill": colour, **weight}
    ).text = words


def _svg_step(root: ET.Element, shape: Shape) -> None:
    place = {"x": str(shape.x), "y": str(shape.y), "width": str(shape.width), "height": str(shape.height)}
    box = ET.SubElement(
        root, "rect", {**place, "rx": "4", "fill": PAPER, "stroke": BLUE, "stroke-width": "1.5"}
    )
    ET.SubElement(box, "title").text = shape.note
    band = {**place, "width": "6", "fill": BLUE}
    ET.SubElement(root, "rect", band)
    _words(root, shape.x + PAD + 4, shape.y + PAD + 14, shape.label, 17, INK, bold=True)
    for number, line in enumerate(shape.lines):
        _words(root, shape.x + PAD + 4, shape.y + PAD + 37 + LINE * number, line, 13, SOFT)


def _svg_diamond(root: ET.Element, shape: Shape) -> None:
    half = shape.width // 2
    x, y = shape.x + half, shape.middle
    points = f"{x},{y - half} {x + half},{y} {x},{y + half} {x - half},{y}"
    fill = SOFT if shape.kind == "join" else PALE
    ET.SubElement(root, "polygon", {"points": points, "fill": fill, "stroke": BLUE, "stroke-width": "1.5"})
    if shape.label:
        _words(root, x + half + 10, y + 5, shape.label, 14)


def _svg_round(root: ET.Element, shape: Shape) -> None:
    half = shape.width // 2
    ends = shape.kind != "start"
    circle = {"cx": str(shape.x + half), "cy": str(shape.middle), "r": str(half - 2), "fill": PAPER}
    colour = RED if shape.kind == "exit" else BLUE
    ET.SubElement(root, "circle", {**circle, "stroke": colour, "stroke-width": "4" if ends else "2"})
    lines = shape.lines or (shape.label,)
    top = shape.middle + 5 - LINE * (len(lines) - 1) // 2
    for number, line in enumerate(lines):
        _words(
            root, shape.x + shape.width + 10, top + LINE * number, line, 13 if shape.kind == "exit" else 15
        )


SHAPES = {
    "start": _svg_round, "end": _svg_round, "exit": _svg_round, "step": _svg_step,
    "split": _svg_diamond, "fork": _svg_diamond, "join": _svg_diamond,
}  # fmt: skip

BPMN = {
    "xmlns:bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "xmlns:bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "xmlns:dc": "http://www.omg.org/spec/DD/20100524/DC",
    "xmlns:di": "http://www.omg.org/spec/DD/20100524/DI",
}
TAGS = {"start": "startEvent", "end": "endEvent", "exit": "endEvent", "step": "userTask"}


def bpmn(pack: Pack, procedure: str, own: Sequence[Row] = ()) -> str:
    """The same picture as BPMN 2.0 XML with its diagram. Steps are user tasks; what the text says is their documentation."""
    drawing, rule = draw(pack, procedure, own), pack.procedures[procedure]
    root = ET.Element(
        "bpmn:definitions",
        {**BPMN, "id": f"{pack.id}-{procedure}", "targetNamespace": f"urn:sanxiang:{pack.id}"},
    )
    process = ET.SubElement(
        root,
        "bpmn:process",
        {"id": f"process-{procedure}", "name": _title(pack, rule), "isExecutable": "false"},
    )
    flows = [(f"flow-{number}", edge) for number, edge in enumerate(drawing.edges, 1)]
    for shape in drawing.shapes:
        _bpmn_node(process, shape, flows)
    for name, edge in flows:
        ends = {"sourceRef": edge.source, "targetRef": edge.target}
        ET.SubElement(
            process, "bpmn:sequenceFlow", {"id": name, **({"name": edge.label} if edge.label else {}), **ends}
        )
    diagram = ET.SubElement(root, "bpmndi:BPMNDiagram", {"id": "diagram"})
    plane = ET.SubElement(diagram, "bpmndi:BPMNPlane", {"id": "plane", "bpmnElement": f"process-{procedure}"})
    _bpmn_places(plane, drawing, flows)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _title(pack: Pack, rule: Procedure) -> str:
    return f"{rule.label}（{pack.name}）"


def _bpmn_node(process: ET.Element, shape: Shape, flows: list[tuple[str, Edge]]) -> None:
    label = {"name": shape.label} if shape.label else {}
    node = ET.SubElement(
        process, f"bpmn:{TAGS.get(shape.kind, 'exclusiveGateway')}", {"id": shape.id, **label}
    )
    if shape.note:
        ET.SubElement(node, "bpmn:documentation").text = shape.note
    for name, edge in flows:
        if edge.target == shape.id:
            ET.SubElement(node, "bpmn:incoming").text = name
    for name, edge in flows:
        if edge.source == shape.id:
            ET.SubElement(node, "bpmn:outgoing").text = name


def _bpmn_places(plane: ET.Element, drawing: Drawing, flows: list[tuple[str, Edge]]) -> None:
    for shape in drawing.shapes:
        place = ET.SubElement(plane, "bpmndi:BPMNShape", {"id": f"{shape.id}-shape", "bpmnElement": shape.id})
        bounds = {"x": shape.x, "y": shape.y, "width": shape.width, "height": shape.height}
        ET.SubElement(place, "dc:Bounds", {name: str(value) for name, value in bounds.items()})
    for name, edge in flows:
        line = ET.SubElement(plane, "bpmndi:BPMNEdge", {"id": f"{name}-edge", "bpmnElement": name})
        for x, y in edge.points:
            ET.SubElement(line, "di:waypoint", {"x": str(x), "y": str(y)})
