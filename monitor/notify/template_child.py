"""Fills one template in, in a process of its own that may be killed: run by path, knows nothing of us.

Standard input: {"template", "alert", "alerts", "message"} as JSON; standard output: {"text"} or {"error"}.
Or {"read": {name: template}}; standard output: {"mistakes": {name: [{"line", "what", "word", "message"}]},
"known": {what: [words]}}, without running any of them.
"""

from __future__ import annotations

import json
import resource
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

#: What a template can ask for; `filled_in` is given these.
NAMES = ("alert", "alerts", "message")
#: Code points of what a template may make.
LONGEST = 16_000
CPU_SECONDS = 2
MEMORY_BYTES = 512 * 1024 * 1024


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    asked = json.load(sys.stdin)
    sys.stdout.write(json.dumps(mistakes_of(asked["read"]) if "read" in asked else filled_in(asked)))


def environment_() -> ImmutableSandboxedEnvironment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    for name in ("lipsum", "cycler", "joiner", "namespace"):
        environment.globals.pop(name, None)
    return environment


def filled_in(asked: dict[str, Any]) -> dict[str, str]:
    """The text, cut at its limit, or the error in words."""
    from jinja2 import TemplateError

    try:
        made = ""
        for part in environment_().from_string(asked.pop("template")).generate(asked):
            made += part
            if len(made) > LONGEST:
                return {"text": made[:LONGEST] + "…"}
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        return {"error": f"{error}" + (f" (line {line})" if line else "")}
    except (ArithmeticError, LookupError, MemoryError, RecursionError, TypeError, ValueError) as error:
        return {"error": f"{type(error).__name__}: {error}"}
    return {"text": made}


def mistakes_of(templates: dict[str, str]) -> dict[str, Any]:
    """What is wrong with each, as far as reading it tells; lines count from 1."""
    environment = environment_()
    known = {
        "filter": sorted(environment.filters),
        "test": sorted(environment.tests),
        "name": sorted({*NAMES, *environment.globals}),
    }
    return {
        "mistakes": {name: _mistakes(template) for name, template in templates.items()},
        "known": known,
    }


def _mistakes(template: str) -> list[dict[str, Any]]:
    from jinja2 import TemplateSyntaxError, nodes

    environment = environment_()

    def mistake(line: int, what: str, word: str, message: str = "") -> dict[str, Any]:
        return {"line": line, "what": what, "word": word, "message": message}

    try:
        tree = environment.parse(template)
        found = [
            mistake(one.lineno, what, one.name)
            for kind, what, known in (
                (nodes.Filter, "filter", environment.filters),
                (nodes.Test, "test", environment.tests),
            )
            for one in tree.find_all(kind)
            if one.name not in known
        ]
        found += [
            mistake(one.lineno, "other", "", "it cannot use other templates")
            for one in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport))
        ]
        # What is missing is known now; Jinja2 would stop at it before it comes to the names.
        for one in found:
            kinds = {"filter": environment.filters, "test": environment.tests}
            kinds.get(one["what"], {})[one["word"]] = str
        found += [mistake(line, "name", name) for line, name in _unknown_names(tree)]
        if not found:
            # What only shows when it is made into a program, such as a block that is there twice.
            environment.compile(template)
    except TemplateSyntaxError as error:
        return [mistake(error.lineno, "syntax", "", error.message or "")]
    except RecursionError:
        return [mistake(1, "other", "", "it nests too deep")]
    return sorted(found, key=lambda one: (one["line"], one["word"]))


def _unknown_names(tree: Any) -> list[tuple[int, str]]:
    """Names that nothing gives; one that the template sets anywhere, or asks whether it is there, is left."""
    from jinja2 import meta, nodes

    asked = {
        one.node.name
        for one in tree.find_all((nodes.Test, nodes.Filter))
        if one.name in ("defined", "undefined", "default", "d") and isinstance(one.node, nodes.Name)
    }
    names = list(tree.find_all(nodes.Name))
    given = {*NAMES, *asked, *(one.name for one in names if one.ctx != "load")}
    unknown = meta.find_undeclared_variables(tree) - given
    return sorted({(one.lineno, one.name) for one in names if one.name in unknown})


if __name__ == "__main__":
    main()
