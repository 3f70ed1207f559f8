import json

import pytest
from balie.cli._exit import ExitCode
from balie.cli._probe import probe
from balie_testing import FakeBackend, FakeEncoder


def test_list(balie, library):
    listed = json.loads(balie("list", "--json").stdout)
    assert {
        "name": "library",
        "title": "The library",
        "description": "A library's desk: books and loans.",
    } in listed["verticals"]
    assert listed["broken"] == {}
    assert "library" in balie("list").stdout


def test_a_broken_vertical_does_not_hide_the_others(balie, library, broken):
    result = balie("list")
    assert result.exit_code == ExitCode.FAILED
    assert "The library" in result.stdout
    assert "broken can't be loaded: ModuleNotFoundError" in result.stderr
    listed = json.loads(balie("list", "--json").stdout)
    assert "nowhere_at_all" in listed["broken"]["broken"]


@pytest.mark.models
def test_models(balie):
    listed = {model["name"]: model for model in json.loads(balie("models", "list", "--json").stdout)}
    assert listed["minilm-l6-int8"]["role"] == "encoder"
    assert listed["smollm2-135m-instruct"]["profiles"]
    assert {model["problem"] for model in listed.values()} == {None}
    assert balie("models", "list").stdout.count("yes, checked") == len(listed)


def test_models_that_can_not_be_used_say_why(balie):
    listed = json.loads(balie("models", "list", "--json").stdout)
    assert all("BALIE_FORBID_MODELS is set" in model["problem"] for model in listed)


def checks(result):
    return {check["name"]: check for check in json.loads(result.stdout)["checks"]}


def test_doctor_finds_what_is_wrong(balie, library):
    result = balie("doctor", "--json")
    assert result.exit_code == ExitCode.FAILED
    assert json.loads(result.stdout)["ok"] is False
    found = checks(result)
    assert found["Python"]["state"] == "ok"
    assert found["minilm-l6-int8"]["state"] == "failing"
    assert "balie tune library" in found["library: heads"]["detail"]
    assert found["library: database"]["state"] == "ok"
    assert "there is none yet" in found["library: database"]["detail"]


def test_doctor_changes_nothing(balie, library, data):
    balie("doctor")
    assert not list(data.glob("library*"))


def test_doctor_tells_people(balie, library_data, broken):
    result = balie("doctor")
    assert result.exit_code == ExitCode.FAILED
    assert "✓ Python" in result.stdout
    assert "✗ library: heads" in result.stdout
    assert "is reachable and up to date" in result.stdout
    assert "✗ broken" in result.stdout
    assert "things are wrong." in result.stdout


def test_doctor_looks_at_the_settings(balie, data):
    (data.parent / "balie.toml").write_text("langauge = 'en'\n")
    found = checks(balie("doctor", "--json"))
    assert found["settings"]["state"] == "failing"
    assert "did you mean language?" in found["settings"]["detail"]


@pytest.mark.models
def test_doctor_probes_the_engines(balie, library):
    found = checks(balie("doctor", "--json"))
    assert found["minilm-l6-int8 on onnxruntime"]["state"] == "ok"
    generator = next(name for name in found if name.startswith("smollm2-135m-instruct on "))
    assert found[generator]["state"] == "ok"
    assert "schemas enforced: yes" in found[generator]["detail"]
    assert "probabilities: yes" in found[generator]["detail"]


@pytest.mark.anyio
async def test_an_encoder_is_probed():
    found = await probe(FakeEncoder())
    assert found.embeds is True
    assert found.schemas_enforced is None
    assert found.problems() == []


@pytest.mark.anyio
async def test_an_engine_that_does_not_keep_to_schemas_is_found_out():
    found = await probe(FakeBackend(written=["Paris is the capital of France."]))
    assert found.schemas_enforced is False
    assert found.probabilities is True
    assert found.embeds is None
    assert found.problems() == ["it does not keep to a schema"]


@pytest.mark.anyio
async def test_one_that_does_is_well():
    found = await probe(FakeBackend(written=[{"answer": "teapot"}]))
    assert found.problems() == []
