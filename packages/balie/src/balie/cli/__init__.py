"""The command line. Each module without an underscore is one command of the same name.

Nothing is imported before it is needed: ``balie --help`` reads a table, and a command's module, with
all that it needs, is imported when that command runs.
"""


def main() -> None:
    """What the command ``balie`` runs."""
    from balie.cli._group import group

    group(prog_name="balie")
