"""Repairs of Russian trees: the parser's common mistakes around names and attributions."""

from __future__ import annotations

from dataclasses import replace

from monitor.core.claims.parsed import Token
from monitor.core.claims.russian.cues import (
    DENYING,
    GO_BY_NAME,
    NAMING,
    PERSON_NOUNS,
    REPORTING,
    is_org_word,
)
from monitor.core.claims.russian.names import gender_of, is_told
from monitor.core.claims.russian.sayings import case_of, mend_adjectives, mend_sayings, mend_subjects

_SUBJECTS = frozenset({"nsubj", "nsubj:pass"})
_OPENING = frozenset({"«", '"', "„", "“"})
# "Он уверен", "она убеждена": says as a verb does.
_SURE = {
    "уверен": "уверенный", "уверена": "уверенный", "уверены": "уверенный", "убежден": "убежденный",
    "убеждена": "убежденный", "убеждены": "убежденный",
}  # fmt: skip


def mend(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """The same tokens, some hung elsewhere."""
    mended = list(tokens)
    for i, token in enumerate(tokens):
        if token.pos == "PROPN":
            _hang_name(mended, i)
            if i == 0:
                _make_subject(mended)
            if token.dep in _SUBJECTS:
                _name_after_role(mended, i)
            elif token.dep == "appos":
                _after_told(mended, i)
        elif token.pos in {"ADJ", "VERB"} and token.text.casefold().replace("ё", "е") in _SURE:
            _make_sure(mended, i)
        elif token.pos == "ADJ" and token.dep == "amod":
            _make_noun(mended, i)
        elif token.pos == "NOUN" and token.dep == "obj":
            _hang_owner(mended, i)
        elif token.lemma in {"что", "будто"} and token.dep == "mark":
            _hang_clause(mended, i)
        elif token.text.casefold() in _STAND and token.pos == "VERB":
            _stand_by(mended, i)
        elif token.pos == "VERB" and token.lemma in REPORTING and "Number=Sing" in token.tag:
            _find_subject(mended, i)
        if token.dep == "ccomp" and token.lemma in NAMING | DENYING:
            _speak_on(mended, i)
        if (token.pos == "VERB" and token.dep in _SUBJECTS and "VerbForm=Part" in token.tag) or (
            token.pos == "NOUN" and token.lemma.endswith("ть") and token.text.endswith(_LIKE_ADJECTIVES)
        ):
            mended[i] = _as_noun(token)
        elif token.pos in {"NOUN", "PROPN"}:
            if token.dep == "conj":
                _hang_firm(mended, i)
            elif token.dep in {"appos", "obj", "iobj", "nmod"}:
                _hang_told(mended, i)
    mend_subjects(mended)
    mend_adjectives(mended)
    mend_sayings(mended)
    return tuple(mended)


# The cases of what somebody is in charge of: "глава порта", "управляющая отелем".
_OF = frozenset({"Gen", "Ins"})
_LIKE_ADJECTIVES = (
    "ый", "ий", "ая", "ые", "ие", "ого", "его", "ому", "ему", "ым",
    "им", "ых", "их", "ой", "ей",
)  # fmt: skip
_CONSONANTS = frozenset("бвгджзйклмнпрстфхцчшщ")
_STAND = frozenset({"стоит", "стоят", "стоял", "стояла", "стояли"})


def _hang_name(tokens: list[Token], i: int) -> None:
    _read_name(tokens, i)
    token = tokens[i]
    if token.dep == "flat:name":
        before = tokens[i - 1] if i else token
        if token.head < i - 1 and before.pos == "PROPN" and before.dep not in {"flat:name", "nmod"}:
            # "Соперница Орлова Анна Ли": "Ли" goes with the first name right before it.
            tokens[i] = replace(token, head=i - 1)
        return
    role = token.head
    if token.dep not in {"nmod", "appos"} or case_of(token) == "Gen" or not 0 <= role < i:
        return
    # "Брат пилота Игорь" needs no last name.
    full = any(t.head == i and t.dep == "flat:name" for t in tokens) or gender_of(token.text)
    if tokens[i - 1].text in _OPENING or not full:
        return
    while tokens[role].dep in {"nmod", "obl"} and case_of(tokens[role]) in _OF and tokens[role].head < role:
        role = tokens[role].head
    if role != token.head and case_of(tokens[role]) in {"Nom", case_of(token)}:
        # "Врач окружной больницы Анна Ли": of the doctor, not of the hospital.
        tokens[i] = replace(token, head=role, dep="appos")


def _make_subject(tokens: list[Token]) -> None:
    """ "Кигали это отрицает": a name with one form for all cases at the beginning, where nobody else acts."""
    verb = tokens[0].head
    acts = "Number=Sing" in tokens[verb].tag and "VerbForm=Fin" in tokens[verb].tag
    bare = tokens[0].dep in {"iobj", "obj", "obl", "nmod"} and not any(
        t.head == 0 and t.dep == "case" for t in tokens
    )
    if acts and bare and not any(t.head == verb and t.dep in _SUBJECTS for t in tokens):
        tokens[0] = replace(tokens[0], dep="nsubj")


def _as_noun(token: Token) -> Token:
    """ "Управляющая отелем", "задержанный": a participle that acts names somebody."""
    low = token.text.casefold().replace("ё", "е")
    stem = low[: -3 if low.endswith(("ого", "его", "ому", "ему")) else -2]
    ending = "ий" if stem.endswith(("щ", "ш")) else "ый"
    features = [f for f in token.tag.split("|") if f.split("=")[0] in {"Case", "Gender", "Number"}]
    return replace(token, pos="NOUN", lemma=stem + ending, tag="|".join(["Animacy=Anim", *features]))


def _stand_by(tokens: list[Token], i: int) -> None:
    """ "Стоит она на своём": she insists."""
    own = next((n for n in range(i + 2, min(i + 5, len(tokens))) if _is_own(tokens, n)), None)
    if own is None:
        return
    tokens[i] = replace(tokens[i], lemma="настаивать")
    tokens[own] = replace(tokens[own], head=i, dep="obl")
    tokens[own - 1] = replace(tokens[own - 1], head=own, dep="case")
    for n, other in enumerate(tokens[:i]):
        if other.head == i and other.dep in _SUBJECTS and case_of(other) == "Gen" and tokens[i].head != i:
            # "Дождя не было, стоит он на своём": the rain does not stand.
            tokens[n] = replace(other, head=tokens[i].head)


def _is_own(tokens: list[Token], n: int) -> bool:
    return tokens[n].text.casefold().replace("ё", "е") == "своем" and tokens[n - 1].text == "на"


def _find_subject(tokens: list[Token], i: int) -> None:
    """ "Ответил на вопрос депутата Карелин": a name without an ending is no genitive."""
    if any(t.head == i and t.dep in _SUBJECTS for t in tokens):
        return
    for n in range(i + 1, min(i + 8, len(tokens))):
        token = tokens[n]
        if token.pos == "PUNCT":
            return
        bare = token.text[-1:] in _CONSONANTS and token.text[:1].isupper() and not token.text.isupper()
        if token.pos == "PROPN" and token.dep == "nmod" and case_of(token) == "Gen" and bare:
            tag = token.tag.replace("Case=Gen", "Case=Nom")
            tokens[n] = replace(token, head=i, dep="nsubj", tag=tag)
            return


def _speak_on(tokens: list[Token], i: int) -> None:
    """ "Он пишет, что не ссорился, а упрёки называет завистью": he calls them so, too."""
    above = tokens[i].head
    told = {n for n, t in enumerate(tokens) if t.head == above and t.dep == "ccomp" and n < i}
    below = {t.dep for t in tokens if t.head == i}
    if tokens[above].lemma in REPORTING and told and "cc" in below and not below & (_SUBJECTS | {"mark"}):
        tokens[i] = replace(tokens[i], dep="conj")


def _read_name(tokens: list[Token], i: int) -> None:
    """ "Директор Петра Ковач сказала": her first name looks like a case of another."""
    token, last = tokens[i], tokens[min(i + 1, len(tokens) - 1)]
    is_last = last.head == i and last.dep == "flat:name"
    # "Петра Ковача" would be his, "Ивана Черных" is.
    bare = last.text[-1:] in _CONSONANTS and not last.text.endswith(("ых", "их"))
    if (
        case_of(token) == "Gen"
        and is_last
        and (bare or case_of(last) == "Nom")
        and token.text.endswith(("а", "я"))
    ):
        tokens[i] = replace(token, tag="Animacy=Anim|Case=Nom|Gender=Fem|Number=Sing")


def _after_told(tokens: list[Token], i: int) -> None:
    """ "Журналистам Пётр Зимин сказал": he is none of those whom he told."""
    told = tokens[i].head
    verb = tokens[told].head
    acts = any(t.head == verb and t.dep in _SUBJECTS for t in tokens)
    if told == i - 1 and tokens[told].dep == "iobj" and not acts and case_of(tokens[i]) == "Nom":
        tokens[i] = replace(tokens[i], head=verb, dep="nsubj")


def _name_after_role(tokens: list[Token], i: int) -> None:
    """ "Рассказала кладовщица Тамара Ежова": of two subjects side by side the name belongs to the role;
    "сообщил РИА источник в порту": the agency is told.
    """
    token = tokens[i]
    before, after = tokens[i - 1] if i else token, tokens[min(i + 1, len(tokens) - 1)]
    if before.pos == "NOUN" and before.dep in _SUBJECTS and before.head == token.head:
        if case_of(before) == "Nom" and "Anim" in before.tag and any(t.head == i for t in tokens):
            tokens[i] = replace(token, head=i - 1, dep="appos")
    elif case_of(token) == "Dat" and after.dep in _SUBJECTS and after.head == token.head < i:
        tokens[i] = replace(token, dep="iobj")


def _make_sure(tokens: list[Token], i: int) -> None:
    """ "Уверен он": a verb of saying, whatever the parser takes the short adjective for."""
    token = tokens[i]
    sure = _SURE[token.text.casefold().replace("ё", "е")]
    features = [f for f in token.tag.split("|") if not f.startswith(("Voice=", "VerbForm="))]
    tokens[i] = replace(token, pos="VERB", lemma=sure, tag="|".join(features))
    for n, other in enumerate(tokens):
        if other.head == i and other.dep == "nsubj:pass":
            tokens[n] = replace(other, dep="nsubj")


def _hang_firm(tokens: list[Token], i: int) -> None:
    """ "Оператор судна, компания «Волна», заявил": the firm is the operator, not one more ship."""
    token = tokens[i]
    if token.lemma not in GO_BY_NAME or i < 2 or tokens[i - 1].text != "," or case_of(token) != "Nom":
        return
    if any(t.head == i and t.dep == "cc" for t in tokens):
        return
    subject = next((n for n in range(i - 2, -1, -1) if tokens[n].dep in _SUBJECTS), None)
    if subject is not None and tokens[subject].pos == "NOUN":
        tokens[i] = replace(token, head=subject, dep="appos")


def _hang_told(tokens: list[Token], i: int) -> None:
    """ "В ФАС «Вестнику» заявили", "подтвердил «Вестнику» врач": the paper between marks is told."""
    if not (0 < i < len(tokens) - 1 and tokens[i - 1].text in _OPENING and is_told(tokens[i].text)):
        return
    near = (max(i - 2, 0), *range(i + 1, min(i + 4, len(tokens))))
    verb = next((n for n in near if tokens[n].pos == "VERB" and tokens[n].lemma in REPORTING), None)
    if verb is None:
        return
    tokens[i] = replace(tokens[i], head=verb, dep="iobj")
    behind = i + 2
    acts = any(t.head == verb and t.dep in _SUBJECTS for t in tokens)
    if verb < i and not acts and behind < len(tokens) and case_of(tokens[behind]) == "Nom":
        tokens[behind] = replace(tokens[behind], head=verb, dep="nsubj")


def _make_noun(tokens: list[Token], i: int) -> None:
    """ "Хокимият области сообщил": a body whose word the parser does not know."""
    token, owner = tokens[i], tokens[min(i + 1, len(tokens) - 1)]
    if token.head != i + 1 or not (is_org_word(token.lemma) or token.lemma in PERSON_NOUNS):
        return
    verb = owner.head
    if case_of(owner) != "Gen" or tokens[verb].pos != "VERB" or verb == i + 1:
        return
    if not any(t.head == verb and t.dep in _SUBJECTS for t in tokens):
        tokens[i] = replace(token, pos="NOUN", tag="Case=Nom|Number=Sing", dep="nsubj", head=verb)
        tokens[i + 1] = replace(owner, dep="nmod", head=i)


def _hang_owner(tokens: list[Token], i: int) -> None:
    """ "Бывшая смотрительница музея написала": a genitive right behind the subject is no object."""
    token, before = tokens[i], tokens[i - 1] if i else tokens[i]
    subject = before.dep in _SUBJECTS and before.pos == "NOUN" and before.head == token.head
    if not subject or token.head < i or case_of(token) != "Gen":
        return
    tokens[i] = replace(token, dep="nmod", head=i - 1)
    for n, other in enumerate(tokens):
        if other.head != i:
            continue
        if other.dep in {"appos", "amod", "acl"} and case_of(other) == "Nom":
            tokens[n] = replace(other, head=i - 1)


def _hang_clause(tokens: list[Token], i: int) -> None:
    """ "Сообщил, что дом цел", "сообщил, что дом — руина": the clause hangs on the verb before its comma."""
    top = tokens[i].head
    first = next((n for n in range(i + 1, top) if _is_cut_off(tokens, n, top)), None)
    if first is not None:
        _keep_together(tokens, i, first, top)
        return
    verb = next((n for n in range(i - 1, -1, -1) if tokens[n].pos == "VERB"), None)
    if verb is None or top <= i or verb == top:
        return
    token = tokens[top]
    if token.head == top and any(t.head == n and t.pos == "VERB" for n, t in enumerate(tokens[:i])):
        # No second root.
        root = next(n for n in range(i - 1, -1, -1) if tokens[n].head == n and tokens[n].pos == "VERB")
        tokens[top] = replace(token, head=root, dep="ccomp")
        return
    near = verb >= i - 6 and tokens[verb].lemma in REPORTING and tokens[i - 1].text == ","
    if near and token.dep in {"acl", "acl:relcl"} and token.head < verb and tokens[i].pos == "SCONJ":
        # "Водитель Иван Ли, 52 лет, говорит, что спал": no clause about Ли.
        tokens[top] = replace(token, head=verb, dep="ccomp")
        return
    if near and token.dep == "appos" and token.head > i and tokens[token.head].head == verb:
        # A clause without a verb: its subject hangs on the verb of speaking.
        subject = token.head
        tokens[top] = replace(token, head=verb, dep="ccomp")
        tokens[subject] = replace(tokens[subject], head=top, dep="nsubj")


def _is_cut_off(tokens: list[Token], n: int, top: int) -> bool:
    """ "Уверяет, что долга не было, однако бумаг не показал": the first of two clauses side by side."""
    beside = tokens[n].head == tokens[top].head and tokens[n].dep == tokens[top].dep == "ccomp"
    return beside and tokens[n].pos == "VERB" and tokens[n + 1].text == "," and n + 2 < top


def _keep_together(tokens: list[Token], mark: int, first: int, top: int) -> None:
    """What stands in the first clause hangs on its verb; the second one is what else somebody did."""
    for n in range(mark, first):
        if tokens[n].head == top:
            tokens[n] = replace(tokens[n], head=first)
    tokens[top] = replace(tokens[top], dep="conj")
