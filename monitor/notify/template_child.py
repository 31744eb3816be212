"""Fills one template in, in a process of its own that may be killed: run by path, knows nothing of us.

Standard input: {"template", "alert", "alerts", "message"} as JSON; standard output: {"text"} or {"error"}.
"""

from __future__ import annotations

import json
import resource
import sys
from typing import Any

#: Code points of what a template may make.
LONGEST = 16_000
CPU_SECONDS = 2
MEMORY_BYTES = 512 * 1024 * 1024


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.stdout.write(json.dumps(filled_in(json.load(sys.stdin))))


def filled_in(asked: dict[str, Any]) -> dict[str, str]:
    """The text, cut at its limit, or the error in words."""
    from jinja2 import StrictUndefined, TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    for name in ("lipsum", "cycler", "joiner", "namespace"):
        environment.globals.pop(name, None)
    try:
        made = ""
        for part in environment.from_string(asked.pop("template")).generate(asked):
            made += part
            if len(made) > LONGEST:
                return {"text": made[:LONGEST] + "…"}
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        return {"error": f"{error}" + (f" (line {line})" if line else "")}
    except (ArithmeticError, LookupError, MemoryError, RecursionError, TypeError, ValueError) as error:
        return {"error": f"{type(error).__name__}: {error}"}
    return {"text": made}


if __name__ == "__main__":
    main()
