"""Run by the tests in a process of its own: requantize, and say which file came out.

``--limit BYTES`` lets no file grow beyond that; ``--log`` shows warnings.
"""

import argparse
import logging
import signal
import sys

from balie.models import catalog, files

parser = argparse.ArgumentParser()
parser.add_argument("--limit", type=int)
given = parser.parse_args()
logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
if given.limit:
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (given.limit, given.limit))
sys.stdout.write(f"{files.requantized(catalog.model('smollm2-135m-instruct'))}\n")
