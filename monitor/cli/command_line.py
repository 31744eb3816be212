"""The command line of which only what is asked for is made.

typer makes every command of an app before it looks at the arguments: with ours that takes longer than most
commands themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import typer
from typer.main import (
    get_command,
    get_command_from_info,
    get_command_name,
    get_group_from_info,
    solve_typer_info_defaults,
)


def command_line(app: typer.Typer) -> Any:
    """The app as one command of click's kind, which is called with `args`."""
    with _without_commands(app):
        whole = get_command(app)
    whole.commands = _Commands(app, app)  # type: ignore[attr-defined]  # an app with a callback is a group
    return whole


class _Commands(MutableMapping[str, Any]):
    """Name → command or group, each made when it is first looked at; in the order of typer."""

    def __init__(self, app: typer.Typer, root: typer.Typer) -> None:
        self._made: dict[str, Any] = {}
        self._makers: dict[str, Callable[[], Any]] = {}
        for command in app.registered_commands:
            name = command.name or get_command_name(getattr(command.callback, "__name__", ""))
            self._makers[name] = partial(
                get_command_from_info,
                command_info=command,
                pretty_exceptions_short=root.pretty_exceptions_short,
                rich_markup_mode=root.rich_markup_mode,
            )
        for group in app.registered_groups:
            self._makers[str(solve_typer_info_defaults(group).name)] = partial(_group, group, root)

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._makers[name] = lambda: command
        self._made.pop(name, None)

    def __delitem__(self, name: str) -> None:
        del self._makers[name]
        self._made.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


def _group(info: Any, root: typer.Typer) -> Any:
    with _without_commands(info.typer_instance):
        made = get_group_from_info(
            info,
            pretty_exceptions_short=root.pretty_exceptions_short,
            suggest_commands=root.suggest_commands,
            rich_markup_mode=root.rich_markup_mode,
        )
    made.commands = _Commands(info.typer_instance, root)
    return made


@contextmanager
def _without_commands(app: typer.Typer) -> Iterator[None]:
    commands, groups = app.registered_commands, app.registered_groups
    app.registered_commands, app.registered_groups = [], []
    try:
        yield
    finally:
        app.registered_commands, app.registered_groups = commands, groups
