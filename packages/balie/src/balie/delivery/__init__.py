"""Webhooks: what the outbox has for ``webhook`` is posted to the addresses in the settings.

At least once: who receives it twice knows it by its id. See :mod:`balie.delivery.deliverer`.
"""

from balie.delivery.deliverer import Attempt, Deliverer
from balie.delivery.endpoints import Endpoint, endpoints_of
from balie.delivery.queue import RECIPIENT
from balie.delivery.schedule import WAITS
from balie.delivery.signing import sign

__all__ = ["RECIPIENT", "WAITS", "Attempt", "Deliverer", "Endpoint", "endpoints_of", "sign"]
