"""What spaCy's attribute ruler and lemmatizer say of a word, asked once for each word.

The ruler tries each of its patterns at every token, which costs more than the parse itself; but nearly all of
them look at one token only, and name few words and relations. What they say of a token that they cannot tell
from another is kept. A text in which a pattern over several tokens is found goes through the model's own
components.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# What a pattern may ask of a token so that letters, tag and relation decide.
_ASKED = frozenset({"LOWER", "TAG", "DEP", "IS_SPACE"})
_LISTS = frozenset({"IN", "NOT_IN"})
# Tables of the lemmatizer that are only asked whether they have a word.
_INDEXES = frozenset({"lemma_index"})
#: Words kept; more, and the table is begun anew.
MOST_WORDS = 200_000

#: Hashes of a token's letters, tag and relation to its head.
Key = tuple[int, int, int]
#: A pattern: for each of its tokens what it must be.
_Row = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Word:
    """A token without its place."""

    text: str
    # Lower case.
    lemma: str
    pos: str
    tag: str
    dep: str
    is_space: bool
    # A pattern over several tokens may be found at it.
    may_join: bool = False


@dataclass(frozen=True, slots=True)
class _Ruled:
    """What the ruler sets; an empty lemma is left to the lemmatizer."""

    pos: str
    tag: str
    dep: str
    morph: str
    lemma: str


class Words:
    """Tokens as the pipeline's own components would annotate them."""

    def __init__(self, ruler: Any, lemmatizer: Any, rows: Sequence[_Row], joined: Any) -> None:
        self._ruler = ruler
        self._lemmatizer = lemmatizer
        # Finds the ruler's patterns over several tokens, and what one token of each must be.
        self._joined = joined
        self._joins = [asked for row in rows if len(row) > 1 and (asked := _marked(row))]
        self._may_join = any(len(row) > 1 and not _marked(row) for row in rows)
        single = [row[0] for row in rows if len(row) == 1]
        # What the patterns tell apart: words, by list and by expression, and relations.
        self._named = frozenset(_values(single, "LOWER"))
        self._like = [re.compile(one) for one in _expressions(single)]
        self._deps = frozenset(_values(single, "DEP"))
        self._known: dict[Key, Word] = {}
        self._ruled: dict[tuple[str, str, str, bool], _Ruled] = {}

    def of(self, doc: Any, keys: Sequence[Key]) -> list[Word]:
        """The word of each token of a parsed text; `keys` are the tokens' in order."""
        known = self._known
        try:
            words = [known[key] for key in keys]
        except KeyError:
            if len(known) > MOST_WORDS:
                known.clear()
            for token, key in zip(doc, keys, strict=True):
                if key not in known:
                    known[key] = self._read(token)
            words = [known[key] for key in keys]
        if any(word.may_join for word in words) and self._joined(doc, allow_missing=True, as_spans=False):
            return [word_of(token) for token in self._lemmatizer(self._ruler(doc))]
        return words

    def _read(self, token: Any) -> Word:
        lower, tag, dep = token.lower_, token.tag_, token.dep_
        named = lower in self._named or any(one.search(lower) for one in self._like)
        mark = (lower if named else "", tag, dep if dep in self._deps else "", token.is_space)
        ruled = self._ruled.get(mark) or self._ruled.setdefault(mark, self._rule(token))
        token.pos_ = ruled.pos
        token.set_morph(ruled.morph)
        lemma = ruled.lemma or self._lemmatizer.lemmatize(token)[0]
        return Word(
            text=token.text,
            lemma=lemma.lower(),
            pos=ruled.pos,
            tag=ruled.tag or tag,
            dep=ruled.dep or dep,
            is_space=token.is_space,
            may_join=self._may_join or any(_fits(asked, lower, dep) for asked in self._joins),
        )

    def _rule(self, token: Any) -> _Ruled:
        from spacy.tokens import Doc

        alone = Doc(token.vocab, words=[token.text], spaces=[False])
        alone[0].tag_, alone[0].dep_ = token.tag_, token.dep_
        (said,) = self._ruler(alone)
        return _Ruled(
            pos=said.pos_,
            tag=said.tag_ if said.tag_ != token.tag_ else "",
            dep=said.dep_ if said.dep_ != token.dep_ else "",
            morph=str(said.morph),
            lemma=said.lemma_,
        )


def word_of(token: Any) -> Word:
    """What the pipeline says of this token."""
    return Word(
        text=token.text,
        lemma=token.lemma_.lower(),
        pos=token.pos_,
        tag=token.tag_,
        dep=token.dep_,
        is_space=token.is_space,
    )


def take_words(pipeline: Any) -> Words | None:
    """Ruler and lemmatizer, taken out of the pipeline that ends in them.

    None, and nothing taken out, where it does not, or where they ask more of a token than its letters, its
    tag and its relation.
    """
    from spacy.matcher import Matcher
    from spacy.pipeline import AttributeRuler, Lemmatizer

    (ruler_name, ruler), (lemmatizer_name, lemmatizer) = pipeline.pipeline[-2:]
    if not isinstance(ruler, AttributeRuler) or not isinstance(lemmatizer, Lemmatizer):
        return None
    if lemmatizer.mode not in {"rule", "lookup"} or lemmatizer.overwrite:
        return None
    rules: Any = ruler.patterns
    rows: list[_Row] = [row for rule in rules for row in rule["patterns"]]
    if not all(_is_plain(row[0]) for row in rows if len(row) == 1):
        return None
    joined = Matcher(pipeline.vocab)
    for row in rows:
        if len(row) > 1:
            joined.add("joined", [list(map(dict, row))])
    for table in map(lemmatizer.lookups.get_table, _INDEXES & set(lemmatizer.lookups.tables)):
        for part in list(table):
            # Every form that comes to mind is looked for in a list of up to 57,000 words.
            table[part] = frozenset(table[part])
    pipeline.select_pipes(disable=[ruler_name, lemmatizer_name])
    return Words(ruler, lemmatizer, rows, joined)


def _is_plain(asked: Mapping[str, Any]) -> bool:
    """Whether the words and relations that a pattern tells apart can be read from it."""
    for attribute, value in asked.items():
        if attribute not in _ASKED:
            return False
        lists = _LISTS | ({"REGEX"} if attribute == "LOWER" else set())
        if isinstance(value, Mapping) and not lists.issuperset(value):
            return False
    return True


def _marked(row: _Row) -> Mapping[str, Any]:
    """What the first token of a pattern must be whose word or relation is named; empty: there is none."""
    for asked in row:
        for attribute in ("LOWER", "DEP"):
            if "OP" not in asked and isinstance(asked.get(attribute), str):
                return {attribute: asked[attribute]}
    return {}


def _fits(asked: Mapping[str, Any], lower: str, dep: str) -> bool:
    return bool(asked.get("LOWER", lower) == lower and asked.get("DEP", dep) == dep)


def _values(single: Iterable[Mapping[str, Any]], attribute: str) -> Iterator[str]:
    for asked in single:
        value = asked.get(attribute)
        if isinstance(value, str):
            yield value
        elif value is not None:
            for one in _LISTS & value.keys():
                yield from value[one]


def _expressions(single: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for asked in single:
        value = asked.get("LOWER")
        if isinstance(value, Mapping) and "REGEX" in value:
            yield value["REGEX"]
