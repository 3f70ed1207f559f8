"""The machine that shows a kiosk: its unit is right and confined, and its terminal has no keys of its own."""

import configparser
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import msgspec
import pytest
from balie.config import Settings

ROOT = Path(__file__).parents[2]
KIOSK = ROOT / "infra" / "kiosk"
UNIT = "balie-kiosk@.service"
MOST_EXPOSED = 20
"""Tenths: systemd calls below 2 "OK"; a service without any confinement has 96."""

analyze = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here")


def run(*arguments, units):
    # The colon at the end: and then where systemd looks itself.
    environment = {**os.environ, "SYSTEMD_UNIT_PATH": f"{units}:", "SYSTEMD_COLORS": "0"}
    return subprocess.run(
        ["systemd-analyze", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def units(tmp_path):
    """The unit as an instance, and beside it what it needs of a machine: seatd and the two programs."""
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    text = (KIOSK / UNIT).read_text(encoding="utf-8")
    (tmp_path / UNIT).write_text(text.replace("/usr/bin/cage", str(program)), encoding="utf-8")
    (tmp_path / "seatd.service").write_text(f"[Service]\nExecStart={program}\n")
    return tmp_path


@analyze
def test_the_unit_is_right(units):
    done = run("verify", "--man=no", "balie-kiosk@retail-kiosk.service", units=units)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@analyze
def test_a_wrong_unit_would_be_found(units):
    text = (units / UNIT).read_text(encoding="utf-8")
    (units / UNIT).write_text(text.replace("Restart=on-failure", "Restart=sometimes"), encoding="utf-8")
    done = run("verify", "--man=no", "balie-kiosk@retail-kiosk.service", units=units)
    assert "restart" in done.stderr


@analyze
def test_the_unit_is_confined(units):
    shutil.copy(units / UNIT, units / "balie-kiosk@retail-kiosk.service")
    place = str(units / "balie-kiosk@retail-kiosk.service")
    done = run("security", "--offline=true", f"--threshold={MOST_EXPOSED}", "--no-pager", place, units=units)
    assert done.returncode == 0, done.stdout[-300:]


def options(name):
    parsed = configparser.ConfigParser(strict=False, interpolation=None, comment_prefixes="#", delimiters="=")
    parsed.optionxform = str
    parsed.read_string((KIOSK / name).read_text(encoding="utf-8"))
    return parsed


def test_it_runs_as_nobody_in_particular_and_comes_back():
    service = options(UNIT)["Service"]
    assert service["User"] not in {"", "root"}
    assert service["Restart"] == "on-failure"
    assert options(UNIT)["Unit"]["StartLimitIntervalSec"] == "0"
    assert options(UNIT)["Install"]["WantedBy"]
    assert service["CapabilityBoundingSet"] == ""


def test_nothing_but_the_screens_is_run():
    cage, *command = options(UNIT)["Service"]["ExecStart"].split()
    assert cage == "/usr/bin/cage"
    own = command[: command.index("--")]
    assert "-s" not in own, "cage would switch consoles"
    terminal, *rest = command[command.index("--") + 1 :]
    assert terminal == "/usr/bin/foot"
    assert rest[1:] == ["/opt/balie/.venv/bin/balie", "tui", "%i", "--kiosk"]


def test_the_terminal_has_no_keys_of_its_own():
    # What foot binds by default (foot.ini(5)).
    bound = """scrollback-up-page scrollback-down-page clipboard-copy clipboard-paste primary-paste search-start
        font-increase font-decrease font-reset spawn-terminal show-urls-launch prompt-prev prompt-next
        unicode-input"""
    terminal = options("foot.ini")
    assert {key: terminal["key-bindings"].get(key) for key in bound.split()} == dict.fromkeys(
        bound.split(), "none"
    )
    assert set(terminal["mouse-bindings"].values()) == {"none"}
    assert terminal["scrollback"]["lines"] == "0"


def test_the_settings_are_settings():
    settings = msgspec.convert(tomllib.loads((KIOSK / "balie.toml").read_text(encoding="utf-8")), Settings)
    assert settings.kiosk.printer.startswith("file:/dev/balie-printer")
    rules = (KIOSK / "70-balie-kiosk.rules").read_text(encoding="utf-8")
    assert 'SYMLINK+="balie-printer"' in rules


def test_every_file_is_told_of():
    told = re.findall(r"\]\(([^):]+)\)", (KIOSK / "README.md").read_text(encoding="utf-8"))
    assert sorted(told) == sorted(file.name for file in KIOSK.iterdir() if file.name != "README.md")
