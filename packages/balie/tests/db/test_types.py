import base64
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from balie.db import EncryptedText, Json, Money, UtcDateTime, blind_index, secrets
from balie.errors import ConfigError, DataError
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql, sqlite

DIALECTS = [sqlite.dialect(), postgresql.dialect()]
CHILDREN = Path(__file__).with_name("children.py")
amounts = st.decimals(min_value=-(10**14), max_value=10**14, places=2)


def stored(kind, value, dialect=DIALECTS[0]):
    return kind.process_bind_param(value, dialect)


def there_and_back(kind, value, dialect=DIALECTS[0]):
    return kind.process_result_value(stored(kind, value, dialect), dialect)


@given(amounts)
def test_money_comes_back_exactly_and_with_two_digits(amount):
    back = there_and_back(Money(), amount)
    assert back == amount
    assert back.as_tuple().exponent == -2


@given(st.lists(amounts, max_size=20))
def test_money_adds_up_in_the_database(several):
    cents = sum(stored(Money(), amount) for amount in several)
    assert Money().process_result_value(cents, DIALECTS[0]) == sum(several, Decimal(0))


@given(st.decimals(allow_nan=True, allow_infinity=True))
def test_money_is_whole_cents_or_refused(amount):
    if amount.is_finite() and abs(amount) < 10**16 and Fraction(amount) % Fraction(1, 100) == 0:
        assert there_and_back(Money(), amount) == amount
    else:
        with pytest.raises(ValueError, match="is not a"):
            stored(Money(), amount)


@pytest.mark.parametrize("amount", [1.5, True, "2.00"])
def test_money_is_never_a_float_nor_anything_else(amount):
    with pytest.raises(ValueError, match="not a Decimal"):
        stored(Money(), amount)


instants = st.datetimes(
    min_value=datetime(1900, 1, 2),
    max_value=datetime(9000, 1, 1),
    timezones=st.builds(timezone, st.timedeltas(timedelta(hours=-14), timedelta(hours=14))),
)


@given(instants, st.sampled_from(DIALECTS))
def test_an_instant_comes_back_in_utc(instant, dialect):
    back = there_and_back(UtcDateTime(), instant, dialect)
    assert back == instant
    assert back.tzinfo is UTC


def test_a_naive_datetime_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        stored(UtcDateTime(), datetime(2026, 3, 10, 9))


texts = st.text(st.characters(codec="utf-8"))
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=10,
)


@given(json_values)
def test_json_comes_back(value):
    assert there_and_back(Json(), value) == value


def test_json_comes_back_as_its_kind():
    assert there_and_back(Json(dict[str, Decimal]), {"price": Decimal("1.10")}) == {"price": Decimal("1.10")}


@pytest.fixture(scope="module", autouse=True)
def secret_key(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BALIE_DATA_DIR", str(tmp_path_factory.mktemp("module")))
        yield


@pytest.fixture
def data_folder():
    """The module's folder stays: Hypothesis runs a test many times."""


@given(texts)
def test_encrypted_text_comes_back_and_looks_different_every_time(text):
    one, other = stored(EncryptedText(), text), stored(EncryptedText(), text)
    assert one != other
    assert EncryptedText().process_result_value(one, DIALECTS[0]) == text
    assert len(text) < 5 or text.encode() not in one


@given(texts, st.data())
def test_one_changed_bit_of_an_encrypted_text_is_noticed(text, data):
    sealed = bytearray(stored(EncryptedText(), text))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(DataError, match="can't be opened"):
        EncryptedText().process_result_value(bytes(sealed), DIALECTS[0])


@given(texts, st.integers(0, 28))
def test_a_shortened_encrypted_text_is_noticed(text, length):
    sealed = stored(EncryptedText(), text)
    with pytest.raises(DataError, match="can't be opened"):
        EncryptedText().process_result_value(sealed[: min(length, len(sealed) - 1)], DIALECTS[0])


@given(texts, texts)
def test_a_blind_index_is_equal_where_the_values_are(one, other):
    assert (blind_index(one) == blind_index(other)) == (one == other)
    assert len(blind_index(one)) == 64


def test_another_secret_key_opens_nothing(monkeypatch):
    sealed, index = stored(EncryptedText(), "Marit"), blind_index("Marit")
    monkeypatch.setenv("BALIE_SECRET_KEY", base64.b64encode(os.urandom(32)).decode())
    with pytest.raises(DataError, match="another secret key"):
        EncryptedText().process_result_value(sealed, DIALECTS[0])
    assert blind_index("Marit") != index


@pytest.mark.parametrize("key", ["short", "c2hvcnQ=", "not base64 !"])
def test_a_wrong_secret_key_is_a_setting_that_is_wrong(monkeypatch, key):
    monkeypatch.setenv("BALIE_SECRET_KEY", key)
    with pytest.raises(ConfigError, match="base64 of 32 bytes"):
        blind_index("anything")


def test_the_secret_key_is_made_once_and_for_its_owner_only(monkeypatch, tmp_path):
    monkeypatch.setenv("BALIE_DATA_DIR", str(tmp_path / "fresh"))
    first = blind_index("Marit")
    file = tmp_path / "fresh" / "secret.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [entry.name for entry in file.parent.iterdir()] == ["secret.key"]
    secrets._derived.cache_clear()
    assert blind_index("Marit") == first


def test_processes_that_start_together_agree_on_the_secret_key(monkeypatch, tmp_path):
    monkeypatch.setenv("BALIE_DATA_DIR", str(tmp_path / "fresh"))
    outcome = subprocess.run(
        [sys.executable, CHILDREN, "derive", "8"], capture_output=True, text=True, check=True
    )
    keys = outcome.stdout.split()
    assert len(keys) == 8
    assert len(set(keys)) == 1
