import pytest
from balie.agent import Caller
from balie.agent.desk import Desk
from balie.config import ModelSettings, Settings
from balie.errors import NotFound
from balie.monitoring.metrics import Metrics
from balie.monitoring.traces import Watch
from balie.routing import Models
from balie_testing import FakeBackend
from balie_testing.library.models import Base
from balie_testing.library.tools import TEAM
from opentelemetry import trace
from opentelemetry.trace import NonRecordingSpan, NoOpTracerProvider, SpanKind, Tracer


class Recorder(NoOpTracerProvider, Tracer):
    """What an OpenTelemetry SDK would get."""

    def __init__(self):
        self.spans = []

    def get_tracer(self, *_arguments, **_options):
        return self

    def start_span(self, name, context=None, kind=SpanKind.INTERNAL, attributes=None, **_options):
        recorded = Recorded()
        recorded.seen = {"name": name, "kind": kind, **(attributes or {})}
        self.spans.append(recorded)
        return recorded

    def start_as_current_span(self, name, context=None, kind=SpanKind.INTERNAL, attributes=None, **options):
        span_made = self.start_span(name, context, kind, attributes)
        return trace.use_span(
            span_made,
            record_exception=options["record_exception"],
            set_status_on_exception=options["set_status_on_exception"],
        )


class Recorded(NonRecordingSpan):
    def __init__(self):
        super().__init__(trace.INVALID_SPAN_CONTEXT)

    def is_recording(self):
        return True

    def set_attribute(self, key, value):
        self.seen[key] = value

    def set_status(self, status, description=None):
        self.seen["status"] = status
        self.seen["description"] = description

    def record_exception(self, exception, *_arguments, **_options):
        self.seen["exception"] = str(exception)


@pytest.fixture
def recorder(monkeypatch):
    provider = Recorder()
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    return provider


def test_a_span_has_the_names_of_the_conventions(recorder):
    with Watch()("chat", "smollm2", provider="llama_cpp") as watched:
        watched.used(31, 9)
    (recorded,) = recorder.spans
    assert recorded.seen == {
        "name": "chat smollm2",
        "kind": SpanKind.CLIENT,
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "llama_cpp",
        "gen_ai.request.model": "smollm2",
        "gen_ai.usage.input_tokens": 31,
        "gen_ai.usage.output_tokens": 9,
    }


def test_an_errors_kind_is_told_and_its_words_are_not(recorder):
    with pytest.raises(NotFound), Watch()("invoke_agent", "service", conversation="0198"):
        raise NotFound("there is no marit@example.org")
    (recorded,) = recorder.spans
    assert recorded.seen["error.type"] == "not-found"
    assert recorded.seen["gen_ai.conversation.id"] == "0198"
    assert "marit" not in repr(recorded.seen)


def test_without_an_sdk_it_goes_nowhere():
    with Watch()("execute_tool", "cancel_order") as watched:
        assert not watched.span.is_recording()


@pytest.mark.anyio
async def test_a_turn_tells_its_agent_its_model_and_its_tool_and_nothing_that_was_said(recorder, database):
    async with database.write() as session:
        await (await session.connection()).run_sync(Base.metadata.create_all)
    metrics = Metrics()
    models = Models(ModelSettings(generate=False), encoder=FakeBackend())
    models.watch = Watch(metrics)
    desk = Desk("The library", TEAM, database, models, Settings())
    conversation = await desk.open(Caller())
    await desk.run(conversation, "find_book", {"book": "B-101"}, Caller())
    await models.embed(["is Moby Dick in"])
    await models.close()
    assert [span.seen["name"] for span in recorder.spans] == [
        "invoke_agent library",
        "execute_tool find_book",
        "embeddings fake",
    ]
    assert recorder.spans[1].seen["error.type"] == "no-such-book"
    assert {span.seen.get("gen_ai.conversation.id") for span in recorder.spans} == {str(conversation), None}
    assert "B-101" not in repr([span.seen for span in recorder.spans])
    assert b'gen_ai_operation_name="embeddings"' in metrics.render()
