"""YAML text → nodes with their marks. What is too deep or too much is refused where it begins."""

from __future__ import annotations

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node
from ruamel.yaml.reader import ReaderError

from monitor.core.rules.problems import Place

#: Levels of nesting; the deepest sensible rule has about ten.
MAX_DEPTH = 32
#: Values in one file, anchors unfolded.
MAX_VALUES = 100_000


class NotYamlError(Exception):
    """The text cannot be read: a code of problems.CODES, what is wrong, where, and what to do."""

    def __init__(self, code: str, message: str, place: Place, help: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.place = place
        self.help = help


def compose(text: str) -> Node | None:
    """The tree of nodes; None where the text is empty. Raises NotYamlError, and nothing else."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Composer = _BoundedComposer
    try:
        node: Node | None = yaml.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(line=mark.line + 1, column=mark.column + 1) if mark else Place()
        message = " ".join(filter(None, (error.context, error.problem))) or "not YAML"
        raise NotYamlError("yaml-syntax", message, place, _syntax_help(text, place)) from None
    except ReaderError as error:
        message = f"the character U+{error.character:04X} cannot stand in YAML"
        help = "remove it; in double quotes it can be written as an escape"
        raise NotYamlError("yaml-syntax", message, place_of_index(text, error.position), help) from None
    except RecursionError:
        raise NotYamlError("too-deep", _TOO_DEEP, Place()) from None
    except (YAMLError, ValueError, AttributeError, TypeError, IndexError, KeyError, AssertionError) as error:
        # ruamel's own stumbles over odd directives and escapes.
        message = str(error).split("\n")[0] or type(error).__name__
        raise NotYamlError("yaml-syntax", f"not YAML: {message}", Place()) from None
    return node


_TOO_DEEP = f"nests deeper than {MAX_DEPTH} levels"


class _BoundedComposer(Composer):
    """Stops where a file nests too deep or holds too much, long before its end is read."""

    def __init__(self, loader: Any = None) -> None:
        super().__init__(loader=loader)
        self._depth = 0
        self._values = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        self._depth += 1
        is_key = index is None and isinstance(parent, MappingNode)
        self._values += not is_key
        if self._depth > MAX_DEPTH + 1 or self._values > MAX_VALUES:
            mark = self.parser.peek_event().start_mark
            place = Place(line=mark.line + 1, column=mark.column + 1)
            if self._depth > MAX_DEPTH + 1:
                raise NotYamlError("too-deep", _TOO_DEEP, place)
            raise NotYamlError("too-large", f"has over {MAX_VALUES:,} values", place, "split it")
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


def place_of_index(text: str, index: int) -> Place:
    """Line and column of a character; YAML breaks lines at CR, LF and CRLF only."""
    before = text[:index].replace("\r\n", "\n").replace("\r", "\n")
    return Place(line=before.count("\n") + 1, column=len(before) - before.rfind("\n"))


def _syntax_help(text: str, place: Place) -> str:
    lines = text.split("\n")
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "indent with spaces, not with tabs"
    if place.column <= len(line) and line[place.column - 1] in "*&!%@`":
        return "put words that begin with this character in quotes"
    if line.count(": ") > 1:
        return "put a text that contains ': ' in quotes"
    return "are quotes, brackets and indentation in order?"
