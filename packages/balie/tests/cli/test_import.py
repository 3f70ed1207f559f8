import json

import pytest
from balie.cli._exit import ExitCode

GOOD = "number,copies,title\nB-101,5,Moby Dick\nB-200,1,Ulysses\n"
FAULTY = GOOD + "B-201,many,Persuasion\n"


@pytest.fixture
def file(data):
    def write(content, name="books.csv"):
        path = data.parent / name
        path.write_text(content)
        return str(path)

    return write


def test_rows_are_brought_in_and_counted(balie, library_data, file, rows):
    result = balie("import", "library", "books", file(GOOD))
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("2 rows in ")
    assert "1 new, 1 changed, 0 as they were, 0 rejected" in result.stdout
    assert rows("SELECT copies FROM books WHERE number = 'B-101'") == [(5,)]


def test_faults_are_listed_and_the_rest_is_written(balie, library_data, file, rows):
    result = balie("import", "library", "books", file(FAULTY))
    assert result.exit_code == ExitCode.FAILED
    (line,) = [line for line in result.stdout.splitlines() if "copies" in line]
    assert line.split()[:2] == ["4", "copies"]
    assert "A whole number from 0 to 1000" in line
    assert rows("SELECT count(*) FROM books") == [(4,)]


def test_the_report_as_json(balie, library_data, file):
    result = balie("import", "library", "books", file(FAULTY), "--json")
    assert result.exit_code == ExitCode.FAILED
    report = json.loads(result.stdout)
    assert (report["kind"], report["rows"], report["created"], report["rejected"]) == ("books", 3, 1, 1)
    assert report["faults"] == [
        {
            "row": 4,
            "field": "copies",
            "wrong": "many can't be taken",
            "right": "A whole number from 0 to 1000",
        }
    ]


def test_all_or_nothing(balie, library_data, file, rows):
    path = file(FAULTY)
    refused = balie("import", "library", "books", path, "--all-or-nothing")
    assert refused.exit_code == ExitCode.FAILED
    assert "1 of 3 rows have a fault; nothing was written." in refused.stderr
    assert "copies" in refused.stdout
    as_json = balie("import", "library", "books", path, "--all-or-nothing", "--json")
    assert as_json.exit_code == ExitCode.FAILED
    assert json.loads(as_json.stdout)["created"] == 0
    assert rows("SELECT count(*) FROM books") == [(3,)]


def test_other_formats_and_the_standard_input(balie, balie_process, library_data, file, rows):
    array = json.dumps([{"number": "B-300", "copies": 1, "title": "Emma"}])
    assert balie("import", "library", "books", file(array, "books.json")).exit_code == 0
    piped = balie_process("import", "library", "books", "-", "--format", "jsonl", stdin=array[1:-1])
    assert piped.returncode == 0, piped.stderr
    assert "1 changed" in piped.stdout
    unknown = balie("import", "library", "books", file("", "books.xlsx"))
    assert unknown.exit_code == ExitCode.USAGE
    assert "say --format csv, json or jsonl" in unknown.stderr


def test_what_a_kind_offers_beside(balie, library_data, file, rows):
    path = file("number,copies\nB-400,1\n")
    assert balie("import", "library", "books", path).exit_code == ExitCode.FAILED
    assert balie("import", "library", "books", path, "--with", "number-titles").exit_code == 0
    assert rows("SELECT title FROM books WHERE number = 'B-400'") == [("B-400",)]
    wrong = balie("import", "library", "books", path, "--with", "magic")
    assert wrong.exit_code == ExitCode.USAGE
    assert "number_titles" in wrong.stderr


def test_what_is_not_there_is_told(balie, library_data, file, data):
    nothing = balie("import", "library", "books", str(data / "none.csv"))
    assert nothing.exit_code == ExitCode.NOT_FOUND
    assert "There is no file" in nothing.stderr
    kind = balie("import", "library", "boks", file(GOOD))
    assert kind.exit_code == ExitCode.NOT_FOUND
    assert "did you mean books?" in kind.stderr
    folder = balie("import", "library", "books", str(data), "--format", "csv")
    assert folder.exit_code == ExitCode.USAGE
    assert "can't be read" in folder.stderr
    broken = balie("import", "library", "books", file('number,copies,title\n"B-500'))
    assert broken.exit_code == ExitCode.USAGE
    assert "is not closed" in broken.stderr
