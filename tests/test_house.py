"""The house keeps to its own rules: short files, links that lead somewhere, parts that are there."""

import re
from pathlib import Path

import pytest
from balie.vertical import load, names

ROOT = Path(__file__).parents[1]
LONGEST = 400
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("verticals/*/*.md")])


@pytest.mark.parametrize("file", sorted(ROOT.glob("packages/*/src/**/*.py")), ids=lambda f: f.name)
def test_a_file_of_the_runtime_can_be_held_in_the_head(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) < LONGEST


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: str(d.relative_to(ROOT)))
def test_links_in_documents_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", document.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (document.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("name", names())
def test_a_vertical_has_all_the_parts_that_it_names(name: str) -> None:
    vertical = load(name)
    assert vertical.name == name
    assert vertical.team.tools
    assert vertical.metadata.tables
    assert callable(vertical.seed)
    assert vertical.controllers
    assert vertical.screens
    assert vertical.demo.messages
    assert (vertical.migrations.folder / "versions").is_dir()
    for part in ("examples.toml", "policy.md", "scenarios", "heads"):
        assert (vertical.folder / part).exists(), part
    documented = (vertical.folder / "README.md").read_text(encoding="utf-8")
    assert [tool for tool in vertical.team.tools if f"`{tool}`" not in documented] == []
