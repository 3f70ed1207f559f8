"""GGUF files, requantized: checked against the block formats worked out by hand."""

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from balie.errors import ModelUnavailable
from balie.models import gguf
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

HALF = hnp.arrays(np.float16, 3, elements=st.floats(-8, 8, width=16))


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value.encode())) + value.encode()


def gguf_file(blocks: bytes, rows: int) -> bytes:
    """A file with a Q4_1 tensor of ``rows`` blocks, a float one, and metadata of every kind."""
    pairs = [
        text("general.name") + struct.pack("<I", 8) + text("small"),
        text("general.file_type") + struct.pack("<II", 4, 3),
        text("words") + struct.pack("<IIQ", 9, 8, 2) + text("a") + text("bc"),
        text("numbers") + struct.pack("<IIQ3f", 9, 6, 3, 1, 2, 3),
        text("yes") + struct.pack("<I?", 7, True),
    ]
    padded = -(-len(blocks) // 32) * 32
    infos = text("w") + struct.pack("<I2QIQ", 2, 32, rows, gguf.Q4_1, 0)
    infos += text("norm") + struct.pack("<IQIQ", 1, 32, gguf.F32, padded)
    head = b"GGUF" + struct.pack("<IQQ", 3, 2, len(pairs)) + b"".join(pairs) + infos
    head = head.ljust(-(-len(head) // 32) * 32, b"\0")
    return head + blocks.ljust(padded, b"\0") + np.arange(32, dtype="<f4").tobytes()


def as_q8_0(source: Path) -> tuple[gguf.Header, bytes]:
    out = io.BytesIO()
    gguf.to_q8_0(source, out)
    assert len(out.getvalue()) == gguf.size_as_q8_0(source)
    out.seek(0)
    out.name = "made"  # type: ignore[attr-defined]
    header = gguf.read_header(out)
    return header, out.getvalue()[header.data_at :]


@settings(max_examples=30)
@given(HALF, HALF, hnp.arrays(np.uint8, (3, 16)))
def test_weights_stay_what_they_were(
    tmp_path_factory: pytest.TempPathFactory, scales: np.ndarray, lows: np.ndarray, nibbles: np.ndarray
) -> None:
    blocks, weights = b"", []
    for scale, low, packed in zip(scales, lows, nibbles, strict=True):
        blocks += scale.tobytes() + low.tobytes() + packed.tobytes()
        levels = np.concatenate((packed & 15, packed >> 4)).astype(np.float32)
        weights.append(levels * np.float32(scale) + np.float32(low))
    source = tmp_path_factory.mktemp("gguf") / "small.gguf"
    source.write_bytes(gguf_file(blocks, 3))
    header, data = as_q8_0(source)
    assert [tensor.kind for tensor in header.tensors] == [gguf.Q8_0, gguf.F32]
    for number, wanted in enumerate(weights):
        block = data[number * 34 : number * 34 + 34]
        step = float(np.frombuffer(block[:2], np.float16)[0])
        found = np.frombuffer(block[2:], np.int8) * step
        largest = float(np.abs(wanted).max())
        # A step below 2^-14 is kept to the nearest 2^-24 (IEEE 754 binary16), and counts 127 times.
        coarse = 127 * 2**-25
        assert found == pytest.approx(wanted, abs=largest / 127 * 0.6 + largest * 2e-3 + coarse)
    assert np.frombuffer(data[header.tensors[1].offset :][:128], "<f4").tolist() == list(range(32))


def test_metadata_stays_and_the_file_says_what_it_is_now(tmp_path: Path) -> None:
    source = tmp_path / "small.gguf"
    source.write_bytes(gguf_file(bytes(20), 1))
    with source.open("rb") as file:
        before = gguf.read_header(file)
    after, _ = as_q8_0(source)
    assert before.file_type_at is not None
    at = before.file_type_at
    assert after.pairs == before.pairs == 5
    assert after.metadata[:at] + after.metadata[at + 4 :] == before.metadata[:at] + before.metadata[at + 4 :]
    assert struct.unpack_from("<I", after.metadata, at) == (gguf.FILE_TYPE_Q8_0,)


@pytest.mark.parametrize("cut", [0, 3, 10, 60, 150])
def test_a_file_that_is_none_or_is_cut_short_is_refused(tmp_path: Path, cut: int) -> None:
    source = tmp_path / "cut.gguf"
    source.write_bytes(gguf_file(bytes(20), 1)[:cut])
    with pytest.raises(ModelUnavailable):
        gguf.to_q8_0(source, io.BytesIO())


def test_a_tensor_that_ends_early_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "cut.gguf"
    whole = gguf_file(bytes(40), 2)
    source.write_bytes(whole[: len(whole) - 150])
    with pytest.raises(ModelUnavailable, match="cut short"):
        gguf.to_q8_0(source, io.BytesIO())
