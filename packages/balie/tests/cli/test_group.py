import subprocess
import sys
from importlib import import_module

import click
import pytest
from balie import errors
from balie.cli._exit import ExitCode, code_for
from balie.cli._group import COMMANDS

HEAVY = (
    *("asyncio", "balie.agent", "balie.config", "balie.db", "balie.models", "balie.vertical"),
    *("importlib.metadata", "jinja2", "litestar", "msgspec", "numpy", "onnxruntime", "rich", "sklearn"),
    *("sqlalchemy", "structlog", "textual", "uvicorn", "xllamacpp"),
)


def test_help_names_every_command(balie):
    result = balie("--help")
    assert result.exit_code == 0
    for name, words in COMMANDS.items():
        assert name in result.stdout
        assert words in result.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_says_what_the_command_says(name):
    command = import_module(f"balie.cli.{name}").command
    assert isinstance(command, click.Command)
    # In the list of commands there is room for less.
    assert command.help.splitlines()[0] == COMMANDS[name]


@pytest.mark.parametrize("arguments", [["--help"], *([name, "--help"] for name in COMMANDS)], ids=" ".join)
def test_help_imports_nothing_heavy(arguments):
    look = (
        "import sys; from balie.cli import main\n"
        f"sys.argv = ['balie', *{arguments!r}]\n"
        "try: main()\n"
        f"finally: print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=False)
    assert result.returncode == 0
    assert result.stderr.strip() == "[]"


@pytest.mark.parametrize("name", ["db", "audit", "keys", "models"])
def test_commands_with_commands_list_them(balie, name):
    result = balie(name, "--help")
    assert result.exit_code == 0
    for subcommand in import_module(f"balie.cli.{name}").command.commands:
        assert subcommand in result.stdout


def test_an_unknown_command_is_told_with_the_nearest(balie):
    result = balie("sevre")
    assert result.exit_code == ExitCode.USAGE
    assert "There is no command sevre. Did you mean serve?" in result.stderr
    assert "`balie --help` lists them all." in balie("xyzzy").stderr


def test_version(balie):
    assert balie("--version").stdout.startswith("balie ")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.ConfigError, 78),
        (errors.NotFound, 3),
        (errors.BadRequest, 2),
        (errors.Forbidden, 4),
        (errors.Unauthenticated, 4),
        (errors.Conflict, 4),
        (errors.Expired, 4),
        (errors.RuleBroken, 4),
        (errors.TooManyRequests, 75),
        (errors.DatabaseBusy, 75),
        (errors.DatabaseUnavailable, 69),
        (errors.MigrationNeeded, 69),
        (errors.ModelUnavailable, 69),
        (errors.ModelsForbidden, 69),
        (errors.ModelMismatch, 1),
        (errors.BadGeneration, 1),
        (errors.AuditBroken, 1),
        (errors.DatabaseFull, 1),
        (errors.BalieError, 1),
    ],
)
def test_every_error_has_its_exit_code(error, code):
    assert code_for(error("words")) == code


def test_the_table_of_exit_codes_is_whole():
    from balie.cli import _exit

    told = {int(line.split()[0]) for line in _exit.__doc__.splitlines() if line[:1].isdigit()}
    assert told == {int(code) for code in ExitCode}


def test_an_error_is_words_and_no_traceback(balie, data):
    (data.parent / "balie.toml").write_text("databse_url = 'x'\n")
    result = balie("db", "upgrade", "library")
    assert result.exit_code == ExitCode.CONFIG
    assert "Error: databse_url" in result.stderr
    assert "did you mean database_url?" in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    "arguments", [("--verbose", "db", "upgrade", "library"), ("db", "upgrade", "library", "-v")]
)
def test_verbose_shows_where_it_came_from(balie, data, arguments):
    (data.parent / "balie.toml").write_text("databse_url = 'x'\n")
    result = balie(*arguments)
    assert result.exit_code == ExitCode.CONFIG
    assert "Traceback" in result.stderr
    assert "config.py" in result.stderr


def test_so_does_the_log_level_debug(balie, data, monkeypatch):
    monkeypatch.setenv("BALIE_LOG_LEVEL", "debug")
    assert "Traceback" in balie("db", "upgrade", "nowhere").stderr


def test_a_fault_is_words_too(balie, broken):
    result = balie("db", "upgrade", "broken")
    assert result.exit_code == ExitCode.FAULT
    assert (
        "This should not have happened: ModuleNotFoundError: No module named 'nowhere_at_all'"
        in result.stderr
    )
    assert "--verbose shows where" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_vertical_that_is_not_there_is_told_with_those_that_are(balie, library):
    result = balie("chat", "libary", "hello")
    assert result.exit_code == ExitCode.NOT_FOUND
    assert "There is no vertical 'libary'; installed: " in result.stderr
    assert "library" in result.stderr
