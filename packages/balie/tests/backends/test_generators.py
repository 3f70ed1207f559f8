"""What only the engines that write can do."""

import asyncio

import pytest
from balie.backends.protocol import Backend, Message
from balie.decisions import Choice, DecideRequest
from balie.errors import BadGeneration, BadRequest, ConfigError, Unsupported
from balie.models import catalog

pytestmark = pytest.mark.models

HELLO = [Message("user", "Say hello.")]


def test_the_pieces_are_the_text(generator: Backend) -> None:
    pieces: list[str] = []
    written = asyncio.run(generator.generate(HELLO, max_tokens=12, on_text=pieces.append))  # type: ignore[arg-type]
    assert "".join(pieces) == written.text
    assert len(pieces) > 1


def test_writing_stops_where_it_is_told_to(generator: Backend) -> None:
    written = asyncio.run(generator.generate([Message("user", "Tell a story.")], max_tokens=5))  # type: ignore[arg-type]
    assert written.stopped == "length"
    assert 1 <= written.usage.output_tokens <= 6


def test_the_same_prompt_gives_the_same_text(generator: Backend) -> None:
    first, second = (asyncio.run(generator.generate(HELLO, max_tokens=10)).text for _ in range(2))  # type: ignore[arg-type]
    assert first == second


def test_numbers_lists_and_choices_of_a_schema_hold(generator: Backend) -> None:
    schema = {
        "type": "object",
        "properties": {
            "priority": {"enum": ["low", "high"]},
            "items": {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 3},
        },
        "required": ["priority", "items"],
        "additionalProperties": False,
    }
    written = asyncio.run(generator.generate([Message("user", "Two lamps are broken!")], schema=schema))  # type: ignore[arg-type]
    assert written.data["priority"] in {"low", "high"}
    assert all(isinstance(number, int) for number in written.data["items"])


def test_what_the_engine_lets_through_is_refused(generator: Backend) -> None:
    # No engine here enforces a look-ahead; what comes out can't match it.
    schema = {"type": "string", "pattern": "^(?=zzz)zzzq$"}
    with pytest.raises((BadGeneration, BadRequest)):
        asyncio.run(generator.generate(HELLO, schema=schema, max_tokens=8))  # type: ignore[arg-type]


def test_a_schema_that_is_none_is_refused(generator: Backend) -> None:
    with pytest.raises(BadRequest, match="JSON Schema"):
        asyncio.run(generator.generate(HELLO, schema={"type": "nonsense"}))  # type: ignore[arg-type]


def test_an_answer_cut_short_gets_more_room(generator: Backend) -> None:
    schema = {
        "type": "object",
        "properties": {"text": {"type": "string", "minLength": 20, "maxLength": 30}},
        "required": ["text"],
        "additionalProperties": False,
    }
    written = asyncio.run(generator.generate(HELLO, schema=schema, max_tokens=14))  # type: ignore[arg-type]
    assert 20 <= len(written.data["text"]) <= 30


def test_more_options_than_letters_are_refused(generator: Backend) -> None:
    many = Choice({f"option_{number}": None for number in range(60)})
    with pytest.raises(Unsupported, match="52"):
        asyncio.run(generator.decide(DecideRequest("any", "hello", {"which": many})))  # type: ignore[arg-type]


def test_an_engine_of_another_name_is_a_wrong_setting() -> None:
    from balie.backends import llama

    with pytest.raises(ConfigError, match="xllamacpp"):
        llama.load(catalog.model("smollm2-135m-instruct"), engine="magic")
