"""``balie chat``: a conversation with a desk, at the prompt or one message at a time."""

import sys
from typing import TYPE_CHECKING
from uuid import UUID

import click

from balie.cli._console import json_option, note, output, print_json, waiting
from balie.cli._desks import desk_of, run, settings, vertical_argument, warmed_up
from balie.cli._exit import ExitCode
from balie.cli._group import Command
from balie.errors import BadRequest, CallerError, NotFound

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from balie.agent import Caller, Turn
    from balie.agent.desk import Desk

_COLOURS = {
    "done": "green",
    "needs_confirmation": "yellow",
    "needs_input": "yellow",
    "failed": "red",
    "degraded": "red",
}


@click.command(cls=Command)
@vertical_argument
@click.argument("message", required=False)
@click.option("--as", "identity", metavar="IDENTITY", help="Who is speaking, as if authenticated: C-1001.")
@click.option(
    "--role", type=click.Choice(["customer", "staff", "admin"]), default="customer", show_default=True
)
@click.option("--conversation", type=click.UUID, metavar="ID", help="Go on with this conversation.")
@click.option(
    "--continue", "go_on", is_flag=True, help="Go on with the conversation that this person had last."
)
@json_option
def command(
    vertical_name: str,
    message: str | None,
    identity: str | None,
    role: str,
    conversation: UUID | None,
    go_on: bool,
    as_json: bool,
) -> None:
    """Talk to a vertical's desk, or say one thing to it.

    With a MESSAGE the answer to it is printed. Without one it is a conversation, until ctrl-d; lines
    that come through a pipe are messages too.
    """
    if conversation and go_on:
        raise BadRequest("--conversation says which one, --continue says the last one: give one of them.")
    from balie.vertical import load, models_for

    loaded = settings()
    vertical = load(vertical_name)
    models = models_for(vertical, loaded)
    models.start()  # first of all: they load while the rest is imported
    from balie.agent import Caller, Role, Status

    caller = Caller(Role(role), identity, loaded.language, "cli")

    if message is None:
        _converse(desk_of(vertical, loaded, models=models), caller, (conversation, go_on), as_json=as_json)
        return

    async def answer() -> "Turn":
        async with desk_of(vertical, loaded, models=models) as desk:
            known = await _known(desk, caller, conversation, go_on=go_on)
            await warmed_up(desk)
            return await desk.say(known or await desk.open(caller), message, caller)

    turn = run(answer())
    if as_json:
        print_json(turn)
    else:
        _show(turn)
    if turn.status in (Status.FAILED, Status.DEGRADED):
        raise click.exceptions.Exit(ExitCode.FAILED if turn.status is Status.FAILED else ExitCode.UNAVAILABLE)


async def _known(desk: "Desk", caller: "Caller", conversation: UUID | None, *, go_on: bool) -> UUID | None:
    """The conversation to go on with; None for a new one."""
    if go_on:
        latest = await desk.latest(caller)
        if latest is None:
            raise NotFound(
                f"{caller.identity or 'Nobody'} had no conversation here yet, so there is none to go on with."
            )
        return latest
    if conversation is not None:
        await desk.transcript(conversation, caller)  # it must be there, and this caller's
    return conversation


def _converse(
    opening: "AbstractAsyncContextManager[Desk]",
    caller: "Caller",
    known: tuple[UUID | None, bool],
    *,
    as_json: bool,
) -> None:
    """Message by message, until there is no more.

    What is typed is read between two runs of the event loop and not in a thread beside it: a thread
    that waits for the keyboard can't be interrupted.
    """
    import asyncio
    from contextlib import AsyncExitStack

    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        try:
            desk = runner.run(stack.enter_async_context(opening))
            conversation = runner.run(_known(desk, caller, known[0], go_on=known[1]))
            by_hand = sys.stdin.isatty() and not as_json
            if by_hand:
                _welcome(desk, caller, greet=conversation is None)
            ready = False
            while (message := _next_message(by_hand=by_hand)) is not None:
                if not message.strip():
                    continue
                if not ready:
                    runner.run(warmed_up(desk))
                    ready = True
                conversation = conversation or runner.run(desk.open(caller))
                try:
                    with waiting("…"):
                        turn = runner.run(desk.say(conversation, message, caller))
                except CallerError as error:
                    if not by_hand:
                        raise
                    output().print(str(error), style="red", markup=False)
                    continue
                if as_json:
                    print_json(turn, line=True)
                else:
                    _show(turn, details=by_hand)
        finally:
            runner.run(stack.aclose())


def _welcome(desk: "Desk", caller: "Caller", *, greet: bool) -> None:
    try:
        import readline  # noqa: F401  input() edits its line and remembers earlier ones once it is imported
    except ImportError:
        if sys.platform != "win32":  # which has its own
            note("This Python was built without readline, so lines can't be edited.")
    output().print(f"[bold]{desk.title}[/]  [dim](ctrl-d ends)[/]")
    if greet:
        output().print(desk.greeting(caller), markup=False)


def _next_message(*, by_hand: bool) -> str | None:
    """The next line, or None at the end."""
    if by_hand:
        try:
            return input("\n› ")
        except EOFError:
            click.echo()
            return None
    return sys.stdin.readline() or None


def _show(turn: "Turn", *, details: bool = False) -> None:
    console = output()
    console.print(turn.reply, style=_COLOURS.get(turn.status) if details else None, markup=False)
    if turn.question:
        for number, option in enumerate(turn.question.options, 1):
            if option.label not in turn.reply:
                console.print(f"  {number}. {option.label}", markup=False)
    if details:
        model = f" · {turn.model}" if turn.model else ""
        console.print(f"[dim]{turn.status} · {turn.latency_ms.total:.0f} ms{model}[/]")
