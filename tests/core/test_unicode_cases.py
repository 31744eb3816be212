"""What other matchers get wrong: 22 kinds of case, each by name, and others of the same kinds.

`CASES` has one row for each kind. The engine was written with them in view, so `HELD_OUT` has more of
the same kinds that were written down, with the answer that a newsroom expects, before anybody looked at
what the engine makes of them: 46 of 54 were right at first sight, and what was wrong was mended.
`GAPS` are those that it still gets wrong, each with its reason.
"""

from __future__ import annotations

import pytest
from rule_texts import article, load, quoted, rule_file

from monitor.core.matching import match

#: (kind, terms that are looked for, text, the terms that are there)
Case = tuple[str, tuple[str, ...], str, set[str]]

CASES: list[Case] = [
    ("sharp s", ("strasse",), "Die STRAßE nach Kiew ist gesperrt", {"strasse"}),
    ("dotted capital I", ("istanbul",), "Tremor felt in İSTANBUL", {"istanbul"}),
    ("final sigma", ("ΠΑΡΙΣ",), "στο Παρις χθες", {"ΠΑΡΙΣ"}),
    ("Cyrillic case", ("москва",), "МОСКВА. Сегодня вечером", {"москва"}),
    ("Cyrillic boundary", ("иран",), "тирания и тиранозавр", set()),
    ("Arabic word", ("إيران",), "قالت إيران اليوم", {"إيران"}),
    ("Arabic clitic", ("إيران",), "العراق وإيران", {"إيران"}),
    ("Han inside a run", ("东京",), "今天东京发生地震", {"东京"}),
    ("Thai inside a run", ("กรุงเทพ",), "ข่าวกรุงเทพวันนี้", {"กรุงเทพ"}),
    ("full width", ("nato",), "the ＮＡＴＯ summit", {"nato"}),
    ("ligature", ("office",), "fire in the oﬃce block", {"office"}),
    ("decomposed accent", ("café",), "a cafe\u0301 owner", {"café"}),
    ("no-break space in a phrase", ("prime minister",), "the prime\u00a0minister said", {"prime minister"}),
    ("line break in a phrase", ("white house",), "at the White\n  House", {"white house"}),
    ("soft hyphen", ("government",), "the govern\u00adment fell", {"government"}),
    ("zero-width non-joiner", ("می\u200cخواهد",), "او می\u200cخواهد", {"می\u200cخواهد"}),
    ("apostrophe", ("people's party",), "the People’s Party won", {"people's party"}),
    ("sign at the end", ("c++",), "written in C++ today", {"c++"}),
    ("sign inside", ("at&t",), "AT&T, the firm", {"at&t"}),
    (
        "overlap",
        ("new york times", "times square"),
        "a new york times square",
        {"new york times", "times square"},
    ),
    ("nesting", ("bank", "bank of england"), "the Bank of England rose", {"bank", "bank of england"}),
    ("inside a word", ("art",), "the start of a smart party", set()),
]

KINDS = [kind for kind, *_ in CASES]

HELD_OUT: list[Case] = [
    ("sharp s", ("weißrussland",), "WEISSRUSSLAND PROTESTIERT", {"weißrussland"}),
    ("sharp s", ("Großbritannien",), "GROẞBRITANNIEN WÄHLT", {"Großbritannien"}),
    ("dotted capital I", ("İzmir",), "izmir'de deprem, IZMIR sallandı", {"İzmir"}),
    ("dotted capital I", ("Diyarbakır",), "DİYARBAKIR'DA GÖZALTI", {"Diyarbakır"}),
    ("final sigma", ("ΟΔΥΣΣΕΑΣ",), "του Οδυσσεας-Ελύτης", {"ΟΔΥΣΣΕΑΣ"}),
    ("final sigma", ("Κύπρος",), "ΚΥΠΡΟΣ: νέες συνομιλίες", {"Κύπρος"}),
    ("Cyrillic case", ("Ґдов", "їжак"), "ҐДОВ та ЇЖАК", {"Ґдов", "їжак"}),
    ("Cyrillic case", ("Зеленский",), "ЗЕЛЕНСКИИ\u0306 ответил", {"Зеленский"}),
    ("Cyrillic boundary", ("рим", "сирия"), "Крим, римський, Ассирия", set()),
    ("Cyrillic boundary", ("рим",), "«Рим»—город; (РИМ)", {"рим"}),
    ("Arabic word", ("غزة",), "قصف على غَزَّة ليلا", {"غزة"}),
    ("Arabic word", ("غزة",), "عاجل: غـــزة تحت القصف", {"غزة"}),
    ("Arabic word", ("مصر",), "عنصر واحد فقط", set()),
    ("Arabic clitic", ("مصر", "لبنان", "العراق"), "بمصر وفي بلبنان والعراق", {"مصر", "لبنان", "العراق"}),
    ("Arabic clitic", ("العراق",), "قال وبالعراق أيضا", {"العراق"}),
    ("Arabic clitic", ("كرم",), "مكرم عبيد", set()),
    ("Han inside a run", ("台北",), "台北市長表示", {"台北"}),
    ("Han inside a run", ("トランプ",), "米ﾄﾗﾝﾌﾟ大統領は", {"トランプ"}),
    ("Han inside a run", ("インド",), "インドネシアで地震", set()),
    ("Han inside a run", ("北京 上海",), "北京上海", set()),
    ("Thai inside a run", ("ไทย",), "ประเทศไทยประกาศ", {"ไทย"}),
    ("Thai inside a run", ("กร",), "กรุงเทพ", set()),
    ("Thai inside a run", ("ភ្នំពេញ", "ວຽງຈັນ"), "រាជធានីភ្នំពេញ និង ນະຄອນຫຼວງວຽງຈັນ", {"ភ្នំពេញ", "ວຽງຈັນ"}),
    ("Thai inside a run", ("ရန်ကုန်",), "ရန်ကုန်မြို့တွင်", {"ရန်ကုန်"}),
    ("full width", ("G7",), "Ｇ７サミット", {"G7"}),
    ("full width", ("new york",), "Ｎｅｗ\u3000Ｙｏｒｋ", {"new york"}),
    ("ligature", ("pfizer", "flood"), "Pﬁzer ﬂood", {"pfizer", "flood"}),
    ("ligature", ("IJsselmeer",), "op het Ĳsselmeer", {"IJsselmeer"}),
    ("ligature", ("الإسلام",), "ﺍﻹﺳﻼﻡ", {"الإسلام"}),
    ("decomposed accent", ("Việt Nam",), "Vie\u0302\u0323t Nam ký kết", {"Việt Nam"}),
    ("decomposed accent", ("Sa\u0303o Paulo",), "em São Paulo", {"Sa\u0303o Paulo"}),
    ("decomposed accent", ("서울",), "\u1109\u1165\u110b\u116e\u11af 시청", {"서울"}),
    ("no-break space in a phrase", ("Boris Johnson",), "Boris\u202fJohnson", {"Boris Johnson"}),
    (
        "no-break space in a phrase",
        ("10 Downing Street",),
        "at 10\u2009Downing\u2007Street",
        {"10 Downing Street"},
    ),
    ("line break in a phrase", ("islamic state",), "Islamic\r\nState; Islamic\u2028State", {"islamic state"}),
    ("line break in a phrase", ("islamic state",), "Islamic \x85\t\v State", {"islamic state"}),
    (
        "soft hyphen",
        ("Verfassungsschutz",),
        "Ver\u00adfassungs\u00adschutz\u00ad, hieß es",
        {"Verfassungsschutz"},
    ),
    ("soft hyphen", ("schutz",), "Verfassungs\u00adschutz", set()),
    ("zero-width non-joiner", ("خامنه\u200cای",), "آیت\u200cالله خامنه\u200cای گفت", {"خامنه\u200cای"}),
    ("zero-width non-joiner", ("kyiv",), "Ky\u200biv\ufeff👩\u200d🚒", {"kyiv"}),
    ("apostrophe", ("O'Brien",), "O`Brien, O′Brien, Oʼbrien", {"O'Brien"}),
    ("apostrophe", ("O'zbekiston",), "Oʻzbekiston va Oʻzbekiston", {"O'zbekiston"}),
    ("apostrophe", ("слов'янськ",), "під Слов’янськом і Словʼянськ", {"слов'янськ"}),
    (
        "apostrophe",
        ("ukraine", "israël", "iran"),
        "l’Ukraine, qu'Israël, dell’Iran",
        {"ukraine", "israël", "iran"},
    ),
    ("sign at the end", ("C#", "Yahoo!"), "a C# job at Yahoo!", {"C#", "Yahoo!"}),
    ("sign at the end", ("covid-19", "f-16"), "COVID‐19 and the F‑16", {"covid-19", "f-16"}),
    ("sign at the end", ("f-16",), "two F-16s", set()),
    ("sign inside", ("S&P 500", "R&D"), "the S&P\u00a0500; R＆D", {"S&P 500", "R&D"}),
    (
        "overlap",
        ("red cross", "cross border", "border post"),
        "red cross border post",
        {"red cross", "cross border", "border post"},
    ),
    ("overlap", ("bora bora",), "Bora Bora Bora", {"bora bora"}),
    (
        "nesting",
        ("congo", "republic of the congo", "democratic republic of the congo"),
        "the Democratic Republic of the Congo's east",
        {"congo", "republic of the congo", "democratic republic of the congo"},
    ),
    ("inside a word", ("ira", "usa", "16"), "Iraq, Lausanne, 2016", set()),
    ("inside a word", ("cafe",), "a cafe\u0301", set()),
    ("inside a word", ("iran",), "#iran @iran_news", {"iran"}),
]


#: Text → why it is not right yet.
GAPS = {
    "インドネシアで地震": "a boundary between kana would lose トランプ in トランプタワー",
}


def found(terms: tuple[str, ...], text: str) -> dict[str, list[str]]:
    """Each term that is there, with what its spans say."""
    rules = load(
        rule_file(
            {"id": f"r{number}", "title": term, "match": {"any": [{"keyword": term}]}}
            for number, term in enumerate(terms)
        )
    )
    (reading,) = match([article(text)], rules)
    spans = {term: quoted(reading, f"r{number}") for number, term in enumerate(terms)}
    return {term: quotes for term, quotes in spans.items() if quotes}


@pytest.mark.parametrize(("kind", "terms", "text", "wanted"), CASES, ids=KINDS)
def test_the_22_kinds_of_case(kind: str, terms: tuple[str, ...], text: str, wanted: set[str]) -> None:
    assert set(found(terms, text)) == wanted, kind


def test_there_are_22_kinds_and_more_cases_of_each() -> None:
    assert len(set(KINDS)) == len(KINDS) == 22
    assert {kind for kind, *_ in HELD_OUT} == set(KINDS)


@pytest.mark.parametrize(
    ("kind", "terms", "text", "wanted"),
    [
        pytest.param(*case, marks=pytest.mark.xfail(strict=True, reason=GAPS[case[2]]))
        if case[2] in GAPS
        else case
        for case in HELD_OUT
    ],
)
def test_cases_that_were_held_out(kind: str, terms: tuple[str, ...], text: str, wanted: set[str]) -> None:
    assert set(found(terms, text)) == wanted, kind


def test_overlapping_places_of_one_term_are_all_told() -> None:
    assert found(("bora bora",), "Bora Bora Bora") == {"bora bora": ["Bora Bora", "Bora Bora"]}


def test_spans_keep_what_was_written() -> None:
    told = found(("غزة", "Κύπρος", "nato"), "غَـــزَّة, ΚΎΠΡΟΣ, NATO가")
    assert told == {"غزة": ["غَـــزَّة"], "Κύπρος": ["ΚΎΠΡΟΣ"], "nato": ["NATO"]}
