"""What this machine has, as far as it decides how a model is run."""

import os
import platform
import sys
from functools import cache
from pathlib import Path

import msgspec

# The flags that decide how fast llama.cpp and ONNX Runtime multiply small integers.
_TOLD_FLAGS = (
    "avx2",
    "fma",
    "f16c",
    "avx512f",
    "avx512_vnni",
    "avx_vnni",
    "amx_int8",
    "asimd",
    "asimddp",
    "i8mm",
    "sve",
)


class Hardware(msgspec.Struct, frozen=True):
    """Memory in bytes; ``threads`` is how many a model uses when nobody says otherwise."""

    machine: str
    system: str
    physical_cores: int
    usable_cores: int
    memory_total: int
    memory_available: int
    cpu_flags: tuple[str, ...]

    @property
    def threads(self) -> int:
        """One for each physical core that this process may use: a second one on it only gets in the way."""
        return max(1, min(self.physical_cores, self.usable_cores))


def detect() -> Hardware:
    """Look at the machine now; takes a few milliseconds."""
    import psutil

    memory = psutil.virtual_memory()
    logical = os.cpu_count() or 1
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else logical
    return Hardware(
        machine=platform.machine(),
        system=sys.platform,
        physical_cores=psutil.cpu_count(logical=False) or logical,
        usable_cores=usable,
        memory_total=memory.total,
        memory_available=memory.available,
        cpu_flags=_cpu_flags(),
    )


@cache
def threads() -> int:
    """How many threads a model uses by default; asked once a process."""
    return detect().threads


def _cpu_flags() -> tuple[str, ...]:
    """The flags that matter here, where the system lists them (Linux does); elsewhere none are claimed."""
    listing = Path("/proc/cpuinfo")
    if not listing.is_file():
        return ()
    for line in listing.read_text(encoding="utf-8", errors="replace").splitlines():
        key, _, value = line.partition(":")
        if key.strip() in {"flags", "Features"}:
            found = set(value.split())
            return tuple(flag for flag in _TOLD_FLAGS if flag in found)
    return ()
