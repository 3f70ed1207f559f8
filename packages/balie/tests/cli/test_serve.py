import json
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest
from balie.cli._exit import ExitCode


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.status, answer.read()


@pytest.fixture
def served(library_data, port):
    """A server in a process of its own, after it has told its addresses."""
    command = [sys.executable, "-m", "balie.cli", "serve", "library", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process, [process.stdout.readline().strip() for _ in range(2)]
        finally:
            process.kill()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_tells_where_and_stops_when_told(served, port, stop):
    process, told = served
    address = f"http://127.0.0.1:{port}"
    assert told == [f"The library: {address}/v1", f"Documentation: {address}/docs"]
    status, answer = get(f"{address}/health/live")
    assert (status, json.loads(answer)["status"]) == (200, "ok")
    assert get(f"{address}/docs")[0] == 200
    process.send_signal(stop)
    _, words = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "has no key yet: balie keys create --role staff" in words
    assert words.strip().endswith("Stopped.")
    assert "Traceback" not in words


def test_an_address_that_is_taken_is_told(balie_process, library_data, port):
    with socket.create_server(("127.0.0.1", port)):
        result = balie_process("serve", "library", "--port", str(port))
    assert result.returncode == ExitCode.CONFIG
    assert f"Nothing can be served at 127.0.0.1, port {port}" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_vertical_that_is_not_there_is_told(balie_process, library):
    result = balie_process("serve", "library", "nowhere")
    assert result.returncode == ExitCode.NOT_FOUND
    assert "There is no vertical 'nowhere'" in result.stderr


def test_what_is_wrong_is_told_before_the_screens_open(balie, library, data):
    nowhere = balie("tui", "nowhere")
    assert nowhere.exit_code == ExitCode.NOT_FOUND
    (data.parent / "balie.toml").write_text("langauge = 'en'\n")
    assert balie("tui", "library").exit_code == ExitCode.CONFIG
