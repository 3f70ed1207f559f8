"""What a desk holds: models that load in the background, read, write, and may not be there."""

import asyncio
import logging
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import numpy as np
import pytest
from balie.backends.onnx_encoder import OnnxEncoder
from balie.backends.protocol import Generation
from balie.config import ModelSettings
from balie.decisions.heads import Head, Thresholds
from balie.errors import ModelUnavailable
from balie.models import catalog
from balie.routing import Models
from balie_testing.backends import FakeBackend, FakeEncoder

MODEL = catalog.model("minilm-l6-int8")
LABELS = ["lookup_order", "reset_password"]
SUBJECT = {
    "type": "object",
    "properties": {"subject": {"type": "string", "minLength": 3, "maxLength": 60}},
    "required": ["subject"],
    "additionalProperties": False,
}
real = pytest.mark.models


class Slow(FakeBackend):
    """Writes when it is too late."""

    async def generate(self, *arguments: object, **options: object) -> Generation:
        await asyncio.Event().wait()
        raise AssertionError


def save_head(folder: Path, *, checksum: str = MODEL.checksum, labels: list[str] = LABELS) -> Path:
    """A head that chooses what lies nearest to two sentences."""

    async def centres() -> np.ndarray:
        encoder = OnnxEncoder.load(MODEL, threads=1)
        try:
            return await encoder.embed(["where is my order", "I forgot my password"])
        finally:
            await encoder.close()

    weights = np.asarray(20 * asyncio.run(centres()), dtype=np.float32)
    bias = np.zeros(2, dtype=np.float32)
    head = Head("command", MODEL.name, checksum, labels, weights, bias, thresholds=Thresholds(0.6, 0.4))
    head.save(folder / MODEL.name, 'question = "command"\n')
    return folder


def run(models: Models, use: Callable[[Models], Awaitable[None]]) -> None:
    async def use_and_close() -> None:
        models.start()
        try:
            await use(models)
        finally:
            await models.close()

    asyncio.run(use_and_close())


def test_importing_it_loads_no_engine() -> None:
    code = (
        "import sys, balie.routing;"
        "heavy = {'numpy', 'onnxruntime', 'tokenizers', 'xllamacpp', 'llama_cpp', 'scipy', 'sklearn'};"
        "sys.exit(', '.join(heavy & set(sys.modules)) or None)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@real
def test_a_text_is_read_by_every_head(tmp_path: Path) -> None:
    async def read(models: Models) -> None:
        assert models.state == "warming_up"
        assert await models.ready()
        assert models.state == "ready"
        order, password = await models.classify(["where is order 10234?", "my password is gone"])
        assert max(order.answers["command"], key=order.answers["command"].__getitem__) == "lookup_order"
        assert password.answers["command"]["reset_password"] > 0.5
        assert sum(order.answers["command"].values()) == pytest.approx(1, abs=1e-4)
        assert order.inside == {"command": 1.0}
        assert order.thresholds["command"] == Thresholds(0.6, 0.4)
        assert (await models.embed(["hello"])).shape == (1, MODEL.dimensions)

    models = Models(
        ModelSettings(threads=1), name="shop", heads=save_head(tmp_path), commands=[*LABELS, "out_of_scope"]
    )
    assert models.name == "minilm-l6-int8+shop"
    run(models, read)


@real
def test_who_asks_early_waits_for_the_encoder(tmp_path: Path) -> None:
    async def read(models: Models) -> None:
        (reading,) = await models.classify(["where is order 10234?"])
        assert set(reading.answers) == {"command"}

    run(Models(ModelSettings(threads=1), name="shop", heads=save_head(tmp_path)), read)


@real
@pytest.mark.parametrize(
    ("checksum", "labels", "words"),
    [
        ("d" * 64, LABELS, "balie tune shop"),
        (MODEL.checksum, ["lookup_order", "other"], "does not know reset_password"),
    ],
)
def test_a_head_that_does_not_fit_degrades_and_says_why(
    tmp_path: Path, checksum: str, labels: list[str], words: str
) -> None:
    async def read(models: Models) -> None:
        assert not await models.ready()
        assert models.state == "degraded"
        assert words in models.why
        with pytest.raises(ModelUnavailable, match=words):
            await models.classify(["hello"])

    folder = save_head(tmp_path, checksum=checksum, labels=labels)
    run(Models(ModelSettings(threads=1), name="shop", heads=folder, commands=LABELS), read)


def test_without_a_head_it_degrades_and_says_how_to_make_one(tmp_path: Path) -> None:
    async def read(models: Models) -> None:
        assert not await models.ready()
        assert "balie tune shop" in models.why

    run(Models(ModelSettings(), name="shop", heads=tmp_path), read)


def test_where_models_are_forbidden_it_degrades(monkeypatch: pytest.MonkeyPatch) -> None:
    async def read(models: Models) -> None:
        assert not await models.ready()
        assert models.state == "degraded"
        assert "BALIE_FORBID_MODELS" in models.why
        assert await models.write("Write a subject line.", "My lamp is broken.", SUBJECT, timeout=5) is None

    monkeypatch.setenv("BALIE_FORBID_MODELS", "1")
    run(Models(ModelSettings()), read)


def test_an_encoder_that_is_given_is_used() -> None:
    async def read(models: Models) -> None:
        assert await models.ready()
        assert (await models.embed(["one", "two"])).shape[0] == 2
        (reading,) = await models.classify(["hello"])
        assert reading.answers == {}

    run(Models(ModelSettings(), encoder=FakeEncoder()), read)


def test_what_is_written_is_the_data_of_the_schema() -> None:
    async def write(models: Models) -> None:
        written = await models.write("Write a subject line.", "My lamp is broken.", SUBJECT, timeout=5)
        assert written == {"subject": "A broken lamp"}
        ((instruction, source),) = generator.asked
        assert (instruction.role, source.content) == ("system", "My lamp is broken.")

    generator = FakeBackend(written=[{"subject": "A broken lamp"}])
    run(Models(ModelSettings(), encoder=FakeEncoder(), generator=generator), write)


def test_what_is_late_is_not_written_and_nothing_said_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def write(models: Models) -> None:
        assert await models.write("Write a subject line.", "My secret lamp.", SUBJECT, timeout=0.01) is None

    with caplog.at_level(logging.WARNING):
        run(Models(ModelSettings(), encoder=FakeEncoder(), generator=Slow()), write)
    assert "did not write in" in caplog.text
    assert "secret" not in caplog.text


def test_a_generator_that_fails_writes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    async def write(models: Models) -> None:
        assert await models.write("Write a subject line.", "My lamp.", SUBJECT, timeout=5) is None

    run(Models(ModelSettings(), encoder=FakeEncoder(), generator=FakeBackend()), write)
    assert "unsupported" in caplog.text


def test_where_writing_is_switched_off_nothing_is_loaded() -> None:
    async def write(models: Models) -> None:
        assert await models.write("Write a subject line.", "My lamp.", SUBJECT, timeout=5) is None

    run(Models(ModelSettings(generate=False), encoder=FakeEncoder()), write)


def test_closing_ends_it_and_closes_what_it_was_given() -> None:
    async def close(models: Models) -> None:
        await models.ready()
        await models.close()
        await models.close()
        assert not (await encoder.health()).ok
        with pytest.raises(ModelUnavailable):
            await models.embed(["hello"])
        assert await models.write("Write a subject line.", "My lamp.", SUBJECT, timeout=5) is None

    encoder = FakeEncoder()
    run(Models(ModelSettings(), encoder=encoder), close)


def test_one_that_was_never_started_closes_without_loading() -> None:
    async def close() -> None:
        models = Models(ModelSettings())
        await models.close()
        assert not await models.ready()

    asyncio.run(close())


@real
def test_the_real_generator_is_loaded_when_it_first_has_to_write() -> None:
    async def write(models: Models) -> None:
        assert await models.ready()
        written = await models.write(
            "Write a subject line of at most ten words for the customer's message.",
            "My coffee machine leaks since last week and the light stays on. " * 200,
            SUBJECT,
            timeout=120,
        )
        assert written is not None
        assert 3 <= len(written["subject"]) <= 60

    run(Models(ModelSettings(threads=1, engine="xllamacpp"), encoder=FakeEncoder()), write)
