"""Who does what in a Russian sentence, over Universal Dependencies as SynTagRus has them."""

from __future__ import annotations

from monitor.core.claims.parsed import Sentence
from monitor.core.claims.russian.cues import CONDITIONS, HEDGES, NEGATIONS

SUBJECTS = ("nsubj", "csubj")
PASSIVE_SUBJECTS = ("nsubj:pass", "csubj:pass")
_NOT_OF_NAME = frozenset(
    {"acl", "acl:relcl", "advcl", "conj", "cc", "parataxis", "ccomp", "appos", "nsubj", "cop", "advmod"}
)

# "Добавили, что погибших нет": nothing in the verb is denied.
_CLAUSES = frozenset({"ccomp", "parataxis", "conj", "csubj", "advcl"})


def feature(s: Sentence, i: int, name: str) -> str:
    """The value of a morphological feature: "Gen" for "Case"; empty: the word has none."""
    for pair in s.tokens[i].tag.split("|"):
        key, _, value = pair.partition("=")
        if key == name:
            return value
    return ""


def child(s: Sentence, i: int, *deps: str) -> int | None:
    """The first dependent with one of these relations."""
    return next((c for c in s.children[i] if s.tokens[c].dep in deps), None)


def preposition(s: Sentence, i: int) -> str:
    """The preposition that a noun stands with; empty: none."""
    found = child(s, i, "case")
    return s.tokens[found].lemma if found is not None else ""


def with_preposition(s: Sentence, i: int, *words: str) -> int | None:
    """The dependent that stands with one of these prepositions."""
    return next((c for c in s.children[i] if preposition(s, c) in words), None)


def is_verb(s: Sentence, i: int) -> bool:
    return s.tokens[i].pos == "VERB"


def is_passive(s: Sentence, i: int) -> bool:
    """ "был взорван", "обвиняется"; a reflexive verb only where the tree says so."""
    if feature(s, i, "Voice") == "Pass":
        return True
    return child(s, i, *PASSIVE_SUBJECTS) is not None


def subject(s: Sentence, i: int, depth: int = 0) -> int | None:
    """Who acts: the subject, of a passive whoever stands in the instrumental; shared ones too."""
    if is_passive(s, i):
        return next(
            (
                c
                for c in s.children[i]
                if s.tokens[c].dep in {"obl", "obl:agent"}
                and feature(s, c, "Case") == "Ins"
                and not preposition(s, c)
            ),
            None,
        )
    found = [c for c in s.children[i] if s.tokens[c].dep in SUBJECTS]
    if found:
        # Of several the nearest before: "Управляющая портом компания «Волна» отрицает".
        return antecedent(s, next((c for c in reversed(found) if c < i), found[0]))
    token = s.tokens[i]
    if depth > 4 or token.head == i:
        return None
    if token.dep in {"conj", "xcomp", "advcl"} and s.tokens[token.head].pos in {"VERB", "ADJ"}:
        return subject(s, token.head, depth + 1)
    if token.dep in {"acl", "amod"} and s.tokens[token.head].pos in {"NOUN", "PROPN"}:
        return token.head
    return None


def undergoer(s: Sentence, i: int) -> int | None:
    """What the verb acts on: its object, of a passive its subject."""
    if is_passive(s, i):
        own = child(s, i, *PASSIVE_SUBJECTS, *SUBJECTS)
        if own is not None:
            return antecedent(s, own)
        return s.tokens[i].head if s.tokens[i].dep in {"acl", "amod"} else None
    return child(s, i, "obj", "iobj" if feature(s, i, "VerbForm") == "" else "obj")


def antecedent(s: Sentence, found: int) -> int:
    """The noun that "который" stands for."""
    if s.tokens[found].lemma not in {"который", "кто", "что"}:
        return found
    for a in s.ancestors(found):
        if s.tokens[a].dep == "acl:relcl":
            return s.tokens[a].head
    return found


def owner(s: Sentence, i: int) -> int | None:
    """Whose: "причастность союза", "её слова"."""
    for c in s.children[i]:
        token = s.tokens[c]
        genitive = token.dep == "nmod" and feature(s, c, "Case") == "Gen" and not preposition(s, c)
        # "Пятого июля, как видно из отчёта": a comma stands between.
        if genitive and (c > i or all(t.text != "," for t in s.tokens[c:i])):
            return c
        if token.dep in {"det", "nmod"} and token.lemma in {
            "его",
            "ее",
            "их",
            "свой",
            "наш",
            "мой",
            "он",
            "она",
            "они",
        }:
            return c
    return None


def is_negated(s: Sentence, i: int) -> bool:
    """Not, never, nobody: said of this very word or of what it is said with."""
    own = sum(
        s.tokens[c].lemma == "не" or (s.tokens[c].lemma == "нет" and s.tokens[c].dep not in _CLAUSES)
        for c in s.children[i]
    )
    return own % 2 == 1 or s.tokens[i].lemma in {"нет", "неправда"}


def is_hedged(s: Sentence, i: int) -> bool:
    """Whether what is said at this word is only held possible."""
    words = [s.tokens[c].lemma for c in s.children[i]]
    if not HEDGES.isdisjoint(words):
        return True
    above = s.tokens[s.tokens[i].head]
    return s.tokens[i].dep == "xcomp" and above.lemma in {"мочь", "казаться"}


def is_conditional(s: Sentence, i: int) -> bool:
    """A condition, wish or question: what hangs on "если", "ли", "чтобы", "бы"."""
    return any(
        s.tokens[c].lemma in CONDITIONS and s.tokens[c].dep in {"mark", "advmod", "aux", "discourse"}
        for c in s.children[i]
    )


def says_no(s: Sentence, i: int) -> bool:
    """ "никакой связи", "нет доказательств"."""
    return any(s.tokens[c].lemma in NEGATIONS for c in s.children[i])


def noun_phrase(s: Sentence, i: int) -> list[int]:
    """The tokens of a noun with what directly belongs to it, without clauses and a name beside it."""
    skip = frozenset(c for at in s.subtree(i) for c in s.children[at] if _outside(s, at, c))
    return s.stretch(s.subtree(i, without=skip), i, before=2, after=3)


def _outside(s: Sentence, above: int, c: int) -> bool:
    token = s.tokens[c]
    if token.dep == "amod" and c > above and s.tokens[c - 1].text == ",":
        # "Источник, близкий к суду".
        return True
    if token.dep == "appos":
        # A name in marks belongs to its noun: "завод «Волна»"; a person beside a role does not.
        # An emoji beside a name is all punctuation.
        first = min((n for n in s.subtree(c) if s.tokens[n].pos != "PUNCT"), default=c)
        return first == 0 or s.tokens[first - 1].text not in {"«", '"', "„", "“"}
    if token.dep in {"case", "mark"}:
        return True
    if token.dep == "conj":
        # "центр профилактики и контроля": joined below the head.
        return s.tokens[above].dep != "nmod" or token.pos not in {"NOUN", "ADJ"}
    if token.dep in {"cc"}:
        return s.tokens[s.tokens[c].head].dep != "conj"
    if token.dep == "obl" or (token.pos == "PRON" and preposition(s, c)) or preposition(s, c) in {"о", "об"}:
        # "Жители с ним (не согласны)", "жители о стройке".
        return True
    return token.dep in _NOT_OF_NAME or (token.pos == "PUNCT" and token.text not in {"«", "»", "“", "”", '"'})


def beside(s: Sentence, i: int) -> int | None:
    """The person's name beside a role: "директор завода Аскар Темиров"."""
    for c in s.children[i]:
        token = s.tokens[c]
        marked = c > 0 and s.tokens[c - 1].text in {"«", '"', "„", "“"}
        named = token.dep in {"appos", "flat:name"} or _is_her_name(s, i, c)
        if named and token.pos in {"PROPN", "X"} and token.text[:1].isupper() and not marked:
            return c
    for c in s.children[i]:
        if s.tokens[c].dep == "appos" and s.tokens[c].pos == "NOUN":
            # "Представитель порта капитан Иван Ли", "владелец лодки, рыбак из Осло Оле Ли".
            inner = next((g for g in s.children[c] if s.tokens[g].dep in {"appos", "flat:name"}), None)
            first = min(n for n in (c, *s.children[c]) if n == c or s.tokens[n].dep == "amod")
            set_off = (
                inner is not None
                and child(s, inner, "flat:name") is not None
                and s.tokens[first - 1].text == ","
            )
            near = c == i + 1 + _owned(s, i, c)
            if inner is not None and s.tokens[inner].pos == "PROPN" and (near or set_off):
                return inner if s.tokens[inner - 1].text != "«" else None
    return None


def _owned(s: Sentence, i: int, before: int) -> int:
    """How many tokens of what the role is of stand between it and this one."""
    below = {n for c in s.children[i] if s.tokens[c].dep == "nmod" for n in s.subtree(c)}
    return sum(i < n < before for n in below)


def _is_her_name(s: Sentence, i: int, c: int) -> bool:
    """ "подтвердила директор Анна Ахметова": a role that has no feminine form, and its verb has one."""
    full = s.tokens[c].dep == "nmod" and child(s, c, "flat:name") is not None
    return full and feature(s, i, "Gender") == "Masc" and feature(s, s.tokens[i].head, "Gender") == "Fem"


def gender_of_deed(s: Sentence, i: int) -> str:
    """ "Masc" or "Fem", as the verb of a subject in the past says; empty: it does not."""
    above = s.tokens[i].head
    if s.tokens[i].dep not in SUBJECTS or above == i or s.tokens[above].pos not in {"VERB", "ADJ"}:
        return ""
    return feature(s, above, "Gender").replace("Neut", "")
