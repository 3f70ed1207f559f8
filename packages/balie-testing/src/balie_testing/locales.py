"""Does a catalog have every sentence that the screens say, and none that nobody says?

::

    sentences(folder) == set(entries(catalogs, "nl"))
"""

import ast
from collections.abc import Iterator
from pathlib import Path

_SAYING = frozenset({"words", "marked"})
"""Names of what is called with a sentence: ``words("…")``, ``self.words("…")``, ``marked("…")``."""


def sentences(*places: Path) -> set[str]:
    """The English sentences in the Python files of these folders, or in these files."""
    found: set[str] = set()
    for place in places:
        for file in sorted(place.rglob("*.py")) if place.is_dir() else (place,):
            found.update(_sentences(ast.parse(file.read_text(encoding="utf-8"))))
    return found


def facts(sentence: str) -> set[str]:
    """The names of the facts that a sentence wants."""
    from string import Formatter

    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def _sentences(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and node.args and _says(node.func)):
            continue
        first = node.args[0]
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield first.value


def _says(called: ast.expr) -> bool:
    match called:
        case ast.Name(name) | ast.Attribute(attr=name):
            return name in _SAYING
        case ast.Call(func=ast.Name("wording")):
            return True
        case _:
            return False
