"""The screens over the library's desk: a vertical as small as can be."""

from functools import partial

import pytest
from balie_testing import screens
from balie_testing.library.vertical import VERTICAL
from pytest_textual_snapshot import SVGImageExtension

# The plugin says it as older versions of syrupy were told; its pictures would be called .raw.
SVGImageExtension.file_extension = "svg"


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
def library(seeded_database, frozen_clock):
    """``library()``: the app at the library's desk, for member M-1."""
    return partial(screens.desk_app, VERTICAL, seeded_database, frozen_clock, identity="M-1")


@pytest.fixture
def kiosk(seeded_database, frozen_clock):
    """``kiosk()``: the library's desk in kiosk mode; time passes with ``waited(pilot, seconds)``."""
    return partial(screens.kiosk_app, VERTICAL, seeded_database, frozen_clock)
