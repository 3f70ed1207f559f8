"""The real engines, loaded once; every test here uses one."""

import asyncio
from collections.abc import Callable, Iterator
from importlib.util import find_spec

import pytest
from balie.backends import llama
from balie.backends.onnx_encoder import OnnxEncoder
from balie.backends.protocol import Backend
from balie.models import catalog

GENERATORS = ["xllamacpp", *(["llama-cpp-python"] if find_spec("llama_cpp") else [])]
ENGINES = ["onnxruntime", *GENERATORS]


def load(engine: str) -> Backend:
    """A fresh backend on one thread."""
    if engine == "onnxruntime":
        return OnnxEncoder.load(catalog.model("minilm-l6-int8"), threads=1)
    return llama.load(catalog.model("smollm2-135m-instruct"), engine=engine, threads=1)


@pytest.fixture(scope="session")
def loaded() -> Iterator[Callable[[str], Backend]]:
    """Loads an engine when it is asked for first, and keeps it."""
    kept: dict[str, Backend] = {}

    def get(engine: str) -> Backend:
        if engine not in kept:
            kept[engine] = load(engine)
        return kept[engine]

    yield get
    for backend in kept.values():
        asyncio.run(backend.close())


@pytest.fixture(params=ENGINES)
def backend(request: pytest.FixtureRequest, loaded: Callable[[str], Backend]) -> Backend:
    """Each engine in turn."""
    return loaded(request.param)


@pytest.fixture(params=GENERATORS)
def generator(request: pytest.FixtureRequest, loaded: Callable[[str], Backend]) -> Backend:
    """Each engine that writes."""
    return loaded(request.param)


@pytest.fixture
def encoder(loaded: Callable[[str], Backend]) -> Backend:
    """The engine that makes vectors."""
    return loaded("onnxruntime")


@pytest.fixture(params=ENGINES)
def fresh(request: pytest.FixtureRequest) -> Iterator[Backend]:
    """An engine of the test's own, to be closed in it."""
    backend = load(request.param)
    yield backend
    asyncio.run(backend.close())
