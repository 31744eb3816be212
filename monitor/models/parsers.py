"""The parsers of all languages that claims are read in; each is loaded when its first article comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache

from monitor.core.claims.parsed import Parser
from monitor.models.russian_parser import load_russian_parser, require_russian
from monitor.models.spacy_parser import DEFAULT_MODEL, load_parser


class LoadedParsers(Mapping[str, Parser]):
    """Language → parser; asking for one loads it, once a process."""

    def __init__(self, loaders: Mapping[str, Callable[[], Parser]]) -> None:
        self._loaders = dict(loaders)
        self._loaded: dict[str, Parser] = {}

    def __getitem__(self, lang: str) -> Parser:
        """Raises KeyError for a language without a parser, ConfigError where its model cannot be loaded."""
        if lang not in self._loaded:
            self._loaded[lang] = self._loaders[lang]()
        return self._loaded[lang]

    def __contains__(self, lang: object) -> bool:
        return lang in self._loaders

    def __iter__(self) -> Iterator[str]:
        return iter(self._loaders)

    def __len__(self) -> int:
        return len(self._loaders)


def load_parsers(model: str = DEFAULT_MODEL) -> LoadedParsers:
    """The parsers by language: English, with this model, at once; Russian with its first article.

    Raises ConfigError where a model is missing, also one that would be loaded later.
    """
    english = _english(model)
    require_russian()
    return LoadedParsers({"en": lambda: english, "ru": _russian})


@cache
def _english(model: str) -> Parser:
    """Weights do not change while a process runs: whoever asks again gets the same parser."""
    return load_parser(model)


@cache
def _russian() -> Parser:
    return load_russian_parser()
