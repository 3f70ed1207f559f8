"""A process that is killed at any step of a turn loses nothing that was confirmed and repeats nothing."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from balie.vertical import Vertical, load

NOTHING = {"order": "paid", "refunds": 0, "audit": 0, "done": 0, "turns": 0, "whole": "ok"}
EVERYTHING = {"order": "cancelled", "refunds": 1, "audit": 1, "done": 1, "turns": 1, "whole": "ok"}


@pytest.mark.anyio
async def test_killed_at_every_step(
    seeded_database: Callable[[Vertical], Awaitable[Path]], tmp_path: Path
) -> None:
    seeded = await seeded_database(load("customer-service"))
    program = Path(__file__).with_name("killed_turns.py")
    folder = tmp_path / "rounds"
    folder.mkdir()
    output = subprocess.run(
        [sys.executable, str(program), str(seeded), str(folder)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "BALIE_FORBID_MODELS": "1"},
        timeout=200,
    ).stdout
    rounds = [json.loads(line) for line in output.splitlines()]

    assert len(rounds) > 20, "the turns take fewer steps than they can"
    assert [r["exit"] for r in rounds[:-1]] == [-signal.SIGKILL] * (len(rounds) - 1)
    assert rounds[-1]["exit"] == 0
    for r in rounds:
        assert r["left"] in (NOTHING, EVERYTHING), f"half a turn was left by step {r['step']}: {r['left']}"
        if r["told"] == "done":
            assert r["left"] == EVERYTHING, f"step {r['step']} lost what the person was told"
        assert r["went_on"] == 0, f"nobody could go on after step {r['step']}"
        assert r["end"] == EVERYTHING, f"after step {r['step']} it ended as {r['end']}"
    assert {tuple(r["left"].values()) for r in rounds} == {
        tuple(NOTHING.values()),
        tuple(EVERYTHING.values()),
    }
