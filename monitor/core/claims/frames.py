"""Frame files: data that makes claims comparable, read with every mistake named (format: docs/claims.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath
from typing import Any

from monitor.core.types import ContradictionKind, Frame, FrameWording

FORMAT_VERSION = 1
_KEYS = (
    "version",
    "id",
    "kind",
    "question",
    "roles",
    "exclusive",
    "people",
    "kinds",
    "open",
    "phrases",
    "denials",
    "same",
    "grows",
    "own_voice",
    "examples",
    "ru",
)
#: Languages besides English that a frame may have a section of phrases for.
OTHER_LANGUAGES = ("ru",)
_WORDING_KEYS = ("phrases", "denials", "examples")
_SLOT = re.compile(r"^\{(?P<role>[a-z_]*)\}$")
_WORD = re.compile(r"^(?:(?P<role>[a-z_]+)=)?(?P<words>[^\W\d_][\w'’\-]*(?:\|[^\W\d_][\w'’\-]*)*)$")
# `phase:departure`: the phrase itself says what fills the role.
_GIVEN = re.compile(r"^(?P<role>[a-z_]+):(?P<filler>[a-z][a-z\-]*)$")
_ID = re.compile(r"^[a-z][a-z0-9_\-]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameMistake:
    """One thing wrong in a frame file."""

    # The keys and positions that lead to it: ("phrases", 2).
    at: tuple[str | int, ...]
    message: str
    hint: str = ""


class FrameMistakes(Exception):  # noqa: N818  # a list of mistakes, mapped to RulesError with positions by the loader
    """Everything wrong with one frame file."""

    def __init__(self, mistakes: Sequence[FrameMistake]) -> None:
        super().__init__("; ".join(f"{'.'.join(map(str, m.at)) or 'file'}: {m.message}" for m in mistakes))
        self.mistakes = tuple(mistakes)


# ---------------------------------------------------------------- patterns


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word of a phrase: any of these lemmas; `role`: it fills this role itself, with its object."""

    lemmas: frozenset[str]
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Whatever stands there fills this role; an empty role is not recorded and may be missing."""

    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One phrase: `{agent} carry out {event}`; the first word is where it starts."""

    text: str
    # What stands before the first word: a verb's subject, a noun's owner.
    before: Slot | None
    anchor: Word
    # Words and slots after it, in order.
    after: tuple[Word | Slot, ...]
    # Written with "be": `{agent} be behind {event}`.
    with_be: bool = False
    # Its own words hold the negation: `{agent} have nothing to do with {event}`.
    says_no: bool = False
    # Roles that what stands there fills.
    roles: frozenset[str] = frozenset()
    # Roles that it fills by being said: `{thing} take off phase:departure`.
    given: tuple[tuple[str, str], ...] = ()


@lru_cache(maxsize=2_000)
def compile_pattern(text: str) -> Pattern:
    """The phrase as a pattern. Raises ValueError that says what is wrong with it."""
    parts: list[Word | Slot] = []
    given: list[tuple[str, str]] = []
    for piece in text.split():
        slot, word = _SLOT.match(piece), _WORD.match(piece)
        if told := _GIVEN.match(piece):
            given.append((told["role"], told["filler"]))
        elif slot:
            parts.append(Slot(role=slot["role"]))
        elif word:
            # Dictionary forms of Russian words come with е for ё.
            lemmas = frozenset(w.casefold().replace("ё", "е") for w in word["words"].split("|"))
            parts.append(Word(lemmas=lemmas, role=word["role"] or ""))
        else:
            raise ValueError(f"{piece!r} is neither a word, words joined by |, nor a {{role}}")
    before = parts.pop(0) if parts and isinstance(parts[0], Slot) else None
    with_be = len(parts) > 1 and isinstance(parts[0], Word) and parts[0].lemmas <= {"be", "быть"}
    if with_be:
        parts.pop(0)
    if not parts or not isinstance(parts[0], Word):
        raise ValueError("a phrase needs a word after at most one leading {role}")
    assert before is None or isinstance(before, Slot)
    says_no = any(
        isinstance(p, Word) and p.lemmas & {"no", "not", "nothing", "nobody", "never", "не", "нет"}
        for p in parts
    )
    return Pattern(
        text=text,
        before=before,
        anchor=parts[0],
        after=tuple(parts[1:]),
        with_be=with_be,
        says_no=says_no,
        roles=frozenset(p.role for p in (before, *parts) if p is not None and p.role),
        given=tuple(given),
    )


# ---------------------------------------------------------------- reading


def parse_frame(document: Mapping[str, Any], *, path: str) -> Frame:
    """The frame that a file describes; without `id` it is named after the file.

    Raises FrameMistakes with every mistake and the keys that lead to it.
    """
    mistakes: list[FrameMistake] = []

    def wrong(at: tuple[str | int, ...], message: str, hint: str = "") -> None:
        mistakes.append(FrameMistake(at=at, message=message, hint=hint))

    if not isinstance(document, Mapping):
        raise FrameMistakes([FrameMistake(at=(), message="a frame file is a mapping of keys to values")])
    for key in document:
        if key not in _KEYS:
            wrong((str(key),), f"unknown key {key!r}", f"one of {', '.join(_KEYS)}")
    if document.get("version", FORMAT_VERSION) != FORMAT_VERSION:
        wrong(("version",), f"this program reads format version {FORMAT_VERSION}", "update the program")
    frame_id = document.get("id", PurePath(path).stem)
    if not isinstance(frame_id, str) or not _ID.match(frame_id):
        wrong(("id",), f"{frame_id!r} is no id", "small letters, digits, - and _, a letter first")
    kinds = [k.value for k in ContradictionKind]
    kind = document.get("kind", "other")
    if kind not in kinds:
        wrong(("kind",), f"{kind!r} is not a kind of contradiction", f"one of {', '.join(kinds)}")
    grows = document.get("grows", False)
    if not isinstance(grows, bool):
        wrong(("grows",), "must be true or false")
    own_voice = document.get("own_voice", True)
    if not isinstance(own_voice, bool):
        wrong(("own_voice",), "must be true or false")
    roles = _texts(document, "roles", wrong)
    exclusive, people, kinds_only, left_open = (
        _some_roles(document, key, roles, wrong) for key in ("exclusive", "people", "kinds", "open")
    )
    phrases = _phrases(document, "phrases", roles, wrong)
    denials = _phrases(document, "denials", roles, wrong)
    if not phrases:
        wrong(("phrases",), "a frame needs at least one phrase", 'such as "{agent} carry out {event}"')
    question = document.get("question", "")
    if not isinstance(question, str):
        wrong(("question",), "must be a text")
    else:
        for role in re.findall(r"\{(\w*)\}", question):
            if role not in roles:
                wrong(
                    ("question",), f"{{{role}}} is not one of the frame's roles", f"one of {', '.join(roles)}"
                )
    _texts(document, "examples", wrong)
    same = _groups(document, wrong)
    if kinds_only and not same:
        wrong(("kinds",), "there are no kinds to be of", "name them in rows of same")
    wordings = tuple(_wording(document, lang, roles, wrong) for lang in OTHER_LANGUAGES if lang in document)
    if mistakes:
        raise FrameMistakes(mistakes)
    return Frame(
        id=str(frame_id),
        kind=ContradictionKind(kind),
        phrases=phrases,
        denials=denials,
        roles=roles,
        exclusive=exclusive,
        people=people,
        kinds=kinds_only,
        open=left_open,
        question=str(question),
        same=same,
        grows=bool(grows),
        own_voice=bool(own_voice),
        wordings=wordings,
    )


def _wording(document: Mapping[str, Any], lang: str, roles: Sequence[str], wrong: Any) -> FrameWording:
    """The section of another language."""
    given = document[lang]
    if not isinstance(given, Mapping):
        wrong((lang,), "must be a mapping", f"{lang}: {{phrases: [...]}}")
        return FrameWording(lang=lang, phrases=())

    def wrong_here(at: tuple[str | int, ...], message: str, hint: str = "") -> None:
        wrong((lang, *at), message, hint)

    for key in given:
        if key not in _WORDING_KEYS:
            wrong_here((str(key),), f"unknown key {key!r}", f"one of {', '.join(_WORDING_KEYS)}")
    _texts(given, "examples", wrong_here)
    return FrameWording(
        lang=lang,
        phrases=_phrases(given, "phrases", roles, wrong_here),
        denials=_phrases(given, "denials", roles, wrong_here),
    )


def _texts(document: Mapping[str, Any], key: str, wrong: Any) -> tuple[str, ...]:
    given = document.get(key, ())
    if isinstance(given, str) or not isinstance(given, Sequence):
        wrong((key,), "must be a list", f"{key}: [...]")
        return ()
    for n, text in enumerate(given):
        if not isinstance(text, str) or not text.strip():
            wrong((key, n), f"{text!r} is not a text")
    return tuple(str(t) for t in given if isinstance(t, str) and t.strip())


def _some_roles(document: Mapping[str, Any], key: str, roles: Sequence[str], wrong: Any) -> tuple[str, ...]:
    """The roles of the frame that this key singles out."""
    given = _texts(document, key, wrong)
    for n, role in enumerate(given):
        if role not in roles:
            wrong((key, n), f"{role!r} is not one of the frame's roles", f"one of {', '.join(roles)}")
    return given


def _phrases(document: Mapping[str, Any], key: str, roles: Sequence[str], wrong: Any) -> tuple[str, ...]:
    given = _texts(document, key, wrong)
    for n, text in enumerate(given):
        try:
            pattern = compile_pattern(text)
        except ValueError as error:
            wrong((key, n), str(error), 'such as "{agent} carry out {event}"')
            continue
        for role in sorted((pattern.roles | dict(pattern.given).keys()) - set(roles)):
            wrong((key, n), f"{{{role}}} is not one of the frame's roles", f"one of {', '.join(roles)}")
    return given


def _groups(document: Mapping[str, Any], wrong: Any) -> tuple[tuple[str, ...], ...]:
    given = document.get("same", ())
    if isinstance(given, str) or not isinstance(given, Sequence):
        wrong(("same",), "must be a list of lists of words", "same: [[attack, assault]]")
        return ()
    groups = []
    for n, row in enumerate(given):
        if isinstance(row, str) or not isinstance(row, Sequence) or not all(isinstance(w, str) for w in row):
            wrong(("same", n), "must be a list of words", "[attack, assault]")
            continue
        groups.append(tuple(w.casefold().replace("ё", "е") for w in row))
    return tuple(groups)
