"""Nothing is true until a test reads it in the manual: settings, commands, make targets, version, glossary."""

import ast
import re
import shlex
import subprocess
import sys
import tomllib

import pytest

from sanxiang.cli import build, command_in
from source_tree import ROOT, modules, texts, when_commands_are_built

SETTING = re.compile(r"\bSANXIANG_[A-Z0-9_]*[A-Z]\b")


def read(name: str) -> str:
    """A file of the checkout."""
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_setting_is_in_the_manual_and_none_besides() -> None:
    used = {name for _path, text in texts("src", "tools", "bench") for name in SETTING.findall(text)}
    assert used == set(SETTING.findall(read("docs/operate.md")))


@when_commands_are_built
def test_the_page_of_commands_is_what_the_program_says() -> None:
    script = (
        "import sys; sys.path.insert(0, 'tools'); import write_commands; print(write_commands.page(), end='')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == read("docs/commands.md"), "docs/commands.md is stale: run make docs"


@pytest.mark.parametrize("manual", ["docs/operate.md", "docs/operate.zh-CN.md", "docs/importing.md"])
def test_every_command_of_the_manuals_is_one_that_the_program_takes(manual: str) -> None:
    blocks = re.findall(r"```sh\n(.*?)```", read(manual), re.DOTALL)
    lines = [
        line for block in blocks for line in block.replace("\\\n", " ").splitlines() if "sanxiang " in line
    ]
    commands = [shlex.split(line.split("sanxiang ", 1)[1], comments=True) for line in lines]
    commands = [words for words in commands if words and not words[0].startswith(".")]
    assert commands
    for words in commands:
        build(command_in(words)).parse_args(words)


def test_every_make_target_is_explained() -> None:
    makefile = read("Makefile")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony
    manual = read("docs/operate.md") + makefile.split("help:\n")[1].split("\n\n")[0]
    unexplained = [t for t in phony[1].split() if t != "help" and not re.search(rf"\b{t}\b", manual)]
    assert not unexplained


def test_the_changelog_opens_with_the_version() -> None:
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    heading = re.search(r"^## (\S+)", read("CHANGELOG.md"), re.MULTILINE)
    assert heading and heading[1] == version


@when_commands_are_built
def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{path}: {target}"
        for path, text in texts()
        if path.suffix == ".md" and path.parts[0] not in ("packs",)
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
        if "://" not in target and not (ROOT / path.parent / target).exists()
    ]
    assert not broken, "\n".join(broken)


def glossary() -> list[tuple[list[str], str, str]]:
    """(identifiers, Chinese, source) of each line of the table."""
    rows = []
    for line in read("GLOSSARY.md").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("| `"):
            assert len(cells) == 3 and all(cells), f"GLOSSARY.md: three filled cells are needed: {line}"
            rows.append((re.findall(r"`([^`]+)`", cells[0]), cells[1], cells[2]))
    return rows


def test_the_glossary_names_each_identifier_once_and_in_chinese() -> None:
    names = [name for identifiers, _chinese, _source in glossary() for name in identifiers]
    assert len(names) == len(set(names)) > 60
    assert all(re.search(r"[一-鿿]", chinese) for _names, chinese, _source in glossary())


def test_every_word_of_the_glossary_is_used() -> None:
    words = {w for _path, text in texts("src", "packs") for w in re.findall(r"[A-Za-z][A-Za-z0-9_-]*", text)}
    idle = [n for names, _chinese, _source in glossary() for n in names if n not in words]
    assert not idle, f"in GLOSSARY.md, nowhere in src or packs: {idle}"


def test_every_model_is_in_the_glossary() -> None:
    known = {name for names, _chinese, _source in glossary() for name in names}
    models = {
        c.name
        for m in modules("src")
        for c in ast.walk(m.tree)
        if isinstance(c, ast.ClassDef) and any(ast.unparse(b).startswith(("models.", "Abstract")) for b in c.bases)
        and not ast.unparse(c.bases[0]).endswith(("Choices", "Manager", "QuerySet", "Field"))
    }  # fmt: skip
    assert not models - known, f"models without a line in GLOSSARY.md: {sorted(models - known)}"


def test_a_digest_has_one_name() -> None:
    elsewhere = [
        str(path)
        for path, text in texts("src", "packs", "docs")
        if re.search(r"摘要值|哈希值|散列值|指纹值", text)
    ]
    assert not elsewhere, "校验值 is the word (GLOSSARY.md)"


def test_what_one_types_to_sign_in_has_one_name() -> None:
    """密码, as people say; 口令 beside it would be another thing. (接口令牌 is what a program shows.)"""
    named = [f"{path}" for path, text in texts("src", "packs", "docs") if re.search("口令(?!牌)", text)]
    assert not named and not re.search("口令(?!牌)", read("README.zh-CN.md"))
