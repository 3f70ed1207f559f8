"""Model files on disk: found in installed packages, checked, and requantized once into the cache folder."""

import hashlib
import logging
import os
import shutil
import threading
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import msgspec

from balie import locations
from balie.errors import ModelsForbidden, ModelUnavailable
from balie.models import gguf
from balie.models.catalog import Model

log = logging.getLogger(__name__)

FORBIDDEN = "BALIE_FORBID_MODELS"
_KEPT_FREE = 64 << 20  # bytes that are left on the disk after a file was made
_LOCK_SECONDS = 120.0  # a requantization takes two seconds; one that holds the lock this long has hung
_CHUNK = 1 << 20


class _Seen(msgspec.Struct):
    """What a file was when its checksum was last computed."""

    size: int
    changed_ns: int
    sha256: str


def check_allowed(name: str) -> None:
    """Refuse where ``BALIE_FORBID_MODELS`` is set.

    Raises:
        ModelsForbidden: it is.
    """
    if os.environ.get(FORBIDDEN, "") not in {"", "0"}:
        raise ModelsForbidden(f"{FORBIDDEN} is set: {name} is not loaded.", model=name)


def locate(model: Model, part: str = "weights") -> Path:
    """The file of ``model``, found without importing the package it lies in, its sha256 checked.

    Raises:
        ModelsForbidden: BALIE_FORBID_MODELS is set.
        ModelUnavailable: the package is not installed, or the file is missing or another one.
    """
    check_allowed(model.name)
    wanted = model.files[part]
    try:
        path = Path(str(distribution(wanted.package).locate_file(wanted.path)))
    except PackageNotFoundError as error:
        raise ModelUnavailable(
            f"The {part} of {model.name} come out of the package {wanted.package}, which is not installed.",
            model=model.name,
        ) from error
    if not path.is_file():
        raise ModelUnavailable(f"The {part} of {model.name} are not at {path}.", model=model.name)
    if (found := checksum(path)) != wanted.sha256:
        raise ModelUnavailable(
            f"The {part} of {model.name} at {path} are not the file that Balie knows"
            f" (sha256 {found[:12]}…, expected {wanted.sha256[:12]}…). Reinstall {wanted.package}.",
            model=model.name,
        )
    return path


def checksum(path: Path) -> str:
    """The sha256 of a file, kept in the cache folder until the file's size or time of change differ."""
    key, state = str(path), path.stat()
    seen = _read_notes()
    if (one := seen.get(key)) and (one.size, one.changed_ns) == (state.st_size, state.st_mtime_ns):
        return one.sha256
    digest = _hash(path)
    seen[key] = _Seen(state.st_size, state.st_mtime_ns, digest)
    try:
        _write_whole(_notes(), msgspec.json.encode(seen))
    except OSError as error:
        log.info("the checksum of %s is not kept: %s", path.name, error)
    return digest


def requantized(model: Model, quantization: str = "Q8_0") -> Path:
    """``model``'s weights as ``quantization``, made once and kept in the cache folder.

    Two processes that start together make it once: the second waits and takes the first one's. Where it
    can't be made (disk full, folder not writable, no lock to be had) a warning is logged and the file
    as it ships is returned: slower, and right.

    Raises:
        ModelsForbidden: BALIE_FORBID_MODELS is set.
        ModelUnavailable: the shipped file is not there.
    """
    shipped = locate(model)
    if quantization == model.quantization:
        return shipped
    if quantization != "Q8_0":
        raise ModelUnavailable(
            f"{model.name} can't be made as {quantization} here; Q8_0 can.", model=model.name
        )
    from filelock import FileLock, Timeout

    try:
        folder = locations.cache() / "models"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = folder / f"{model.name}-{quantization.lower()}-{model.checksum[:12]}.gguf"
        if _is_whole(target):
            return target
        # The lock belongs to the open file: when its process is killed the system lets go of it.
        with FileLock(target.with_suffix(".lock"), timeout=_LOCK_SECONDS):
            if not _is_whole(target):
                _make(shipped, target)
    except (OSError, Timeout, NotImplementedError) as error:
        log.warning(
            "%s is used as it ships (%s), since %s",
            model.name,
            model.quantization,
            error or type(error).__name__,
        )
        return shipped
    return target


def _make(shipped: Path, target: Path) -> None:
    for left_over in target.parent.glob(f"{target.name}.part*"):
        left_over.unlink()
    needed = gguf.size_as_q8_0(shipped)
    free = shutil.disk_usage(target.parent).free
    if free < needed + _KEPT_FREE:
        raise OSError(f"the disk has {free >> 20} MiB free and {(needed + _KEPT_FREE) >> 20} MiB are needed")
    part = target.with_name(f"{target.name}.part{os.getpid()}")
    try:
        with part.open("wb") as file:
            digest = gguf.to_q8_0(shipped, file)
            file.flush()
            os.fsync(file.fileno())
        _write_whole(_digest_file(target), digest.encode())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _is_whole(target: Path) -> bool:
    """Whether the file is there and is what was written; one that is not is made again."""
    try:
        return checksum(target) == _digest_file(target).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return False


def _digest_file(target: Path) -> Path:
    return target.with_suffix(".sha256")


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _notes() -> Path:
    return locations.cache() / "models" / "checksums.json"


def _read_notes() -> dict[str, _Seen]:
    try:
        return msgspec.json.decode(_notes().read_bytes(), type=dict[str, _Seen])
    except (OSError, msgspec.MsgspecError):
        return {}  # they only save time: without them the file is read once more


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file so that nobody ever reads half of it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part{os.getpid()}-{threading.get_ident()}")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
