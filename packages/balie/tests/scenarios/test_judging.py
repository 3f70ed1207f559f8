from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from balie.agent import Status, Turn
from balie.agent.turn import Command, Latency, Pending
from balie.scenarios import Expected
from balie.scenarios.judging import Score, alike, judge, judge_rows

ID = UUID(int=1)
NOW = datetime(2026, 3, 10, 8, tzinfo=UTC)


def came(
    *commands, status=Status.ANSWERED, reply="Order 10234 is on its way.", pending=False, agent="service"
):
    return Turn(
        conversation=ID,
        turn=1,
        status=status,
        reply=reply,
        agent=agent,
        commands=[Command(tool, arguments) for tool, arguments in commands],
        pending=Pending(ID, "cancel_order", "Cancel order 10240?", NOW) if pending else None,
        latency_ms=Latency(1, 1, 1, 1, 4),
    )


def wrong(expected, turn, writes=0, score=None):
    return [m.what for m in judge(1, expected, turn, writes, score or Score())]


def test_what_does_not_matter_is_not_judged():
    assert wrong(Expected(say="hi"), came(("anything", {}))) == []


def test_everything_right():
    expected = Expected(
        say="cancel 10240",
        status=Status.NEEDS_CONFIRMATION,
        tool="cancel_order",
        arguments={"order": "10240"},
        agent="service",
        reply_has=("cancel  ORDER",),
        reply_lacks=("10300",),
        pending=True,
    )
    turn = came(
        ("cancel_order", {"order": "10240", "reason": "mistake"}),
        status=Status.NEEDS_CONFIRMATION,
        reply="Cancel\u00a0order 10240?",
        pending=True,
    )
    assert wrong(expected, turn) == []


@pytest.mark.parametrize(
    ("expected", "what"),
    [
        (Expected(say="x", status=Status.DONE, writes=0), "status"),
        (Expected(say="x", tool="track_shipment"), "tool"),
        (Expected(say="x", tools=("lookup_order", "track_shipment")), "tools"),
        (Expected(say="x", no_tool=True), "tools"),
        (Expected(say="x", arguments={"order": "10240"}), "argument order"),
        (Expected(say="x", arguments={"product": "lamp"}), "argument product"),
        (Expected(say="x", agent="technical"), "agent"),
        (Expected(say="x", reply_has=("tomorrow",)), "reply has"),
        (Expected(say="x", reply_lacks=("ON ITS way",)), "reply lacks"),
        (Expected(say="x", pending=True), "pending"),
        (Expected(say="x", writes=1), "writes"),
    ],
)
def test_each_thing_that_is_wrong_is_named(expected, what):
    assert wrong(expected, came(("lookup_order", {"order": "10234"}))) == [what]


def test_something_that_waits_unexpectedly_is_named():
    assert wrong(Expected(say="x", pending=False), came(pending=True)) == ["pending"]


def test_a_write_that_no_turn_expected_is_wrong():
    assert wrong(Expected(say="x"), came(), writes=1) == ["writes"]


def test_done_means_one_write():
    expected = Expected(say="yes", status=Status.DONE)
    assert wrong(expected, came(status=Status.DONE), writes=1) == []
    assert wrong(expected, came(status=Status.DONE), writes=0) == ["writes"]
    assert wrong(expected, came(status=Status.DONE), writes=2) == ["writes"]


def test_a_mismatch_says_what_was_said_expected_and_came():
    (mismatch,) = judge(3, Expected(say="hi", status=Status.REFUSED), came(), 0, Score())
    assert (mismatch.turn, mismatch.said, mismatch.what) == (3, "hi", "status")
    assert (mismatch.expected, mismatch.got) == ("refused", "answered")


def test_commands_and_arguments_are_counted():
    score = Score()
    two = Expected(say="x", tools=("a", "b"), arguments=[{"x": 1}, {"y": 2, "z": 3}])
    judge(1, two, came(("a", {"x": 1}), ("c", {"y": 2})), 0, score)
    assert (score.tools, score.tools_right) == (2, 1)
    assert (score.arguments, score.arguments_right) == (3, 2)
    judge(2, Expected(say="x", no_tool=True), came(), 0, score)
    judge(3, Expected(say="x", no_tool=True), came(("a", {})), 0, score)
    assert (score.tools, score.tools_right) == (4, 2)


def test_arguments_of_a_command_that_did_not_come_are_wrong():
    score = Score()
    found = judge(1, Expected(say="x", tool="a", arguments={"x": 1}), came(), 0, score)
    assert [m.what for m in found] == ["tool", "argument x"]
    assert (score.arguments, score.arguments_right) == (1, 0)


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        ("10234", "10234"),
        (True, 1),
        (89.9, 89.9),
        (datetime(2026, 3, 10, 8, tzinfo=UTC), "2026-03-10T09:00:00+01:00"),
        ("2026-03-10T08:00:00Z", "2026-03-10T09:00:00+01:00"),
        (date(2026, 3, 12), "2026-03-12"),
        ([1, [date(2026, 3, 12)]], [1, ["2026-03-12"]]),
        ({"at": "2026-03-10T08:00:00Z"}, {"at": "2026-03-10T09:00:00+01:00"}),
    ],
)
def test_alike(wanted, got):
    assert alike(wanted, got)


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        ("10234", 10234),
        ("10234", "10240"),
        ("2026-03-10T08:00:00Z", "2026-03-10T08:00:00+01:00"),
        (datetime(2026, 3, 10, 8, tzinfo=UTC), "tomorrow at nine o'clock"),
        (datetime(2026, 3, 10, 8, tzinfo=UTC), None),
        (date(2026, 3, 12), "2026-03-13"),
        ([1, 2], [1]),
        ({"a": 1}, {"a": 1, "b": 2}),
    ],
)
def test_not_alike(wanted, got):
    assert not alike(wanted, got)


def test_rows_must_be_the_same_in_their_order():
    assert judge_rows("SELECT", [["a", 1], ["b", 2]], [("a", 1), ("b", 2)]) == []
    for rows in ([("b", 2), ("a", 1)], [("a", 1)], [("a",), ("b",)], []):
        (mismatch,) = judge_rows("SELECT", [["a", 1], ["b", 2]], rows)
        assert (mismatch.turn, mismatch.what) == (None, "SELECT")
        assert mismatch.got == [list(row) for row in rows]
