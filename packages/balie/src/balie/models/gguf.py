"""Turns a Q4_1 GGUF file into a Q8_0 one, block by block, in numpy.

llama.cpp can do this itself, but its prebuilt Python wheel does not carry the function. The layouts
are those of the GGUF specification (version 3) and of ggml's block formats: 32 weights a block;
Q4_1 is a float16 scale, a float16 minimum and 16 bytes of nibbles (the low ones first), Q8_0 a
float16 scale and 32 signed bytes. All other tensors and the metadata are taken over as they are.
"""

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from balie.errors import ModelUnavailable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAGIC = b"GGUF"
VERSION = 3
BLOCK = 32
F32, F16, Q4_1, Q8_0 = 0, 1, 3, 8
FILE_TYPE_Q8_0 = 7
_BYTES_A_BLOCK = {F32: 4 * BLOCK, F16: 2 * BLOCK, Q4_1: 20, Q8_0: 34}
# Scalar value types of the metadata; 8 is a string and 9 an array.
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9


@dataclass(frozen=True)
class Tensor:
    """One tensor as the header lists it: ``offset`` in bytes from the start of the data."""

    name: bytes
    shape: tuple[int, ...]
    kind: int
    offset: int

    @property
    def weights(self) -> int:
        """How many numbers it has."""
        count = 1
        for side in self.shape:
            count *= side
        return count

    def size(self, kind: int | None = None) -> int:
        """Bytes that it takes, as it is or as another ``kind``."""
        kind = self.kind if kind is None else kind
        if kind not in _BYTES_A_BLOCK:
            raise ModelUnavailable(
                f"Tensor {self.name.decode()} has ggml type {kind}, which can't be converted."
            )
        return self.weights * _BYTES_A_BLOCK[kind] // BLOCK


@dataclass(frozen=True)
class Header:
    """What stands before a GGUF file's tensor data."""

    metadata: bytes
    """The key-value pairs as they stand in the file."""
    pairs: int
    file_type_at: int | None
    """Where in ``metadata`` the value of general.file_type stands."""
    alignment: int
    tensors: tuple[Tensor, ...]
    data_at: int


def read_header(file: BinaryIO) -> Header:
    """Read a GGUF file's header.

    Raises:
        ModelUnavailable: it is no GGUF file of version 3, or it is cut short.
    """

    def take(form: str) -> int:
        raw = file.read(struct.calcsize("<" + form))
        return int(struct.unpack("<" + form, raw)[0])

    def skip(kind: int) -> None:
        if kind == _STRING:
            file.seek(take("Q"), 1)
        elif kind == _ARRAY:
            inner, count = take("I"), take("Q")
            if inner in _SCALARS:
                file.seek(count * struct.calcsize("<" + _SCALARS[inner]), 1)
            else:
                for _ in range(count):
                    skip(inner)
        else:
            file.seek(struct.calcsize("<" + _SCALARS[kind]), 1)

    try:
        if file.read(4) != MAGIC or take("I") != VERSION:
            raise ModelUnavailable(f"{file.name} is not a GGUF file of version {VERSION}.")
        tensor_count, pairs = take("Q"), take("Q")
        start, alignment, file_type_at = file.tell(), 32, None
        for _ in range(pairs):
            key, kind = file.read(take("Q")), take("I")
            if key == b"general.alignment":
                alignment = take("I")
            else:
                if key == b"general.file_type":
                    file_type_at = file.tell() - start
                skip(kind)
        end = file.tell()
        tensors = []
        for _ in range(tensor_count):
            name = file.read(take("Q"))
            shape = tuple(take("Q") for _ in range(take("I")))
            tensors.append(Tensor(name, shape, take("I"), take("Q")))
        data_at = _aligned(file.tell(), alignment)
        file.seek(start)
        return Header(file.read(end - start), pairs, file_type_at, alignment, tuple(tensors), data_at)
    except (struct.error, KeyError, UnicodeDecodeError) as error:
        raise ModelUnavailable(f"{file.name} is not a whole GGUF file.") from error


def size_as_q8_0(source: Path) -> int:
    """Bytes that :func:`to_q8_0` will write."""
    with source.open("rb") as file:
        header = read_header(file)
    return header.data_at + sum(
        _aligned(tensor.size(_target(tensor)), header.alignment) for tensor in header.tensors
    )


def to_q8_0(source: Path, target: BinaryIO) -> str:
    """Write ``source`` into ``target``, Q4_1 tensors as Q8_0, and return the sha256 of what was written.

    Raises:
        ModelUnavailable: ``source`` is not a GGUF file that can be converted.
        OSError: it can't be read, or the disk is full.
    """
    import numpy as np

    digest = hashlib.sha256()

    def put(block: "bytes | memoryview[int]") -> None:
        target.write(block)
        digest.update(block)

    with source.open("rb") as file:
        header = read_header(file)
        put(_header_bytes(header))
        data = np.memmap(source, dtype=np.uint8, mode="r", offset=0)
        for tensor in header.tensors:
            begin = header.data_at + tensor.offset
            raw = data[begin : begin + tensor.size()]
            if len(raw) != tensor.size():
                raise ModelUnavailable(f"{source} is cut short: tensor {tensor.name.decode()} is not whole.")
            if tensor.kind == Q4_1:
                for block in _requantize(raw):
                    put(block)
            else:
                put(raw.data)
            size = tensor.size(_target(tensor))
            put(b"\0" * (_aligned(size, header.alignment) - size))
    return digest.hexdigest()


def _requantize(raw: "NDArray[np.uint8]") -> "Iterator[memoryview[int]]":
    """Q4_1 blocks as Q8_0 blocks, a few megabytes at a time, however large the tensor is."""
    import numpy as np

    blocks = raw.reshape(-1, 20)
    for begin in range(0, len(blocks), 1 << 15):
        part = blocks[begin : begin + (1 << 15)]
        scale = part[:, 0:2].copy().view(np.float16).astype(np.float32)
        low = part[:, 2:4].copy().view(np.float16).astype(np.float32)
        nibbles = part[:, 4:]
        weights = np.concatenate((nibbles & 15, nibbles >> 4), axis=1).astype(np.float32) * scale + low
        step = np.abs(weights).max(axis=1, keepdims=True) / np.float32(127)
        scaled = np.divide(weights, step, out=np.zeros_like(weights), where=step > 0)
        out = np.empty((len(part), 34), dtype=np.uint8)
        out[:, 0:2] = step.astype(np.float16).view(np.uint8)
        out[:, 2:] = np.rint(scaled).astype(np.int8).view(np.uint8)
        yield out.reshape(-1).data


def _header_bytes(header: Header) -> bytes:
    metadata = bytearray(header.metadata)
    if header.file_type_at is not None:
        struct.pack_into("<I", metadata, header.file_type_at, FILE_TYPE_Q8_0)
    out = bytearray(MAGIC + struct.pack("<IQQ", VERSION, len(header.tensors), header.pairs) + metadata)
    offset = 0
    for tensor in header.tensors:
        kind = _target(tensor)
        out += struct.pack("<Q", len(tensor.name)) + tensor.name + struct.pack("<I", len(tensor.shape))
        out += struct.pack(f"<{len(tensor.shape)}Q", *tensor.shape) + struct.pack("<IQ", kind, offset)
        offset += _aligned(tensor.size(kind), header.alignment)
    return bytes(out.ljust(_aligned(len(out), header.alignment), b"\0"))


def _target(tensor: Tensor) -> int:
    return Q8_0 if tensor.kind == Q4_1 else tensor.kind


def _aligned(position: int, alignment: int) -> int:
    return -(-position // alignment) * alignment
