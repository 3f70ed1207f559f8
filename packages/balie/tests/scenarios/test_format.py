from datetime import UTC, datetime, timedelta, timezone

import pytest
from balie.agent import Role, Status
from balie.errors import ConfigError
from balie.scenarios import SAMPLE_DAY, ScenarioError, load

WHOLE = """
[[scenario]]
id = "cancel-unshipped"
role = "staff"
identity = "C-1001"
now = 2026-03-11T10:00:00+01:00
language = "nl"
note = "why"
before = ["UPDATE orders SET status = 'paid'"]

[[scenario.turn]]
say = "please cancel 10240"
status = "needs_confirmation"
tool = "cancel_order"
arguments = { order = "10240" }
agent = "service"
reply_has = ["10240"]
reply_lacks = ["10300"]
pending = true

[[scenario.turn]]
confirm = true
status = "done"

[scenario.after]
"SELECT status FROM orders WHERE number = '10240'" = [["cancelled"]]

[[scenario]]
id = "form"

[[scenario.turn]]
run = { tool = "lookup_order", arguments = { order = "10234" } }
now = 2026-03-10T10:00:00Z
tools = ["lookup_order", "track_shipment"]
arguments = [{ order = "10234" }, {}]
writes = 0
"""


def written(tmp_path, text, name="a.toml"):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


def one_turn(turn, head='id = "one"'):
    return f"[[scenario]]\n{head}\n[[scenario.turn]]\n{turn}\n"


def test_every_key_is_read(tmp_path):
    cancel, form = load(written(tmp_path, WHOLE))
    assert cancel.role is Role.STAFF
    assert (cancel.identity, cancel.language, cancel.note) == ("C-1001", "nl", "why")
    assert cancel.now == datetime(2026, 3, 11, 10, tzinfo=timezone(timedelta(hours=1)))
    assert cancel.before == ("UPDATE orders SET status = 'paid'",)
    assert cancel.after == {"SELECT status FROM orders WHERE number = '10240'": [["cancelled"]]}
    ask, yes = cancel.turn
    assert ask.status is Status.NEEDS_CONFIRMATION
    assert ask.expected_tools == ("cancel_order",)
    assert ask.expected_arguments == ({"order": "10240"},)
    assert (ask.pending, ask.agent, ask.reply_has, ask.reply_lacks) == (
        True,
        "service",
        ("10240",),
        ("10300",),
    )
    assert (ask.expected_writes, yes.expected_writes) == (0, 1)
    assert yes.confirm is True
    (turn,) = form.turn
    assert turn.run.tool == "lookup_order"
    assert turn.now == datetime(2026, 3, 10, 10, tzinfo=UTC)
    assert turn.expected_tools == ("lookup_order", "track_shipment")
    assert turn.expected_arguments == ({"order": "10234"}, {})


def test_what_is_left_out_is_a_customer_on_the_day_of_the_sample_data(tmp_path):
    (scenario,) = load(written(tmp_path, one_turn('say = "hi"')))
    assert (scenario.role, scenario.identity, scenario.language) == (Role.CUSTOMER, None, "en")
    assert scenario.now.date() == SAMPLE_DAY
    assert scenario.turn[0].expected_tools is None
    assert scenario.turn[0].expected_arguments == ()


def test_no_tool_is_an_empty_list_of_tools(tmp_path):
    (scenario,) = load(written(tmp_path, one_turn('say = "hi"\nno_tool = true')))
    assert scenario.turn[0].expected_tools == ()


@pytest.mark.parametrize(
    ("turn", "said"),
    [
        ('say = "hi"', "hi"),
        ("confirm = true", "[yes]"),
        ("confirm = false", "[no]"),
        ('run = { tool = "lookup_order", arguments = { order = "10234" } }', "/lookup_order order=10234"),
        ('run = { tool = "lookup_customer" }', "/lookup_customer"),
    ],
)
def test_a_turn_says_what_the_person_does(tmp_path, turn, said):
    (scenario,) = load(written(tmp_path, one_turn(turn)))
    assert scenario.turn[0].said == said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            one_turn('say = "hi"\nstatsu = "done"'),
            ["scenario one, turn 1", "no key statsu", "did you mean status?"],
        ),
        (one_turn('say = "hi"\nxyz = 1'), ["turn 1", "no key xyz", "it can be say, confirm"]),
        (one_turn('say = "hi"', 'id = "one"\nidentiy = "C-1"'), ["scenario one", "identiy", "identity"]),
        ("[[scenari]]\nid = 'a'", ["no key scenari", "did you mean scenario?"]),
        ("[scenario]\nid = 'a'", ["[[scenario]]"]),
        (one_turn('say = "hi"\nstatus = "finished"'), ["scenario one", "finished"]),
        (one_turn('say = "hi"', 'id = "Not an id"'), ["Not an id"]),
        (one_turn('say = "hi"', "identity = 'C-1'"), ["scenario number 1", "id"]),
        (one_turn('say = "hi"\nconfirm = true'), ["exactly one of say, confirm and run"]),
        (one_turn('status = "done"'), ["exactly one of say, confirm and run"]),
        (one_turn('say = "a"\ntool = "b"\nno_tool = true'), ["exclude each other"]),
        (one_turn('say = "a"\ntool = "b"\narguments = [{}]'), ["arguments"]),
        (one_turn('say = "a"\ntools = ["b"]\narguments = {}'), ["arguments"]),
        (one_turn('say = "a"\nwrites = -1'), ["writes"]),
        (one_turn('say = "hi"', 'id = "one"\nnow = 2026-03-10T09:00:00'), ["timezone"]),
        ('[[scenario]]\nid = "empty"\nturn = []', ["scenario empty", "turn"]),
        ('[[scenario]]\nid = "none"', ["scenario none", "turn"]),
        ("[[scenario", ["TOML"]),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path, text, words):
    file = written(tmp_path, text)
    with pytest.raises(ScenarioError) as caught:
        load(file)
    assert str(file) in str(caught.value)
    for word in words:
        assert word in str(caught.value)


def test_a_scenario_error_is_a_wrong_setting():
    assert issubclass(ScenarioError, ConfigError)


def test_a_folder_is_read_in_the_order_of_its_files(tmp_path):
    written(tmp_path, one_turn('say = "b"', 'id = "second"'), "b.toml")
    written(tmp_path, one_turn('say = "a"', 'id = "first"'), "a.toml")
    (tmp_path / "notes.md").write_text("not a scenario")
    assert [scenario.id for scenario in load(tmp_path)] == ["first", "second"]


def test_an_id_that_comes_twice_is_refused(tmp_path):
    written(tmp_path, one_turn('say = "a"'), "a.toml")
    written(tmp_path, one_turn('say = "b"'), "b.toml")
    with pytest.raises(ScenarioError, match=r"one is in .*a\.toml and again in .*b\.toml"):
        load(tmp_path)


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(ScenarioError, match="no scenarios"):
        load(tmp_path)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ScenarioError, match="can't be read"):
        load(tmp_path / "gone.toml")
