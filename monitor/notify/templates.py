"""Messages in a team's own words: a route's Jinja2 template, filled in by a child that cannot harm us.

The template is the team's, what it shows is from strangers: so it is plain text to every channel, escaped as
that channel reads it. A loop without end, or a text without end, costs the child its life, and the message
goes out in our words, saying so.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from monitor.core.rules.problems import did_you_mean
from monitor.core.rules.template_lint import TemplateMistake
from monitor.core.terminal import clean
from monitor.notify.message import message, payload, summary
from monitor.store.notifications import TakenNotification

#: Seconds for one message.
TIME_LIMIT = 3.0
_CHILD = Path(__file__).with_name("template_child.py")


class BrokenTemplateError(Exception):
    """A template that makes no text, and why, in words."""


async def written(taken: TakenNotification, template: str) -> TakenNotification:
    """The message with its text as the template has it, or with a note on why the built-in one stands."""
    try:
        return replace(taken, written=await filled_in(taken, template))
    except BrokenTemplateError as error:
        note = f"the template {taken.template!r} did not work, so this is the built-in text: {error}"
        return replace(taken, note=clean(note))


async def filled_in(taken: TakenNotification, template: str) -> str:
    """The text, its lines made safe for terminals. Raises BrokenTemplateError."""
    asked: dict[str, Any] = {
        "template": template,
        "alert": message(taken.alert),
        "alerts": [message(one) for one in (taken.alert, *taken.others)],
        "message": {name: value for name, value in payload(taken).items() if name not in ("alerts", "claims")}
        | {"count": taken.count, "summary": summary(taken)},
    }
    answer = await _answer(asked)
    if "error" in answer:
        raise BrokenTemplateError(clean(answer["error"]))
    lines = [clean(line) for line in str(answer["text"]).strip().splitlines()]
    if not any(lines):
        raise BrokenTemplateError("it makes an empty text")
    return "\n".join(lines)


async def read_templates(templates: Mapping[str, str]) -> dict[str, tuple[TemplateMistake, ...]]:
    """The mistakes of each template by its name, as far as reading shows them; none is run.

    Only names that have mistakes are there.
    """
    if not templates:
        return {}
    try:
        answer = await _answer({"read": dict(templates)})
    except BrokenTemplateError as error:
        if len(templates) == 1:
            return {name: (TemplateMistake(line=1, message=str(error)),) for name in templates}
        # One of them is too much for the child: each by itself tells which.
        alone = [await read_templates({name: text}) for name, text in templates.items()]
        return {name: found for one in alone for name, found in one.items()}
    known = answer["known"]
    return {
        name: tuple(_mistake(one, known.get(one["what"], [])) for one in found)
        for name, found in answer["mistakes"].items()
        if found
    }


def _mistake(one: Mapping[str, Any], known: Sequence[str]) -> TemplateMistake:
    word = clean(one["word"])
    return TemplateMistake(
        line=one["line"],
        word=one["word"],
        message=f"there is no {one['what']} {word!r}" if word else clean(one["message"]),
        help=did_you_mean(word, known) if word else "",
    )


async def _answer(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What the child says. Raises BrokenTemplateError where it had to be killed, or died."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(_CHILD),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        # Nothing of ours to read: no secrets.
        env={"PATH": os.defpath},
    )
    try:
        async with asyncio.timeout(TIME_LIMIT):
            out, _ = await child.communicate(json.dumps(asked).encode())
    except TimeoutError:
        raise BrokenTemplateError(f"it took longer than {TIME_LIMIT:.0f} s") from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    try:
        answer = json.loads(out)
    except ValueError:
        raise BrokenTemplateError("it took too much time or memory") from None
    assert isinstance(answer, dict)
    return answer
