"""Vectors of texts that are searched by meaning, made once by ``balie tune`` and shipped beside the heads."""

import hashlib
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from balie.errors import ModelMismatch, ModelUnavailable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# A folder of its own: beside the heads every .npz is a head.
_PLACE = Path("corpus") / "vectors.npz"


def digest_of(texts: Mapping[str, str]) -> str:
    """SHA-256 of the texts and their ids: tells whether vectors were made of these."""
    return hashlib.sha256(msgspec.json.encode(texts, order="deterministic")).hexdigest()


class Corpus:
    """Texts by id and their unit vectors, float32 of shape [ids, dimensions].

    ``digest`` is of the texts, ``checksum`` of the encoder file that made the vectors.
    """

    def __init__(
        self, ids: Sequence[str], vectors: "NDArray[np.float32]", digest: str, checksum: str
    ) -> None:
        self.ids = list(ids)
        self.vectors = vectors
        self.digest = digest
        self.checksum = checksum

    def save(self, folder: Path) -> Path:
        """Write it under ``folder`` (``heads/<encoder name>``), as float16: half the size, same ranking."""
        import numpy as np

        path = folder / _PLACE
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(
            path,
            ids=np.array(self.ids),
            vectors=self.vectors.astype(np.float16),
            made_of=np.array([self.digest, self.checksum]),
        )
        return path

    @classmethod
    def load(cls, folder: Path, checksum: str) -> "Corpus | None":
        """Read it from ``folder``; None where there is none.

        Raises:
            ModelUnavailable: the file is damaged. ModelMismatch: another encoder made it.
        """
        import numpy as np

        path = folder / _PLACE
        if not path.is_file():
            return None
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                digest, made_by = (str(text) for text in arrays["made_of"])
                vectors = np.asarray(arrays["vectors"], dtype=np.float32)
                corpus = cls([str(key) for key in arrays["ids"]], vectors, digest, made_by)
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise ModelUnavailable(f"{path} can't be read: {error}. Make it with `balie tune`.") from error
        if made_by != checksum:
            raise ModelMismatch(f"The vectors in {path} were made by another encoder. Run `balie tune`.")
        return corpus
