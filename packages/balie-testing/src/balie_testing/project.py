"""A project with the small vertical in it, as installed: for tests of the command line and of the plugin."""

import shutil
from pathlib import Path

PACKAGE = "balie_library"
_LIBRARY = Path(__file__).parent / "library"
_ENTRY_POINT = f"library = {PACKAGE}.vertical:VERTICAL"

EXAMPLES = {
    "find_book": ("is there a copy of this book", "do you have that book", "is it on the shelf"),
    "borrow_book": ("I want to borrow this book", "can I take that book home", "lend it to me"),
}
"""How people say what the library's two tools do."""


def make_project(folder: Path) -> Path:
    """Write the library as a project of its own into ``folder`` and return the path to import it from.

    With that path in ``sys.path`` (or ``PYTHONPATH``) the vertical ``library`` is installed, as far as
    Balie can tell. It has no heads yet: see :func:`make_heads`.
    """
    source = folder / "src"
    shutil.copytree(_LIBRARY, source / PACKAGE, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("scenarios", "heads"):
        (folder / name).mkdir(exist_ok=True)
    (folder / "pyproject.toml").write_text(
        '[project]\nname = "balie-library"\nversion = "0"\n\n'
        f'[project.entry-points."balie.verticals"]\nlibrary = "{PACKAGE}.vertical:VERTICAL"\n',
        encoding="utf-8",
    )
    (folder / "examples.toml").write_text("", encoding="utf-8")
    about = source / "balie_library-0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: balie-library\nVersion: 0\n", encoding="utf-8"
    )
    (about / "entry_points.txt").write_text(f"[balie.verticals]\n{_ENTRY_POINT}\n", encoding="utf-8")
    return source


def make_heads(folder: Path) -> Path:
    """Write the head of the project in ``folder`` that chooses a command, with the real encoder.

    It chooses what lies nearest to :data:`EXAMPLES`: good enough to tell the two tools apart, and made in
    a moment.
    """
    import asyncio

    import numpy as np
    from balie.agent.team import BUILT_IN, OUT_OF_SCOPE
    from balie.backends.onnx_encoder import OnnxEncoder
    from balie.decisions.heads import Head, Thresholds
    from balie.models.catalog import model

    chosen = model("minilm-l6-int8", "encoder")
    labels = sorted({*BUILT_IN, *EXAMPLES} - {OUT_OF_SCOPE})
    said = [EXAMPLES.get(label, (label.replace("_", " "),)) for label in labels]

    async def centres() -> np.ndarray:
        encoder = OnnxEncoder.load(chosen)
        try:
            return np.stack([(await encoder.embed(phrases)).mean(axis=0) for phrases in said])
        finally:
            await encoder.close()

    head = Head(
        "command",
        chosen.name,
        chosen.checksum,
        labels,
        np.asarray(20 * asyncio.run(centres()), dtype=np.float32),
        np.zeros(len(labels), dtype=np.float32),
        thresholds=Thresholds(confident=0.5, inside=0.5),
    )
    return head.save(folder / "heads" / chosen.name, 'made_by = "balie-testing"\n')
