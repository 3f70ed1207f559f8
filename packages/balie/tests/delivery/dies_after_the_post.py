"""``dies_after_the_post.py DATABASE URL``: delivers, and is killed when the answer is there and not yet noted."""

import asyncio
import os
import signal
import sys

from balie.config import WebhookSettings
from balie.db import Database
from balie.delivery import Deliverer, endpoints_of


async def deliver(place, url):
    database = Database(place)
    endpoints = endpoints_of([WebhookSettings(url)])
    await Deliverer(
        database, endpoints, source="library", on_attempt=lambda _: os.kill(os.getpid(), signal.SIGKILL)
    ).once()


asyncio.run(deliver(*sys.argv[1:]))
