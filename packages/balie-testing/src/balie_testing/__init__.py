"""What tests of Balie and of its verticals stand on. Installed, it is a pytest plugin as well.

See :mod:`balie_testing.plugin` for what the plugin does by itself and :mod:`balie_testing.fixtures` for
what a test can ask for.
"""

from balie_testing.backends import FakeBackend, FakeEncoder
from balie_testing.clock import NOW, FrozenClock
from balie_testing.models import FakeModels
from balie_testing.project import make_project

__all__ = ["NOW", "FakeBackend", "FakeEncoder", "FakeModels", "FrozenClock", "make_project"]
