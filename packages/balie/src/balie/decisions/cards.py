"""A head's card: what it was made of, and how good it was on examples that it had not seen."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec


class Outside(msgspec.Struct, frozen=True):
    """How well what is out of scope is told apart; thresholds come from other folds than those measured."""

    recall: float
    """Share of what is out of scope that was recognised as such."""
    false_rejection: float
    """Share of what is in scope that was taken for out of scope."""


class Baseline(msgspec.Struct, frozen=True):
    """The same folds with TF-IDF of character n-grams and logistic regression, without the encoder."""

    accuracy: float
    accuracy_all: float
    outside: Outside | None = None


class Confusion(msgspec.Struct, frozen=True):
    """How often examples of one label were taken for another."""

    label: str
    taken_for: str
    count: int


class Card(msgspec.Struct, frozen=True):
    """Shares are in [0, 1], all of them on held-out folds.

    ``accuracy`` is over what is in scope, among the labels that are; ``accuracy_all`` over everything, out
    of scope being a label like the others. ``confident_accuracy`` is the accuracy of the answers at or above
    the threshold ``confident``, ``confident_coverage`` the share of in-scope messages that they are.
    """

    question: str
    encoder: str
    encoder_sha256: str
    examples: dict[str, int]
    examples_sha256: str
    folds: int
    c: float
    temperature: float
    accuracy: float
    accuracy_all: float
    macro_f1: float
    calibration_error_before: float
    calibration_error: float
    threshold_confident: float
    threshold_inside: float
    confident_accuracy: float
    confident_coverage: float
    outside: Outside | None
    baseline: Baseline
    confusions: list[Confusion]
    made_with: dict[str, str]
    seconds: float
    """How long it took. Not in the file: the same examples make the same file."""

    def to_toml(self) -> str:
        """The card as it lies beside the head."""
        content = msgspec.to_builtins(self)
        del content["seconds"]
        return "# Made by `balie tune`. Every figure is of held-out folds.\n" + "\n".join(_lines(content, ()))


def _lines(table: Mapping[str, Any], path: tuple[str, ...]) -> list[str]:
    """TOML lines: plain values first, then the tables and the lists of tables."""
    lines: list[str] = []
    plain = {
        key: value for key, value in table.items() if not isinstance(value, dict | list) and value is not None
    }
    if path and plain:
        lines.append(f"\n[{'.'.join(path)}]")
    lines += [f"{_key(key)} = {_value(value)}" for key, value in plain.items()]
    for key, value in table.items():
        if isinstance(value, dict):
            lines += _lines(value, (*path, _key(key)))
        elif isinstance(value, list):
            for entry in value:
                lines.append(f"\n[[{'.'.join((*path, _key(key)))}]]")
                lines += [f"{_key(name)} = {_value(inner)}" for name, inner in entry.items()]
    return lines


def _key(key: str) -> str:
    return key if key.replace("_", "").replace("-", "").isalnum() and key.isascii() else json.dumps(key)


def _value(value: str | float) -> str:
    # A TOML basic string has the escapes of JSON's.
    return json.dumps(value, ensure_ascii=False)
