"""What found the claims and pairs of an article, by name and version: kept with each of them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from monitor.core.claims import EXTRACTOR_VERSION
from monitor.core.claims.languages import language_of
from monitor.core.claims.parsed import Parser
from monitor.core.contradictions import COMPARATORS_VERSION
from monitor.core.rules import RuleSet
from monitor.core.types import Reading

NO_MODELS: Mapping[str, Model | None] = MappingProxyType({})


class Model(Protocol):
    """What else may have a say: an embedder, a scorer."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...


def made_by(
    reading: Reading,
    rules: RuleSet,
    parsers: Mapping[str, Parser],
    models: Mapping[str, Model | None] = NO_MODELS,
) -> dict[str, str]:
    """Name → version: of our own code, of the frame files, and of the weights that read this article.

    `models`: by what they do ("embedder", "scorer"); None: there is none. A parser that does not say its
    version is left out.
    """
    lang = language_of(reading)
    parser = parser_version(parsers[lang]) if lang in parsers else ""
    heard = {role: f"{one.name} {one.version}".strip() for role, one in models.items() if one is not None}
    return own_versions(rules) | ({"parser": parser} if parser else {}) | heard


def own_versions(rules: RuleSet, parsers: Mapping[str, Parser] | None = None) -> dict[str, str]:
    """The same without an article; with `parsers`, those of all languages as "parser en" and so on."""
    versions = {
        "extractor": EXTRACTOR_VERSION,
        "comparators": COMPARATORS_VERSION,
        "frames": rules.frames_version,
    }
    named = {f"parser {lang}": parser_version(parser) for lang, parser in (parsers or {}).items()}
    return versions | {name: version for name, version in named.items() if version}


def parser_version(parser: Parser) -> str:
    """Package and number of its weights; empty: it does not say."""
    return str(getattr(parser, "version", ""))
