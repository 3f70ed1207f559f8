import os
import threading
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from balie.db import Database, migrate, outbox
from balie_testing import NOW
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

POSTGRES = os.environ.get("BALIE_TEST_POSTGRES_URL")


@pytest.fixture
def anyio_backend():
    return "asyncio"


class Receiver:
    """Answers posts on a port of this machine with what it was told to, the last of it for ever.

    An answer is a status, or a status with headers, or a function that is called with the request first.
    """

    def __init__(self, *answers):
        self.answers = list(answers)
        self.requests = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.requests.append((self.path, dict(self.headers), body))
                answer = receiver.answers.pop(0) if len(receiver.answers) > 1 else receiver.answers[0]
                if callable(answer):
                    answer = answer()
                status, headers = answer if isinstance(answer, tuple) else (answer, {})
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server.server_port}/hook"

    @property
    def ids(self):
        return [headers["webhook-id"] for _, headers, _ in self.requests]

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def receiver():
    """``receiver(503, 200)``: one that is up until the test's end."""
    with ExitStack() as stack:
        yield lambda *answers: stack.enter_context(Receiver(*answers))


async def _emptied_of_this_worker():
    server = make_url(POSTGRES).set(drivername="postgresql+asyncpg")
    name = f"balie_delivery_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    engine = create_async_engine(server, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        await connection.execute(text(f"CREATE DATABASE {name}"))
    await engine.dispose()
    return make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", *(["postgresql"] if POSTGRES else [])])
async def url(request, tmp_path):
    """The URL of an empty database, on each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/desk.db"
    return await _emptied_of_this_worker()


@pytest.fixture
async def database(url):
    database = Database(url)
    await migrate.upgrade(database)
    yield database
    await database.close()


@pytest.fixture
def put(database):
    """Puts messages into the outbox, and gives their ids."""

    async def enqueue(*topics, recipient="webhook", at=NOW, **payload):
        ids = []
        async with database.write() as session:
            for topic in topics:
                message = await outbox.enqueue(
                    session, topic=topic, recipient=recipient, payload=payload, at=at
                )
                ids.append(str(message.id))
        return ids

    return enqueue
