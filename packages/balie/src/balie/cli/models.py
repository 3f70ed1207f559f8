"""``balie models``: what Balie can run, and what of it is on this machine."""

from typing import TYPE_CHECKING, Any

import click

from balie.cli._console import json_option, print_json, print_table
from balie.cli._group import Command

if TYPE_CHECKING:
    from balie.models.catalog import Model


@click.group()
def command() -> None:
    """Show the models that Balie knows."""


@command.command("list", cls=Command)
@json_option
def list_(as_json: bool) -> None:
    """Every model of the catalog, and whether its files are here and whole."""
    from balie.models.catalog import models

    found = [describe(model) for model in models().values()]
    if as_json:
        print_json(found)
        return
    print_table(
        ("model", "role", "size", "weights", "licence", "on this machine"),
        [
            (
                entry["name"],
                entry["role"],
                f"{entry['bytes'] / 1e6:.0f} MB",
                entry["quantization"] or "",
                entry["licence"],
                entry["problem"] or "yes, checked",
            )
            for entry in found
        ],
        right=(2,),
    )


def describe(model: "Model") -> dict[str, Any]:
    """A model as JSON says it; ``problem`` is None where its files are here and are the known ones."""
    from balie.errors import ModelError
    from balie.models import files, profiles

    problem = None
    for part in model.files:
        try:
            files.locate(model, part)
        except ModelError as error:
            problem = str(error)
    return {
        "name": model.name,
        "title": model.title,
        "role": model.role,
        "engine": model.engine,
        "licence": model.licence,
        "source": model.source,
        "languages": model.languages,
        "parameters": model.parameters,
        "context": model.context,
        "quantization": model.quantization,
        "profiles": [profile.name for profile in profiles.fitting(model)]
        if model.role == "generator"
        else [],
        "bytes": sum(file.bytes for file in model.files.values()),
        "sha256": model.checksum,
        "problem": problem,
    }
