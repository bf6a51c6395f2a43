"""电子案卷: a paper as PDF, Word file and data under one version, and the whole file of a case as one zip that anybody can check."""

import contextlib
import hashlib
import io
import json
import re
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import bagit
import pytest
from django.conf import settings
from docx import Document
from jsonschema import Draft202012Validator
from pypdf import PdfReader

from altered import Alter
from api_client import Api
from knocks import signed_in
from play import STORIES, Clock, Play, make_office
from rows import row
from sanxiang.cases.models import Evidence, Paper
from sanxiang.cases.papers.typeset import path_of
from sanxiang.cli import main
from sanxiang.law.packs import load_pack
from sanxiang.people.models import Person
from side_stories import photo

pytestmark = pytest.mark.django_db


def flaws(value: Any, schema: dict[str, Any]) -> list[str]:
    """What JSON Schema finds wrong, in the schema first."""
    Draft202012Validator.check_schema(schema)
    return [f"{one.json_path}: {one.message}" for one in Draft202012Validator(schema).iter_errors(value)]


def told_by(client: Any, address: str) -> bytes:
    """A file as a browser takes it away."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def in_all_forms(person: Person, paper: Paper) -> None:
    """PDF, Word file, data and schema name the same version, and the data are what the schema says."""
    desk, client = f"/desk/cases/{paper.case_id}/papers/{paper.pk}", signed_in(person)
    api = f"/cases/{paper.case_id}/papers/{paper.pk}"
    page = told_by(client, f"{desk}/").decode()
    assert f'href="/api/v1{api}.json"' in page and f'href="/api/v1{api}.schema.json"' in page
    data, schema = Api(person).get(f"{api}.json"), Api(person).get(f"{api}.schema.json")
    version = f"{paper.kind}/{paper.template}"
    pdf = PdfReader(io.BytesIO(told_by(client, f"{desk}.pdf")))
    word = Document(io.BytesIO(told_by(client, f"{desk}.docx")))
    assert pdf.metadata and pdf.metadata["/Keywords"] == word.core_properties.keywords == version
    assert data["version"] == version and schema["properties"]["version"] == {"const": version}
    assert flaws(data, schema) == [], paper.kind
    assert (data["number"], data["digest"]) == (paper.number, paper.digest)
    printed = "".join("".join(one.extract_text() for one in pdf.pages).split())
    if paper.kind == "penalty-decision":
        stated = {one["label"]: one.get("text", "") for one in data["entries"]}
        assert stated["三、处罚的依据和内容"] and "".join(stated["当事人"].split()) in printed
        lacking = {**data, "entries": [x for x in data["entries"] if x["label"] != "三、处罚的依据和内容"]}
        assert flaws(lacking, schema) and flaws({**data, "number": ""}, schema)
        assert flaws({**data, "version": f"{version}9"}, schema)


def taken_away(person: Person, play: Play, folder: Path) -> Path:
    """The electronic file by the link on the case's page, unpacked; a program for bags finds all of it there and unchanged."""
    client, address = signed_in(person), f"/api/v1/cases/{play.case_id}/dossier.zip"
    assert f'href="{address}"' in told_by(client, f"/desk/cases/{play.case_id}/").decode()
    made = zipfile.ZipFile(io.BytesIO(told_by(client, address)))
    made.extractall(folder)
    (root,) = folder.iterdir()
    bag = bagit.Bag(str(root))
    bag.validate()
    assert bag.info["Source-Organization"] == play.case.agency.name
    told = {**bag.payload_entries(), **bag.tagfile_entries()}
    found = {str(file.relative_to(root)) for file in root.rglob("*") if file.is_file()}
    assert found - set(told) == {"tagmanifest-sha256.txt"} and not set(told) - found
    return root


def whole(play: Play, person: Person) -> None:
    """Every paper in both forms with its schema, every piece of evidence; a file altered on disk is not given away."""
    with tempfile.TemporaryDirectory() as folder:
        every_paper_twice(taken_away(person, play, Path(folder)), play)
    altered_is_kept_back(play, person)


def every_paper_twice(made: Path, play: Play) -> None:
    """As PDF and as data that fits its schema; and the evidence."""
    listed = json.loads((made / "data/目录.json").read_bytes())
    papers = list(Paper.objects.filter(case=play.case_id).order_by("n", "label"))
    assert [(one["label"], one["number"], one["pdf"]) for one in listed["papers"]] == [
        (paper.label, paper.number, paper.pdf) for paper in papers
    ]
    for line, paper in zip(listed["papers"], papers, strict=True):
        pdf, data = ((made / name).read_bytes() for name in line["files"])
        assert hashlib.sha256(pdf).hexdigest() == paper.pdf
        schema = json.loads(
            (made / f"data/结构/{line['version'].replace('/', '_')}.schema.json").read_bytes()
        )
        assert flaws(json.loads(data), schema) == [], paper.kind
    assert [one["digest"] for one in listed["evidence"]] == list(
        Evidence.objects.filter(case=play.case_id).order_by("n", "pk").values_list("digest", flat=True)
    )


def altered_is_kept_back(play: Play, person: Person) -> None:
    """A paper that is not what was stored is named, and nothing is given away."""
    papers = list(Paper.objects.filter(case=play.case_id).order_by("n", "label"))
    altered = path_of(settings.PAPER_ROOT, papers[3].pdf)
    altered.chmod(0o640)
    altered.write_bytes(altered.read_bytes()[:-1] + b"x")
    told = Api(person).get(f"/cases/{play.case_id}/dossier.zip", status=500)
    assert papers[3].label in told["error"]["message"] and "被改动" in told["error"]["message"]


def checked(locality: str, key: str) -> list[str]:
    """What `sanxiang pack check` says: `errors` or `remarks`."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        main(["pack", "check", locality, "--json"])
    return [one[key.removesuffix("s")] for one in json.loads(out.getvalue())[key]]


SOME = ("on-site-notice", "interview-record", "penalty-decision", "file-index")
"""A notice, a record, a letter, a list; the file has them all."""


def filed(locality: str, clock: Clock) -> None:
    """A case played to its archive: some papers looked at in every form, then the whole file."""
    play = Play(make_office(locality), *STORIES["hearing"], clock)
    play.until()
    papers = Paper.objects.filter(case=play.case_id, kind__in=SOME)
    assert {paper.kind for paper in papers} == set(SOME)
    for paper in papers:
        in_all_forms(play.person("officer1"), paper)
    whole(play, play.person("officer1"))


def own(locality: str, source: str) -> str:
    """The locality's own notice on site, worded as the national one."""
    told = 'id = "on-site-notice"\ninstead_of = "on-site-notice"\nlabel = "现场告知书"\nkind = "external"\nseal = "agency"'
    body = load_pack(locality).papers["on-site-notice"].body
    return f"```toml paper\n{told}\nsource = \"{source}\"\nversion = \"7\"\nbody = '''\n{body}'''\n```\n"


STANDARD = [
    row(
        "DY-043", values=("东营区部门执法文书标准文本",), change=('["部门执法文书标准文本"]', '["省级范本"]')
    ),
    row("LC-040", values=("本系统文书范本",), change=('["本系统"]', '["省级范本"]')),
]


@pytest.mark.parametrize(("locality", "source"), STANDARD)
def test_a_standard_text_has_its_electronic_form_under_the_same_version(
    locality: str, source: str, clock: Clock, alter: Alter
) -> None:
    """A text from elsewhere is refused by the check; the scheme's own is used, and PDF, Word, data, schema bear its version."""
    alter(locality, add=own(locality, "网上下载"))
    (told,) = checked(locality, "errors")
    assert "网上下载" in told and "《现场告知书》" in told
    alter(locality, add=own(locality, source))
    assert checked(locality, "errors") == []
    filed(locality, clock)
    (notice,) = Paper.objects.filter(kind="on-site-notice")
    assert notice.template == f"{source} 第7版"


@pytest.mark.carries("HT-020", locality="huantai", change=('label = "行政检查"', 'label = "行政监督"'))
def test_kinds_of_acts_without_papers_are_named(clock: Clock, alter: Alter) -> None:
    """The check names each kind of act that has no set of papers; a penalty has one, as PDF and as data, and as one file.

    Every kind has its set as shipped; then two lose theirs, and papers shared by all kinds do not stand in for them.
    """
    assert lacks_papers("huantai") == []
    filed("huantai", clock)
    national = alter("huantai") / "national"
    for pack in (*national.glob("2?-行政强制法*.md"), *national.glob("3?-行政检查*.md")):
        lines = pack.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith("papers = [")]
        pack.write_text("".join(kept), encoding="utf-8")
    (told,) = lacks_papers("huantai")
    assert "：行政强制、行政检查；" in told


@pytest.mark.carries("LC-039", locality="lingchuan", change=('label = "行政裁决"', 'label = "行政仲裁"'))
def test_each_kind_of_act_has_its_papers_and_its_file(clock: Clock, alter: Alter) -> None:
    """陵城: every kind has both as shipped. One loses its papers, then all lose the cover of the file: the check names them.

    What `filed` looks at: PDF, Word, data and schema of a document bear one version; the zip of the file holds to its manifest.
    """
    assert lacks_papers("lingchuan") == [] == lacks_file("lingchuan")
    filed("lingchuan", clock)
    national = alter("lingchuan") / "national"
    for pack in national.glob("52-行政裁决*.md"):
        text = pack.read_text(encoding="utf-8")
        pack.write_text(re.sub(r"^papers = \[.*\n", "", text, flags=re.M), encoding="utf-8")
    (told,) = lacks_papers("lingchuan")
    assert "：行政裁决；" in told and lacks_file("lingchuan") == []
    for pack in national.glob("*.md"):
        text = pack.read_text(encoding="utf-8")
        pack.write_text(text.replace('"file-index", ', ""), encoding="utf-8")
    (told,) = lacks_file("lingchuan")
    assert all(
        kind in told for kind in ("行政许可", "行政处罚", "行政强制", "行政检查", "行政征收征用", "行政裁决")
    )


def lacks_file(locality: str) -> list[str]:
    """The remark on kinds of acts whose files nobody can bind."""
    return [one for one in checked(locality, "remarks") if "案卷模板" in one]


def lacks_papers(locality: str) -> list[str]:
    """The remark on kinds of acts without a set of papers."""
    return [one for one in checked(locality, "remarks") if "成套文书模板" in one]


def test_what_somebody_may_not_see_stays_out_of_the_file(clock: Clock, tmp_path: Path) -> None:
    """A colleague outside the case gets the list with what is withheld, and nothing of it; a stranger gets no file."""
    play = Play(make_office("kaiyuan"), *STORIES["hearing"], clock)
    play.until("decide")
    mine, other = (taken_away(play.person(who), play, tmp_path / who) for who in ("officer1", "officer3"))
    whole_list, cut = (json.loads((made / "data/目录.json").read_bytes()) for made in (mine, other))
    assert not any(one["withheld"] for one in (*whole_list["papers"], *whole_list["evidence"]))
    hidden = [one for one in (*cut["papers"], *cut["evidence"]) if one["withheld"]]
    assert hidden and not any("files" in one for one in hidden)
    assert len(list(other.rglob("*"))) < len(list(mine.rglob("*")))
    stranger = make_office("laizhou").people["officer1"]
    Api(stranger).get(f"/cases/{play.case_id}/dossier.zip", status=404)


def test_a_percent_sign_in_a_name_means_itself(clock: Clock, tmp_path: Path) -> None:
    """RFC 8493 writes a line break in a name as %0A, so a name may not have what would be read as one."""
    office = make_office("kaiyuan")
    play = Play(office, *STORIES["ordinary"], clock)
    play.until("conclude-investigation")
    play.do("add-evidence", "officer1", **{**photo(office), "title": "浓度5%0A的样品"})
    root = taken_away(play.person("officer1"), play, tmp_path / "bag")
    assert [file.name for file in root.glob("data/证据/*5_0A*")]
