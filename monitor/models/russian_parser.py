"""slovnet's Russian morphology and syntax as the core's tokens: Universal Dependencies, dictionary forms by
pymorphy3. Numpy only; about 500 sentences a second and core; weights come with the package `natasha`.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from monitor.core.claims.parsed import Parser, Token
from monitor.core.claims.russian.names import lemma_of
from monitor.errors import ConfigError
from monitor.models.threads import use_one_thread

_PACKAGE = "natasha"
_WEIGHTS = {
    "navec": "data/emb/navec_news_v1_1B_250K_300d_100q.tar",
    "morph": "data/model/slovnet_morph_news_v1.tar",
    "syntax": "data/model/slovnet_syntax_news_v1.tar",
}
_REMEDY = "install it (pip install natasha), or reinstall Claimwatch"
# A sentence longer than this is cut: a page of markup without a full stop must not eat the memory.
MAX_CHARS = 2_000
_PLAIN = str.maketrans("ёЁ", "еЕ")
# Sentences at once.
_BATCH = 32


class RussianParser:
    """Loaded weights: morphology and syntax over one table of word vectors."""

    def __init__(self, morph: Any, syntax: Any, tokenize: Any, version: str = "") -> None:
        #: Package and number of the weights: "natasha 1.6.0".
        self.version = version
        self._morph = morph
        self._syntax = syntax
        self._tokenize = tokenize

    def parse(self, texts: Sequence[str]) -> tuple[tuple[Token, ...], ...]:
        """The tokens of each text; offsets are code points, white space is not a token."""
        cut = [list(self._tokenize(text[:MAX_CHARS])) for text in texts]
        # The models take no empty sentence, and fill all of one batch up to the longest.
        filled = sorted((n for n, words in enumerate(cut) if words), key=lambda n: len(cut[n]))
        # The weights know "передает", and take "передаёт" for a noun.
        chunks = [[word.text.translate(_PLAIN) for word in cut[n]] for n in filled]
        trees: list[tuple[Token, ...]] = [() for _ in texts]
        for n, forms, tree in zip(filled, self._morph.map(chunks), self._syntax.map(chunks), strict=True):
            trees[n] = _tokens(cut[n], forms.tokens, tree.tokens)
        return tuple(trees)


def _tokens(words: Sequence[Any], forms: Sequence[Any], tree: Sequence[Any]) -> tuple[Token, ...]:
    place = {str(node.id): n for n, node in enumerate(tree)}
    # Whatever hangs on no word becomes a root.
    heads = without_circles([place.get(str(node.head_id), n) for n, node in enumerate(tree)])
    return tuple(
        Token(
            start=word.start,
            end=word.stop,
            text=word.text,
            lemma=lemma_of(
                word.text.casefold(), form.pos, form.feats.get("Case", ""), form.feats.get("Number", "")
            ),
            pos=form.pos,
            tag="|".join(f"{name}={value}" for name, value in sorted(form.feats.items())),
            dep=node.rel,
            head=heads[n],
        )
        for n, (word, form, node) in enumerate(zip(words, forms, tree, strict=True))
    )


def without_circles(heads: Sequence[int]) -> list[int]:
    """The same heads, where words hang on each other in a circle the first of them made a root: the model
    chooses each word's head alone and does not promise a tree.
    """
    whole = list(heads)
    safe: set[int] = set()
    for n in range(len(whole)):
        path, at = [], n
        while at not in safe and at not in path:
            path.append(at)
            at = whole[at]
        if at in path:
            whole[at] = at
        safe.update(path)
    return whole


def require_russian() -> Path:
    """The folder with the weights, loading nothing. Raises ConfigError where they are not installed."""
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ConfigError("the Russian language model (natasha) is not installed", remedy=_REMEDY)
    home = Path(next(iter(found.submodule_search_locations)))
    for weights in _WEIGHTS.values():
        if not (home / weights).is_file():
            raise ConfigError(f"the Russian language model lacks {weights}", remedy=_REMEDY)
    return home


def load_russian_parser() -> Parser:
    """The Russian parser; takes about two seconds and 200 MB. Raises ConfigError as require_russian does."""
    use_one_thread()
    home = require_russian()
    try:
        from navec import Navec
        from razdel import tokenize
        from slovnet import Morph, Syntax

        vectors = Navec.load(home / _WEIGHTS["navec"])
        morph = Morph.load(home / _WEIGHTS["morph"], batch_size=_BATCH)
        syntax = Syntax.load(home / _WEIGHTS["syntax"], batch_size=_BATCH)
        morph.navec(vectors)
        syntax.navec(vectors)
    except (ImportError, OSError, ValueError, KeyError) as error:
        raise ConfigError(f"the Russian language model cannot be loaded: {error}", remedy=_REMEDY) from error
    return RussianParser(morph, syntax, tokenize, f"{_PACKAGE} {metadata.version(_PACKAGE)}")
