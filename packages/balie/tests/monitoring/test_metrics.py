from datetime import UTC, datetime

import pytest
from balie.db import Conversation, Handoff, PendingAction, outbox
from balie.monitoring.metrics import Metrics
from prometheus_client.parser import text_string_to_metric_families

NOW = datetime(2026, 3, 10, 8, tzinfo=UTC)


def samples(metrics):
    """What Prometheus reads: value by name and labels."""
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(metrics.render().decode())
        for sample in family.samples
    }


def test_a_turn_is_counted_and_its_phases_are_timed_in_seconds():
    metrics = Metrics()
    for _ in range(2):
        metrics.observe_turn(
            vertical="shop", agent="service", status="done", latency_ms={"understand": 7.5, "total": 12}
        )
    seen = samples(metrics)
    turn = (("agent", "service"), ("status", "done"), ("vertical", "shop"))
    assert seen["balie_turns_total", *turn] == 2
    understand = (("phase", "understand"), ("vertical", "shop"))
    assert seen["balie_turn_duration_seconds_sum", *understand] == pytest.approx(0.015)
    assert seen["balie_turn_duration_seconds_bucket", ("le", "0.01"), *understand] == 2
    assert seen["balie_turn_duration_seconds_bucket", ("le", "0.005"), *understand] == 0


def test_an_operation_of_a_model_has_the_names_of_the_conventions():
    metrics = Metrics()
    metrics.observe_operation(
        operation="chat", provider="llama_cpp", model="smollm2", seconds=0.4, input_tokens=31, output_tokens=9
    )
    metrics.observe_operation(
        operation="chat", provider="llama_cpp", model="smollm2", seconds=2, error="bad-generation"
    )
    seen = samples(metrics)
    model = (
        ("gen_ai_operation_name", "chat"),
        ("gen_ai_provider_name", "llama_cpp"),
        ("gen_ai_request_model", "smollm2"),
    )
    duration = "gen_ai_client_operation_duration_seconds_sum"
    assert seen[duration, ("error_type", ""), *model] == pytest.approx(0.4)
    assert seen[duration, ("error_type", "bad-generation"), *model] == pytest.approx(2)
    tokens = sorted([*model, ("gen_ai_token_type", "output")])
    assert seen["gen_ai_client_token_usage_sum", *tokens] == 9


def test_requests_models_and_memory():
    metrics = Metrics()
    metrics.observe_request(method="GET", route="/v1/orders/{number}", status=404, seconds=0.01)
    metrics.set_model_state("shop", "ready")
    seen = samples(metrics)
    request = (
        ("http_request_method", "GET"),
        ("http_response_status_code", "404"),
        ("http_route", "/v1/orders/{number}"),
    )
    assert seen["http_server_request_duration_seconds_count", *request] == 1
    states = {key[1][1]: value for key, value in seen.items() if key[0] == "balie_model_state"}
    assert all(("vertical", "shop") in key for key in seen if key[0] == "balie_model_state")
    assert states == {"warming_up": 0, "ready": 1, "degraded": 0}
    assert seen["process_resident_memory_bytes",] > 10_000_000


def test_two_apps_count_apart():
    one, other = Metrics(), Metrics()
    one.observe_turn(vertical="a", agent="b", status="done", latency_ms={})
    assert not [key for key in samples(other) if key[0] == "balie_turns_total"]


@pytest.mark.anyio
async def test_what_waits_in_the_database(database):
    async with database.write() as session:
        one = Conversation(vertical="t", agent="a", role="customer")
        session.add(one)
        await session.flush()
        for status in ("pending", "pending", "done"):
            session.add(
                PendingAction(
                    conversation_id=one.id,
                    tool="t",
                    arguments={},
                    summary="s",
                    role="customer",
                    status=status,
                    expires_at=NOW,
                )
            )
        session.add(Handoff(conversation_id=one.id, reason="asked", summary="s", priority="high"))
        await outbox.enqueue(session, topic="t", recipient="r", payload={})
    metrics = Metrics()
    async with database.read() as session:
        await metrics.count("shop", session)
    seen = samples(metrics)
    shop = ("vertical", "shop")
    assert seen["balie_pending_actions", shop] == 2
    assert seen["balie_outbox_unsent", shop] == 1
    assert seen["balie_handoffs", ("status", "open"), shop] == 1
    assert seen["balie_handoffs", ("status", "claimed"), shop] == 0
