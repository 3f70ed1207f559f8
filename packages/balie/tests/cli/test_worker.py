import asyncio
import json
import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from balie.cli._exit import ExitCode
from balie.db import Database, database_url, outbox

SECRET = "whsec_" + "QUJD" * 10


@pytest.fixture
def received():
    """Where posts arrive, and what did; what is said to it is answered with ``status``."""

    class Handler(BaseHTTPRequestHandler):
        status = 200

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            Handler.posts.append((json.loads(body), dict(self.headers)))
            self.send_response(Handler.status)
            self.send_header("Content-Length", "0")
            self.end_headers()
            Handler.one.set()

        def log_message(self, *_):
            pass

    Handler.posts, Handler.one = [], threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Handler.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield Handler
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def webhooks(library_data, received):
    """The settings have a webhook."""
    (library_data.parent / "balie.toml").write_text(
        f'[[webhooks]]\nurl = "{received.url}"\ntopics = ["loan.made"]\nsecret_env = "HOOK_SECRET"\n'
    )


@pytest.fixture
def put(library_data):
    def enqueue(topic):
        async def write():
            database = Database(database_url("library"))
            async with database.write() as session:
                await outbox.enqueue(session, topic=topic, recipient="webhook", payload={"book": "B-101"})
            await database.close()

        asyncio.run(write())

    return enqueue


def test_once_delivers_what_is_due(balie, put, webhooks, received, monkeypatch):
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    put("loan.made")
    put("book.withdrawn")
    result = balie("worker", "library", "--once", "--json")
    assert result.exit_code == 0, result.stderr
    (told,) = [json.loads(line) for line in result.stdout.splitlines()]
    assert (told["topic"], told["arrived"], told["status"], told["attempt"]) == ("loan.made", True, 200, 1)
    ((body, headers),) = received.posts
    assert (body["type"], body["source"], body["data"]) == ("loan.made", "library", {"book": "B-101"})
    assert headers["webhook-signature"].startswith("v1,")
    assert balie("worker", "library", "--once").stdout == ""


def test_a_secret_may_be_called_like_a_setting(balie, library_data, put, received, monkeypatch):
    settings = library_data.parent / "balie.toml"
    monkeypatch.setenv("BALIE_HOOK_SECRET", SECRET)
    settings.write_text(f'[[webhooks]]\nurl = "{received.url}"\nsecret_env = "BALIE_HOOK_SECRET"\n')
    put("loan.made")
    assert balie("worker", "library", "--once").exit_code == 0
    assert "webhook-signature" in received.posts[0][1]
    settings.write_text(f'[[webhooks]]\nurl = "{received.url}"\n')
    refused = balie("worker", "library", "--once")
    assert refused.exit_code == ExitCode.CONFIG
    assert "hook_secret in the environment variable BALIE_HOOK_SECRET is not a setting" in refused.stderr


def test_what_does_not_arrive_is_told(balie, put, webhooks, received, monkeypatch):
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    received.status = 500
    put("loan.made")
    result = balie("worker", "library", "--once")
    assert result.exit_code == ExitCode.FAILED
    assert "answered 500" in result.stdout


def test_without_webhooks_it_says_how_to_set_one(balie, library_data):
    result = balie("worker", "library")
    assert result.exit_code == ExitCode.CONFIG
    assert "[[webhooks]]" in result.stderr


def test_without_its_secret_nothing_is_posted(balie, put, webhooks, received):
    put("loan.made")
    result = balie("worker", "library", "--once")
    assert result.exit_code == ExitCode.CONFIG
    assert "$HOOK_SECRET" in result.stderr
    assert received.posts == []


@pytest.mark.parametrize("command", [("worker", "library"), ("serve", "library", "--port", "{port}")])
def test_it_delivers_until_it_is_stopped(command, put, webhooks, received, monkeypatch, free_port):
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    put("loan.made")
    arguments = [argument.format(port=free_port) for argument in command]
    process = subprocess.Popen(
        [sys.executable, "-m", "balie.cli", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert received.one.wait(60)
        process.send_signal(signal.SIGTERM)
        _, words = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0, words
    assert words.strip().endswith("Stopped.")
    assert "Traceback" not in words
    assert len(received.posts) == 1


@pytest.fixture
def free_port():
    import socket

    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]
