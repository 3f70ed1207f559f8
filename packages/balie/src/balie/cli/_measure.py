"""Memory of this process."""

import sys


def resident_mb() -> float:
    """Resident memory now, in megabytes (10⁶ bytes)."""
    import psutil

    return round(psutil.Process().memory_info().rss / 1e6, 1)


def peak_mb() -> float:
    """The most resident memory that this process ever had, in megabytes (10⁶ bytes)."""
    if sys.platform == "win32":
        import psutil

        return round(psutil.Process().memory_info().peak_wset / 1e6, 1)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # getrusage(2): kilobytes on Linux and the BSDs, bytes on macOS.
    return round(peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6, 1)
