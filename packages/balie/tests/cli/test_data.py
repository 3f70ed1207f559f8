import json
import re
import sqlite3
from contextlib import closing

import pytest
from balie.cli._exit import ExitCode

KEY = re.compile(r"balie_([0-9a-f]{8})_[\w-]{43}")


def test_upgrade_makes_an_empty_database(balie, library, rows):
    result = balie("db", "upgrade", "library")
    assert result.exit_code == 0
    assert "is up to date now" in result.stdout
    assert rows("SELECT count(*) FROM books") == [(0,)]
    assert balie("db", "upgrade", "library").stdout == "The database of The library is up to date.\n"


def test_seed_fills_it_once(balie, library, rows):
    result = balie("db", "seed", "library")
    assert result.exit_code == 0
    assert "has its sample data" in result.stdout
    assert rows("SELECT count(*) FROM books") == [(3,)]
    again = balie("db", "seed", "library")
    assert again.exit_code == ExitCode.REFUSED
    assert "balie db reset library" in again.stderr
    assert rows("SELECT count(*) FROM books") == [(3,)]


def test_what_a_chat_filled_is_not_filled_again(balie, library_data):
    assert balie("db", "seed", "library").exit_code == ExitCode.REFUSED


def test_reset_asks_first(balie, library_data, rows):
    balie("chat", "library", "--as", "M-1", stdin="/borrow_book B-101\nyes\n")
    refused = balie("db", "reset", "library")
    assert refused.exit_code == ExitCode.USAGE
    assert "say --yes" in refused.stderr
    assert rows("SELECT count(*) FROM loans") == [(2,)]
    assert balie("db", "reset", "library", "--yes").exit_code == 0
    assert rows("SELECT count(*) FROM loans") == [(1,)]
    assert rows("SELECT count(*) FROM conversations") == [(0,)]
    assert balie("db", "reset", "library", "--yes", "--empty").exit_code == 0
    assert rows("SELECT count(*) FROM books") == [(0,)]


def test_what_is_too_old_is_purged_and_the_sample_data_stay(balie, library, library_data, rows, data):
    balie("chat", "library", "B-101", "--as", "M-1")
    kept = balie("db", "purge", "library", "--days", "1", "--json")
    assert json.loads(kept.stdout)["conversations"] == 0
    with closing(sqlite3.connect(data / "library.db")) as connection:
        connection.execute("UPDATE conversations SET updated_at = '2020-01-01 00:00:00.000000'")
        connection.execute("UPDATE idempotency_keys SET created_at = '2020-01-01 00:00:00.000000'")
        connection.commit()
    gone = balie("db", "purge", "library")
    assert gone.exit_code == 0
    assert "1 conversations" in gone.stdout
    assert rows("SELECT count(*) FROM turns") == [(0,)]
    assert balie("db", "seed", "library").exit_code == ExitCode.REFUSED


def test_a_database_that_can_not_be_opened_is_told(balie, library, data):
    (data / "elsewhere").mkdir(parents=True)
    (data / "elsewhere" / "library.db").write_text(
        "this is no database, and it is long enough to be read as one"
    )
    (data.parent / "balie.toml").write_text(f"database_url = 'sqlite:///{data}/elsewhere/library.db'\n")
    result = balie("chat", "library", "B-101")
    assert result.exit_code == ExitCode.UNAVAILABLE
    assert "can't be used" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_key_is_made_listed_and_revoked(balie, library_data):
    arguments = ("--vertical", "library")
    made = balie(
        "keys", "create", *arguments, "--role", "customer", "--identity", "M-1", "--label", "the kiosk"
    )
    assert made.exit_code == 0
    prefix = KEY.fullmatch(made.stdout.strip())[1]
    assert "as customer M-1" in made.stderr
    (listed,) = json.loads(balie("keys", "list", *arguments, "--json").stdout)
    assert (listed["prefix"], listed["role"], listed["identity"]) == (prefix, "customer", "M-1")
    assert (listed["label"], listed["revoked_at"]) == ("the kiosk", None)
    assert "hash" not in listed
    shown = balie("keys", "list", *arguments).stdout
    assert prefix in shown
    assert "the kiosk" in shown
    revoked = balie("keys", "revoke", prefix, *arguments)
    assert revoked.stdout == f"The key {prefix} opens nothing any more.\n"
    (listed,) = json.loads(balie("keys", "list", *arguments, "--json").stdout)
    assert listed["revoked_at"]


def test_a_key_as_json(balie, library_data):
    made = json.loads(balie("keys", "create", "--vertical", "library", "--role", "staff", "--json").stdout)
    assert KEY.fullmatch(made["key"])
    assert (made["vertical"], made["role"], made["identity"]) == ("library", "staff", None)


def test_a_key_that_is_not_there_can_not_be_revoked(balie, library_data):
    result = balie("keys", "revoke", "00000000", "--vertical", "library")
    assert result.exit_code == ExitCode.NOT_FOUND


def test_there_are_no_keys_at_first(balie, library_data):
    result = balie("keys", "list", "--vertical", "library")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "has no keys yet" in result.stderr


def test_with_several_verticals_it_must_be_said_whose_key(balie, library_data, broken):
    result = balie("keys", "create", "--role", "staff")
    assert result.exit_code == ExitCode.USAGE
    assert "--vertical" in result.stderr


def test_the_audit_log_is_whole(balie, library_data):
    balie("chat", "library", "--as", "M-1", stdin="/borrow_book B-101\nyes\n")
    result = balie("audit", "verify", "library")
    assert result.exit_code == 0
    words, noted = result.stdout.splitlines()
    assert words.startswith("The audit log of The library is whole: 1 records, the last of 2")
    report = json.loads(balie("audit", "verify", "library", "--json").stdout)
    assert f"{report['records']}:{report['last_hash']}" == noted
    assert balie("audit", "verify", "library", "--noted", noted).exit_code == 0
    more = balie("audit", "verify", "library", "--noted", f"2:{report['last_hash']}")
    assert more.exit_code == ExitCode.FAILED
    assert "record 2 is missing" in more.stderr


def test_a_record_that_was_changed_shows(balie, library_data):
    import sqlite3

    balie("chat", "library", "--as", "M-1", stdin="/borrow_book B-101\nyes\n")
    (file,) = library_data.glob("library*")
    connection = sqlite3.connect(file)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("UPDATE audit SET actor = 'customer:M-2'")
    connection.commit()
    connection.close()
    result = balie("audit", "verify", "library")
    assert result.exit_code == ExitCode.FAILED
    assert "record 1 was changed" in result.stderr


@pytest.mark.parametrize("noted", ["one:two", "1:abc", "1"])
def test_what_was_noted_must_be_what_was_printed(balie, library_data, noted):
    assert balie("audit", "verify", "library", "--noted", noted).exit_code == ExitCode.USAGE


def test_without_a_database_there_is_no_audit_log(balie, library, data):
    result = balie("audit", "verify", "library")
    assert result.exit_code == ExitCode.NOT_FOUND
    assert "no database yet" in result.stderr
    assert not list(data.glob("library*"))
