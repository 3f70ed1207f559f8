import pytest
from balie.errors import NotFound
from balie.monitoring.traces import AGENT, span
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
    with span("chat", "smollm2", {"gen_ai.provider.name": "llama_cpp"}):
        pass
    (recorded,) = recorder.spans
    assert recorded.seen == {
        "name": "chat smollm2",
        "kind": SpanKind.CLIENT,
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "llama_cpp",
    }


def test_an_errors_kind_is_told_and_its_words_are_not(recorder):
    with pytest.raises(NotFound), span("invoke_agent", "service", {AGENT: "service"}):
        raise NotFound("there is no marit@example.org")
    (recorded,) = recorder.spans
    assert recorded.seen["error.type"] == "not-found"
    assert "marit" not in repr(recorded.seen)


def test_without_an_sdk_it_goes_nowhere():
    with span("execute_tool", "cancel_order", {}) as current:
        assert not current.is_recording()
