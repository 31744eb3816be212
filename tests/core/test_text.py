"""The normal form, the way back, words and sentences."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.normal_form import uncommon
from monitor.core.text import (
    Normalised,
    ends_word,
    is_whole_word,
    normalise,
    sentence_spans,
    set_apart,
    starts_word,
    word_end,
    word_starts,
)

NORMAL_FORMS = [
    ("Kyiv", "kyiv"),
    ("STRAßE", "strasse"),
    ("İSTANBUL", "istanbul"),
    ("Οδυσσευς", "οδυσσευσ"),
    ("МОСКВА", "москва"),
    ("Самолёт", "самолет"),
    ("Ёлка", "елка"),
    ("Самоле\u0308т", "самолет"),
    ("ＮＡＴＯ", "nato"),
    ("oﬃce", "office"),
    ("cafe\u0301", "café"),
    ("prime\u00a0minister", "prime minister"),
    ("White\n  House", "white house"),
    ("a\u2028b", "a b"),
    ("govern\u00adment", "government"),
    ("zero\u200bwidth", "zerowidth"),
    ("\u202eright\u202c", "right"),
    ("People’s", "people's"),
    ("Peopleʼs", "people's"),
    ("Sergei\u2011Prokofiev", "sergei-prokofiev"),
    ("½ mile", "1⁄2 mile"),
    ("한국", "한국"),
    ("\u1112\u1161\u11ab국", "한국"),
    ("DİYARBAKIR", "diyarbakir"),
    ("Diyarbakır", "diyarbakir"),
    ("ΚΎΠΡΟΣ", "κυπροσ"),
    ("προϊόν", "προϊον"),
    ("غَـــزَّة", "غزة"),
    ("Бо\u0301ртников", "бортников"),
    ("Ќе и й", "ќе и й"),
    ("O`Brien′s", "o'brien's"),
    ("“Крокус” и «Крокус»", '"крокус" и "крокус"'),
    ("Tel Aviv–Yafo", "tel aviv~yafo"),
    ("\n\n a \n\t\n b\n", " a b "),
    ("ŉ ﹘", "'n ~"),
    ("Oʻzbekiston", "o'zbekiston"),
    ("ı\u064e\u0307", "i"),
]


@pytest.mark.parametrize(("stored", "normal"), NORMAL_FORMS)
def test_normal_form(stored: str, normal: str) -> None:
    assert normalise(stored) == normal


# Alphabets with marks, ligatures, invisible characters, emoji, right-to-left text and white space.
PIECES = st.sampled_from(
    [
        *"aZé ß İiıﬁﬃ½ﷺ㎏«»“’´¨-.,\n\r\t",
        *"\u0301\u0308\u0307\u0345\u200b\u200d\u00ad\u2028\u00a0\ufeff",
        *"ёЁйЇґАяѢΣςΆᾳقالت إيرانلاשלום東京がｶﾞﾊﾟกรุงเทพ",
        *"\u1112\u1161\u11ab한\u0bc6\u0bbe\uff9e\u0344🏽",
        *"ıI\u0300\u064e\u0651\u0640\u0654ﹰﷲήΐΊ\u0390`′ʻقبו\u17d2ភ\u0e38",
        "👩‍🚒",
        "🇺🇦",
        "क्षि",
    ]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=60))


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_normalising_twice_changes_nothing_more(stored: str) -> None:
    assert normalise(normalise(stored)) == normalise(stored)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_what_is_folded_letter_by_letter_is_folded_as_beside_a_mark(stored: str) -> None:
    # A mark anywhere sends the whole text the slow way; what stands apart from it must come out the same.
    whole = normalise(stored + "\n\n|\n\ne\u0327\u0301")
    assert whole.startswith(normalise(stored + "\n\n|"))


@settings(max_examples=600, deadline=None)
@given(TEXTS, st.data())
def test_every_span_of_the_normal_form_leads_to_stored_text_that_contains_it(
    stored: str, data: st.DataObject
) -> None:
    text = Normalised(stored)
    if not text.text:
        return
    start = data.draw(st.integers(0, len(text.text) - 1))
    end = data.draw(st.integers(start + 1, len(text.text)))
    first, last = text.stored_span(start, end)
    assert 0 <= first < last <= len(stored)
    assert text.text[start:end].strip() in normalise(stored[first:last])


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_the_whole_normal_form_is_the_whole_stored_text_but_for_invisible_edges(stored: str) -> None:
    text = Normalised(stored)
    if text.text:
        first, last = text.stored_span(0, len(text.text))
        assert normalise(stored[:first]) in ("", " ")
        assert last == len(stored)


def test_spans_are_exact_after_characters_that_change_length() -> None:
    stored = "The oﬃce  of the govern\u00adment in Kyiv, ½ mile from “Крокус\u00a0Сити Холл”"
    text = Normalised(stored)
    for term in ("kyiv", "крокус сити холл", "mile"):
        at = text.text.index(term)
        first, last = text.stored_span(at, at + len(term))
        assert normalise(stored[first:last]) == term


def test_a_flood_of_marks_is_cut_and_the_way_back_still_right() -> None:
    stored = "Kyiv a" + "\u0301\u0327" * 100_000 + " — Minsk"
    text = Normalised(stored)
    assert len(text.text) < 200
    at = text.text.index("minsk")
    first, last = text.stored_span(at, at + 5)
    assert stored[first:last] == "Minsk"


def test_a_span_never_cuts_a_stored_character() -> None:
    text = Normalised("oﬃce")
    assert text.stored_span(2, 3) == (1, 2)


def test_plain_letters_of_cyrillic_fold_by_themselves() -> None:
    letters = "АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУЎФХЦЧШЩЪЫЬЭЮЯ"
    for letter in letters + letters.lower():
        assert not uncommon(f"a{letter}b")
        assert normalise(f"’{letter}…") == f"'{letter.casefold()}..."
        assert set_apart(letter) == f" {letter} "
    assert uncommon("Ёж — ёж") == {"Ё", "ё", "—"}


WHOLE_WORDS = [
    ("woman", "oman", False),
    ("oman", "oman", True),
    ("oman's", "oman", True),
    ("(oman)", "oman", True),
    ("oman2", "oman", False),
    ("тирания", "иран", False),
    ("今天东京地震", "东京", True),
    ("北约nato峰会", "nato", True),
    ("ข่าวกรุงเทพวันนี้", "กรุงเทพ", True),
    ("العراق وإيران", "إيران", True),
    ("تإيران", "إيران", False),
    ("written in c++ today", "c++", True),
    ("e\u0301tat", "tat", False),
    ("فيوبإيران", "إيران", False),
    ("وبإيران", "إيران", True),
    ("ובירושלים", "ירושלים", True),
    ("서울에서는", "서울", True),
    ("서울대", "서울", False),
    ("nato가", "nato", True),
    ("กรุงเทพ", "กร", False),
    ("ភ្នំ", "នំ", False),
]


@pytest.mark.parametrize(("text", "word", "whole"), WHOLE_WORDS)
def test_word_boundaries(text: str, word: str, whole: bool) -> None:
    at = text.index(word)
    assert is_whole_word(text, at, at + len(word)) is whole


def test_the_edges_of_a_text_are_boundaries() -> None:
    assert starts_word("a", 0)
    assert ends_word("a", 1)


def test_a_word_goes_on_to_its_end() -> None:
    assert word_end("terrorists!", 6) == 10
    assert word_end("terror", 6) == 6


def test_words_start_where_they_start() -> None:
    assert word_starts("two words") == (0, 4)
    assert word_starts("東京 now") == (0, 1, 3)
    assert word_starts("alpha東 beta京b") == (0, 5, 7, 11, 12)
    assert word_starts("दिल्ली में नया") == (0, 7, 11)
    assert word_starts("กุง a\u0327\u0304b") == (0, 2, 4)


SENTENCES = [
    ("", []),
    (" \n ", []),
    ("One. Two!", ["One.", "Two!"]),
    (
        "Mr. Grey met Gen. Brown in the U.S. capital. He left.",
        ["Mr. Grey met Gen. Brown in the U.S. capital.", "He left."],
    ),
    ("A line without a stop\nAnother line", ["A line without a stop", "Another line"]),
    ("First paragraph.\r\n\r\nSecond one.", ["First paragraph.", "Second one."]),
    ("«Это не мы», — сказал он. Он ушёл.", ["«Это не мы», — сказал он.", "Он ушёл."]),
    ("  Padded.  Twice.  ", ["Padded.", "Twice."]),
]


@pytest.mark.parametrize(("text", "sentences"), SENTENCES)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in sentence_spans(text)] == sentences


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from(list('ab .!?"“”«»\n\r\u2028A1')), max_size=80))
def test_sentences_are_in_order_and_miss_nothing_but_white_space(text: str) -> None:
    spans = sentence_spans(text)
    covered = 0
    for start, end in spans:
        assert covered <= start < end
        assert not text[covered:start].strip()
        assert "\n" not in text[start:end]
        covered = end
    assert not text[covered:].strip()


# ---------------------------------------------------------------- words set apart

APART = [
    ("", "  "),
    ("the white house", " the white house "),
    ("c++, at&t", " c    at t "),
    ("сказал: «да»", " сказал   да  "),
    ("東京 tower", "  東  京  tower "),
    ("x²", " x² "),
]


@pytest.mark.parametrize(("normal", "apart"), APART)
def test_words_are_set_apart(normal: str, apart: str) -> None:
    assert set_apart(normal) == apart


@settings(max_examples=300, deadline=None)
@given(
    st.text("abя東京กรุงغزو한국에서é-' ́", max_size=12).map(normalise),
    st.integers(0, 12),
    st.integers(0, 12),
)
def test_what_stands_as_a_whole_word_is_found_by_its_letters_with_their_spaces(
    text: str, start: int, end: int
) -> None:
    word = text[start:end]
    if word.strip() == word != "" and end <= len(text) and is_whole_word(text, start, end):
        words = set_apart(word).strip()
        assert not words or f" {words} " in set_apart(text)
