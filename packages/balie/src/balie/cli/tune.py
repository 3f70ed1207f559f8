"""``balie tune``: heads out of a vertical's examples."""

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from balie.cli._console import Advance, json_option, note, output, print_json, progress
from balie.cli._desks import run, settings, vertical_argument
from balie.cli._group import Command
from balie.errors import ConfigError

if TYPE_CHECKING:
    from balie.config import Settings
    from balie.decisions.cards import Card
    from balie.decisions.tuning import Examples
    from balie.vertical import Vertical

_TOLD_CONFUSIONS = 5


@click.command(cls=Command)
@vertical_argument
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to put them; the vertical's own folder heads when left out.",
)
@json_option
def command(vertical_name: str, out: Path | None, as_json: bool) -> None:
    """Make a vertical's heads out of its examples.

    Reads examples.toml, fits one head for each question, measures it on examples that it has not seen,
    and writes it with its card. Needs the extra balie[tune].
    """
    from balie.vertical import load

    loaded = settings()
    vertical = load(vertical_name)
    examples = _examples(vertical)
    place = out or vertical.folder / "heads"
    with progress("tuning") as advance:
        cards = run(_tune(vertical, loaded, examples, place, advance))
    if as_json:
        print_json(cards)
        return
    for card in cards:
        _show(card)
    note(f"They are in {place / loaded.models.encoder}.")


def _examples(vertical: "Vertical") -> "Examples":
    """Question → label → phrases, as the file has them.

    Raises:
        ConfigError: no file, no TOML, or commands that are not the vertical's.
    """
    import msgspec

    from balie.decisions.heads import OUT_OF_SCOPE

    file = vertical.folder / "examples.toml"
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        examples = msgspec.convert(content, dict[str, dict[str, list[str]]])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ConfigError(f"{file} can't be read as examples: {error}") from error
    wanted, given = {*vertical.team.commands, OUT_OF_SCOPE}, set(examples.get("command", ()))
    if missing := sorted(wanted - given):
        raise ConfigError(f"{file} has no examples of {', '.join(missing)} in its table [command].")
    if extra := sorted(given - wanted):
        raise ConfigError(f"{file} has examples of {', '.join(extra)}, which {vertical.title} can't do.")
    as_read = vertical.team.as_read
    return {
        question: {label: [as_read(phrase) for phrase in phrases] for label, phrases in labels.items()}
        for question, labels in examples.items()
    }


async def _tune(
    vertical: "Vertical", loaded: "Settings", examples: "Examples", out: Path, advance: Advance
) -> "list[Card]":
    from balie.backends.onnx_encoder import OnnxEncoder
    from balie.decisions.corpus import Corpus, digest_of
    from balie.decisions.spelling import Spelling
    from balie.decisions.tuning import tune
    from balie.models.catalog import model

    encoder = OnnxEncoder.load(model(loaded.models.encoder, "encoder"), threads=loaded.models.threads)
    try:
        cards = await tune(examples, encoder, out, lambda done, total, _what: advance(done, total))
        Spelling.of(
            phrase for labels in examples.values() for said in labels.values() for phrase in said
        ).save(out / encoder.name)
        if texts := vertical.corpus():
            vectors = await encoder.embed(list(texts.values()))
            Corpus(list(texts), vectors, digest_of(texts), encoder.checksum).save(out / encoder.name)
            note(f"{len(texts)} texts can be searched by meaning.")
    finally:
        await encoder.close()
    return cards


def _show(card: "Card") -> None:
    console = output()
    count = sum(card.examples.values())
    console.print(
        f"[bold]{card.question}[/]  {len(card.examples)} labels, {count} examples, {card.folds} folds,"
        f" {card.seconds:.1f} s",
        soft_wrap=True,
    )
    lines = [
        f"accuracy          {card.accuracy:.1%}   (TF-IDF on the same folds {card.baseline.accuracy:.1%})"
    ]
    if card.outside:
        beside = f"   (TF-IDF {card.baseline.outside.recall:.1%})" if card.baseline.outside else ""
        lines += [
            f"out of scope      {card.outside.recall:.1%} recognised{beside}",
            f"false rejection   {card.outside.false_rejection:.1%}",
        ]
    lines += [
        f"when confident    {card.confident_accuracy:.1%} right, {card.confident_coverage:.1%} of messages",
        f"reliability       {card.calibration_error:.1%} off on average"
        f" ({card.calibration_error_before:.1%} before calibration)",
    ]
    lines += [
        f"taken for another {one.label} → {one.taken_for}, {one.count}×"
        for one in card.confusions[:_TOLD_CONFUSIONS]
    ]
    for line in lines:
        console.print(f"  {line}", markup=False, soft_wrap=True)
