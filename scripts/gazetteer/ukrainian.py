"""Case forms of Ukrainian names of places and organisations, by their endings.

Rules of the school grammar for the singular, and no dictionary: good for names such as "Франція", "Південна
Корея", "Мінськ"; what goes another way (Київ, Нідерланди) stands in the tables with its forms.
"""

from __future__ import annotations

from itertools import zip_longest

_VOWELS = "аеєиіїоуюя"
_SOFTENED = {"к": "ц", "г": "з", "х": "с", "ґ": "з"}


def ukrainian_forms(name: str) -> tuple[str, ...]:
    """The name in its cases, itself first, each once; all its words change together.

    Genitive second. Words that do not change stay; only the first part of a name is declined where small
    words follow ("Республіка Молдова" whole, "Організація охорони здоров'я" not at all).
    """
    words = name.split()
    if any(word[:1].islower() for word in words):
        return (name,)
    declined = [_word_forms(word) for word in words]
    longest = max(len(forms) for forms in declined)
    if longest == 1:
        return (name,)
    forms = [
        " ".join(form or word for form, word in zip(case, words, strict=True))
        for case in zip_longest(*(f if len(f) > 1 else [f[0]] * longest for f in declined))
    ]
    return tuple(dict.fromkeys([name, *forms]))


def _word_forms(word: str) -> list[str]:
    """Nominative, genitive, dative, accusative, instrumental, locative; one form where nothing changes."""
    head, hyphen, tail = word.rpartition("-")
    if hyphen:
        return [f"{head}-{form}" for form in _word_forms(tail)]
    low = word.casefold()
    if word.isupper():
        return [word]
    if low.endswith(_ADJECTIVES) or low in _SHORT_ADJECTIVES:
        stem = word[:-1]
        return [word, *(stem + ending for ending in ("ої", "ій", "у", "ою", "ій"))]
    if low.endswith("ий"):
        stem = word[:-2]
        return [word, *(stem + ending for ending in ("ого", "ому", "ий", "им", "ому"))]
    if low.endswith("а"):
        stem = word[:-1]
        soft = stem[:-1] + _SOFTENED.get(stem[-1:], stem[-1:]) + "і"
        hissing = stem[-1:] in "жчшщ"
        genitive, instrumental = ("і", "ею") if hissing else ("и", "ою")
        return [word, stem + genitive, soft, stem + "у", stem + instrumental, soft]
    if low.endswith("я"):
        stem = word[:-1]
        i, e = ("ї", "є") if low[-2:-1] in _VOWELS else ("і", "е")
        return [word, stem + i, stem + i, stem + "ю", stem + e + "ю", stem + i]
    if low.endswith("ь"):
        stem = word[:-1]
        return [word, stem + "я", stem + "ю", word, stem + "ем", stem + "і"]
    if low.endswith("й"):
        stem = word[:-1]
        return [word, stem + "ю", stem + "ю", word, stem + "єм", stem + "ї"]
    if low[-1:] not in _VOWELS and low[-1:].isalpha():
        return _hard(word)
    return [word]


# Of feminine adjectives before nouns; a name of one word that ends so (Молдова) is none.
_ADJECTIVES = ("ська", "цька", "зька", "нна", "чна", "льна")
_SHORT_ADJECTIVES = frozenset({"нова", "велика"})


def _hard(word: str) -> list[str]:
    """A name that ends in a consonant: countries take -у in the genitive, towns -а; both are made."""
    if word.casefold().endswith(("ж", "ч", "ш", "щ")):
        return [word, word + "а", word + "у", word, word + "ем", word + "і"]
    return [word, word + "у", word + "ові", word, word + "ом", word + "і", word + "а"]
