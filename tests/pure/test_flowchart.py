"""The published flowchart is the executed procedure: the three forms say the same, and what the engine knows."""

import json
import re
import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest

from sanxiang.law import flowchart
from sanxiang.law.packs import list_packs, load_pack

CASES = [(locality, procedure) for locality in list_packs() for procedure in load_pack(locality).procedures]
MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DIAGRAM = "{http://www.omg.org/spec/BPMN/20100524/DI}"
SVG = "{http://www.w3.org/2000/svg}"


def sanxiang(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sanxiang.cli", *words], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(("locality", "procedure"), CASES)
def test_every_stage_that_runs_is_in_every_form(locality: str, procedure: str) -> None:
    pack = load_pack(locality)
    words, picture = flowchart.text(pack, procedure), flowchart.svg(pack, procedure)
    tasks = [
        task.get("name") for task in ET.fromstring(flowchart.bpmn(pack, procedure)).iter(f"{MODEL}userTask")
    ]
    labels = [stage.label for stage in pack.stages_of(procedure)]
    assert tasks == labels
    assert [line.split(". ")[1].split("。")[0] for line in words.splitlines()[1:-1]] == labels
    drawn = [text.text for text in ET.fromstring(picture).iter(f"{SVG}text")]
    assert [text for text in drawn if text in labels] == labels


@pytest.mark.parametrize(("locality", "procedure"), CASES)
def test_the_bpmn_is_a_whole_graph_with_a_place_for_everything(locality: str, procedure: str) -> None:
    root = ET.fromstring(flowchart.bpmn(load_pack(locality), procedure))
    process = root.find(f"{MODEL}process")
    assert process is not None
    flows = {
        f.get("id"): (f.get("sourceRef"), f.get("targetRef")) for f in process.iter(f"{MODEL}sequenceFlow")
    }
    nodes = {node.get("id"): node for node in process if node.tag != f"{MODEL}sequenceFlow"}
    assert {end for pair in flows.values() for end in pair} == set(nodes)
    for name, node in nodes.items():
        going = {f for f, (source, _target) in flows.items() if source == name}
        coming = {f for f, (_source, target) in flows.items() if target == name}
        assert {n.text for n in node.iter(f"{MODEL}outgoing")} == going
        assert {n.text for n in node.iter(f"{MODEL}incoming")} == coming
        assert bool(going) == (node.tag != f"{MODEL}endEvent") and bool(coming) == (
            node.tag != f"{MODEL}startEvent"
        )
    assert {s.get("bpmnElement") for s in root.iter(f"{DIAGRAM}BPMNShape")} == set(nodes)
    assert {e.get("bpmnElement") for e in root.iter(f"{DIAGRAM}BPMNEdge")} == set(flows)
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(("locality", "procedure"), CASES)
def test_the_picture_needs_no_exception_from_the_content_policy_and_keeps_its_words_inside(
    locality: str, procedure: str
) -> None:
    root = ET.fromstring(flowchart.svg(load_pack(locality), procedure))
    assert not [
        element for element in root.iter() if element.tag.endswith(("script", "style", "foreignObject"))
    ]
    assert not [
        name for element in root.iter() for name in element.attrib if name == "style" or name.startswith("on")
    ]
    for words in root.iter(f"{SVG}text"):
        right = int(words.attrib["x"]) + sum(1.0 if c > "ÿ" else 0.56 for c in words.text or "") * int(
            words.attrib["font-size"]
        )
        assert right <= flowchart.WIDTH, words.text


@pytest.mark.parametrize(("locality", "procedure"), CASES)
def test_conditions_are_told_in_words(locality: str, procedure: str) -> None:
    """What the public reads says neither the name of a field nor the code of a choice."""
    said = [step.condition for step in flowchart.steps(load_pack(locality), procedure)]
    assert not [words for words in said if re.search("[a-z_=]", words)]


def test_conditional_steps_have_a_way_round_and_early_ends_end() -> None:
    pack = load_pack("laizhou")
    steps = {step.id: step for step in flowchart.steps(pack, "ordinary")}
    assert steps["o-review"].condition == "属于重大执法决定，或者已经送审"
    assert steps["o-filing"].exits == ("决定不予立案",)
    drawing = flowchart.draw(pack, "ordinary")
    edges = {(edge.source, edge.target): edge.label for edge in drawing.edges}
    assert edges["o-review-when", "o-review"] == "是" and edges["o-review-when", "o-review-on"] == "否"
    assert ("o-filing-ends", "o-filing-end") in edges


def test_a_period_stands_where_it_must_be_met_with_its_article() -> None:
    steps = {step.id: step for step in flowchart.steps(load_pack("laizhou"), "ordinary")}
    assert "作出处罚决定：90日（《行政处罚法》第六十条）" in steps["o-decision"].limits
    assert any(limit.startswith("陈述申辩期限") for limit in steps["o-notice"].limits)
    assert any("7个工作日" in limit for limit in steps["s-publication"].limits)


def test_the_commands_say_what_the_packs_say() -> None:
    listed = json.loads(sanxiang("procedure", "list", "--json").stdout)
    assert {row["id"]: row["localities"] for row in listed}["ordinary"] == list_packs()
    shown = json.loads(sanxiang("procedure", "show", "ordinary", "--locality", "dongying", "--json").stdout)
    pack = load_pack("dongying")
    assert [act["id"] for act in shown["acts"]] == [act.id for act in pack.acts_of("ordinary")]
    assert {limit["id"] for limit in shown["limits"]} == {limit.id for limit in pack.limits_of("ordinary")}
    assert all(shown[key] for key in ("guards", "papers", "recordings", "stages"))
    for form, begin in (("svg", "<svg"), ("bpmn", "<?xml"), ("text", "行政处罚普通程序")):
        done = sanxiang("procedure", "flowchart", "ordinary", "--locality", "dongying", "--format", form)
        assert done.returncode == 0 and done.stdout.startswith(begin)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("procedure", "show", "ordinary", "--locality", "atlantis"), 1, "没有名为 atlantis"),
        (("procedure", "show", "trial", "--locality", "laizhou"), 1, "现有：summary、ordinary"),
        (("procedure", "flowchart", "ordinary"), 2, "缺少参数"),
        (
            ("procedure", "flowchart", "ordinary", "--locality", "laizhou", "--format", "gif"),
            2,
            "不在可选范围内",
        ),
    ],
)
def test_a_wrong_word_gets_a_sentence(words: tuple[str, ...], code: int, said: str) -> None:
    done = sanxiang(*words)
    assert (done.returncode, done.stdout) == (code, "") and said in done.stderr
