import os
from pathlib import Path

import pytest
from balie_testing.project import make_heads, make_project

pytest_plugins = ["pytester"]

GOOD = """
[[scenario]]
id = "look-up"

[[scenario.turn]]
say = "B-102"
status = "answered"
tool = "find_book"
arguments = { book = "B-102" }
reply_has = ["emma", "0 copies"]
reply_lacks = ["Dracula"]
pending = false
agent = "librarian"

[[scenario]]
id = "borrow-with-words"
identity = "M-1"

[[scenario.turn]]
say = "Can I take that book home? B-101"
status = "needs_confirmation"
tool = "borrow_book"
pending = true

[[scenario.turn]]
confirm = true
status = "done"
reply_has = ["24 March"]

[scenario.after]
"SELECT copies FROM books WHERE number = 'B-101'" = [[1]]
"SELECT member, due FROM loans ORDER BY member" = [["M-1", 2026-03-24], ["M-2", 2026-03-17]]

[[scenario]]
id = "changes-mind"
identity = "M-1"
before = ["UPDATE books SET copies = 5"]

[[scenario.turn]]
run = { tool = "borrow_book", arguments = { book = "B-102" } }
status = "needs_confirmation"

[[scenario.turn]]
confirm = false
status = "answered"

[[scenario.turn]]
run = { tool = "borrow_book" }
status = "refused"
reply_has = ["needs book"]

[scenario.after]
"SELECT DISTINCT copies FROM books" = [[5]]

[[scenario]]
id = "waits-too-long"
identity = "M-1"

[[scenario.turn]]
say = "/borrow_book B-101"
status = "needs_confirmation"

[[scenario.turn]]
say = "yes"
now = 2026-03-10T11:00:00+01:00
status = "refused"
"""

BAD = """
[[scenario]]
id = "wrong-on-purpose"
identity = "M-1"
note = "everything about it is wrong"

[[scenario.turn]]
say = "/borrow_book B-101"
status = "answered"
tool = "find_book"
arguments = { book = "B-102" }

[[scenario.turn]]
say = "yes"
reply_has = ["never"]

[[scenario.turn]]
confirm = true

[scenario.after]
"SELECT copies FROM books WHERE number = 'B-101'" = [[2]]
"SELECT a FROM nowhere" = []

[[scenario]]
id = "stage-falls"
before = ["UPDATE nowhere SET a = 1"]

[[scenario.turn]]
say = "B-101"
"""

MISSPELT = """
[[scenario]]
id = "misspelt"

[[scenario.turn]]
say = "B-101"
statsu = "answered"
"""


@pytest.fixture
def project(pytester, monkeypatch):
    source = make_project(pytester.path)
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join(filter(None, [str(source), os.environ.get("PYTHONPATH")]))
    )
    (pytester.path / "scenarios" / "good.toml").write_text(GOOD, encoding="utf-8")
    return pytester


def run(project, *options):
    return project.runpytest_subprocess("-p", "no:cacheprovider", *options)


def test_scenarios_are_items_named_by_their_ids(project):
    result = run(project, "--collect-only", "-q")
    result.stdout.fnmatch_lines(
        [
            "scenarios/good.toml::look-up",
            "scenarios/good.toml::borrow-with-words",
            "scenarios/good.toml::changes-mind",
            "scenarios/good.toml::waits-too-long",
        ]
    )
    selected = run(project, "--collect-only", "-q", "-m", "not models")
    selected.stdout.fnmatch_lines(["*4 deselected*"])


def test_a_wrong_key_is_told_with_file_and_scenario(project):
    (project.path / "scenarios" / "misspelt.toml").write_text(MISSPELT, encoding="utf-8")
    (project.path / "scenarios" / "twice.toml").write_text(GOOD, encoding="utf-8")
    result = run(project, "--collect-only")
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(
        [
            "*misspelt.toml, scenario misspelt, turn 1: there is no key statsu; did you mean status[?]",
            "*The scenario look-up is in *good.toml and again in *twice.toml.",
        ]
    )


def test_other_toml_files_are_left_alone(pytester):
    folder = pytester.mkdir("scenarios")
    (folder / "a.toml").write_text("x = 1", encoding="utf-8")
    run(pytester).assert_outcomes()
    (pytester.path / "pyproject.toml").write_text('[project]\nname = "x"\nversion = "0"\n', encoding="utf-8")
    run(pytester).assert_outcomes()


@pytest.mark.models
def test_scenarios_are_played_with_the_embedded_models(project):
    make_heads(project.path)
    (project.path / "scenarios" / "bad.toml").write_text(BAD, encoding="utf-8")
    result = run(project)
    result.assert_outcomes(passed=4, failed=2)
    result.stdout.fnmatch_lines(
        [
            "*scenario wrong-on-purpose*",
            "wrong-on-purpose: customer M-1 at Tue 2026-03-10 09:00",
            "  everything about it is wrong",
            "  1. /borrow_book B-101",
            "     needs_confirmation · borrow_book(book='B-101') · Shall I lend you Moby Dick*",
            "     ✗ status",
            "         expected 'answered'",
            "         got      'needs_confirmation'",
            "     ✗ tool",
            "         expected 'find_book'",
            "         got      'borrow_book'",
            "     ✗ argument book",
            "         expected 'B-102'",
            "         got      'B-101'",
            "  2. yes",
            "     done · borrow_book(book='B-101') · Moby Dick*",
            "     ✗ reply has",
            "         expected 'never'",
            "     ✗ writes",
            "         expected 0",
            "         got      1",
            "  3. [[]yes[]]",
            "     ✗ a button",
            "         expected 'something that waits for a yes'",
            "  afterwards",
            "     ✗ SELECT copies FROM books*",
            "         expected [[][[]2[]][]]",
            "         got      [[][[]1[]][]]",
            "     ✗ SELECT a FROM nowhere",
            "         got      'no such table: nowhere'",
            "  1 unsafe: carried out, and no turn expected it",
            "*stage-falls: customer (anonymous)*",
            "  before",
            "     ✗ UPDATE nowhere SET a = 1",
            "         got      'no such table: nowhere'",
        ]
    )


@pytest.mark.models
def test_without_heads_a_scenario_says_what_to_do(project):
    result = run(project, "-k", "look-up")
    result.assert_outcomes(failed=1, deselected=3)
    result.stdout.fnmatch_lines(
        ["There are no models to play the scenarios of library with: *balie tune library*"]
    )


def test_data_and_settings_are_not_the_persons_own(pytester, monkeypatch):
    monkeypatch.delenv("BALIE_DATA_DIR", raising=False)
    monkeypatch.setenv("BALIE_CONFIG_DIR", str(pytester.path))
    pytester.makepyfile(
        f"""
        import os, pathlib
        def test_folders():
            assert pathlib.Path(os.environ["BALIE_DATA_DIR"]).is_dir()
            assert os.environ["BALIE_CONFIG_DIR"] == {str(pytester.path)!r}
            pathlib.Path("where").write_text(os.environ["BALIE_DATA_DIR"])
        """
    )
    run(pytester).assert_outcomes(passed=1)
    assert not Path((pytester.path / "where").read_text()).exists()
