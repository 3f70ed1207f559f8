"""The secret that encrypted columns and blind indexes hang on.

It is ``BALIE_SECRET_KEY`` (base64 of 32 bytes) or else the file ``secret.key`` in the data folder,
which is made when it is first needed. Whoever loses it loses what is encrypted: it belongs in the backup,
but not beside the database's.
"""

import base64
import binascii
import functools
import hashlib
import hmac
import os
import secrets
import tempfile
from pathlib import Path

from balie import locations
from balie.errors import ConfigError

KEY_BYTES = 32
FILE_NAME = "secret.key"
_VARIABLES = ("BALIE_SECRET_KEY", "BALIE_DATA_DIR", "XDG_DATA_HOME", "HOME", "LOCALAPPDATA")


def derived(purpose: str) -> bytes:
    """The 32-byte key for one purpose: HMAC-SHA256 of the purpose under the secret.

    Raises:
        ConfigError: the secret is not base64 of 32 bytes, or its file can't be read or made.
    """
    return _derived(purpose, *map(os.environ.get, _VARIABLES))


@functools.lru_cache(maxsize=32)
def _derived(purpose: str, given: str | None, *_place: str | None) -> bytes:
    # What decides where the secret is found is the cache's key, so a moved data folder is noticed.
    if given:
        secret = _decoded(given, "BALIE_SECRET_KEY")
    else:
        file = locations.data() / FILE_NAME
        try:
            secret = _decoded(_read_or_make(file), str(file))
        except OSError as error:
            raise ConfigError(f"The secret key {file} can't be read or made: {error.strerror}.") from error
    return hmac.new(secret, b"balie/" + purpose.encode(), hashlib.sha256).digest()


def _decoded(text: str, place: str) -> bytes:
    try:
        secret = base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        secret = b""
    if len(secret) != KEY_BYTES:
        raise ConfigError(f"{place} must be base64 of {KEY_BYTES} bytes (openssl rand -base64 32 makes one).")
    return secret


def _read_or_make(file: Path) -> str:
    if not file.exists():
        # mkstemp gives 0600. The link fails where another process was first, and then its key counts:
        # nobody ever reads half a key, and nobody replaces one.
        descriptor, name = tempfile.mkstemp(prefix=f".{FILE_NAME}.", dir=file.parent)
        try:
            with os.fdopen(descriptor, "wb") as draft:
                draft.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
                draft.flush()
                os.fsync(draft.fileno())
            try:
                os.link(name, file)
            except FileExistsError:
                return file.read_text(encoding="ascii")
        finally:
            Path(name).unlink()
    return file.read_text(encoding="ascii")
