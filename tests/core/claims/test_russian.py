"""Claims in Russian articles, in tables of (text, expected), and a story that crosses languages."""

from __future__ import annotations

from functools import lru_cache

import pytest
from reading_room import entity, parsers, reading, rules

from monitor.core.claims import extract_claims
from monitor.core.claims.russian.detectors import DETECTORS
from monitor.core.claims.russian.names import nominative, same_name
from monitor.core.claims.russian.quantities import number
from monitor.core.claims.russian.speech import spoken
from monitor.core.contradictions import find_contradictions
from monitor.core.threads import assign_threads
from monitor.core.types import Claim, ContradictionKind, PriorClaim, Relation

NORVIK = entity(
    "norvik", "Norvik Shipping", "Norvik", "Норвик", "Норвика", "Норвику", "Норвике", side="norvik"
)
HALE = entity(
    "hale", "Dora Hale", "Дора Хейл", "Доры Хейл", "Хейл", type="person", roles=("министр транспорта",)
)
OSKAVIA = entity(
    "oskavia", "Oskavia", "Oskavian", "Оскавия", "Оскавию", "Оскавии", type="place", side="oskavia"
)
CABLE = entity(
    "sund_cable", "Sund cable", "Зундского кабеля", "Зундский кабель", "Зундском кабеле", type="event"
)
KNOWN = rules(NORVIK, HALE, OSKAVIA, CABLE)


@lru_cache(maxsize=512)
def claims_of(text: str, title: str = "Новости") -> tuple[Claim, ...]:
    one = reading(text, KNOWN, title=title, lang="ru")
    return extract_claims([one], KNOWN, parsers())[0]  # type: ignore[arg-type]  # a stand-in


# text, speaker, quote, kind, stance
ATTRIBUTED = [
    # direct speech: marks, dashes, the author's words inside
    ("«Огни не горели», — сказала Дора Хейл.", "Dora Hale", "Огни не горели", "direct", "assert"),
    ("„Огни не горели“, — заявил лоцман Олег Сомов.", "Олег Сомов", "Огни не горели", "direct", "assert"),
    ("— Огни не горели, — сказал лоцман Олег Сомов.", "Олег Сомов", "Огни не горели", "direct", "assert"),
    (
        "«Огни не горели, — рассказал лоцман Олег Сомов. — Никто их не чинил».",
        "Олег Сомов",
        "Никто их не чинил",
        "direct",
        "assert",
    ),
    (
        "Хейл ответила: «Лоцманов предупреждали дважды».",
        "Dora Hale",
        "Лоцманов предупреждали дважды",
        "direct",
        "assert",
    ),
    # reported speech
    ("Министр транспорта заявила, что огни не горели.", "Dora Hale", "огни не горели", "indirect", "assert"),
    ("Огни не горели, сообщили в прокуратуре.", "прокуратура", "Огни не горели", "indirect", "assert"),
    (
        "В министерстве обороны сообщили, что судно ушло.",
        "министерство обороны",
        "судно ушло",
        "indirect",
        "assert",
    ),
    ("Как сообщил начальник порта Иван Лис, кран упал.", "Иван Лис", "кран упал", "indirect", "assert"),
    (
        "Кран, утверждает крановщица Вера Мохова, был исправен.",
        "Вера Мохова",
        "Кран, утверждает крановщица Вера Мохова, был исправен",
        "indirect",
        "assert",
    ),
    (
        "Полиция подтвердила гибель крановщика.",
        "полиция",
        "Полиция подтвердила гибель крановщика",
        "indirect",
        "confirm",
    ),
    # by somebody's words
    ("По словам Доры Хейл, огни не горели.", "Dora Hale", "огни не горели", "indirect", "assert"),
    (
        "По данным портовой полиции, кран упал ночью.",
        "портовая полиция",
        "кран упал ночью",
        "indirect",
        "assert",
    ),
    # denials and accusations
    (
        "Норвик отрицает, что кран был неисправен.",
        "Norvik Shipping",
        "кран был неисправен",
        "indirect",
        "deny",
    ),
    (
        "Хейл опровергла эти сообщения.",
        "Dora Hale",
        "Хейл опровергла эти сообщения",
        "indirect",
        "deny",
    ),
    (
        "Капитан порта Иван Лис назвал обвинения клеветой.",
        "Иван Лис",
        "Капитан порта Иван Лис назвал обвинения клеветой",
        "indirect",
        "deny",
    ),
    (
        "Профсоюз докеров обвинил Норвик в поджоге склада.",
        "профсоюз докеров",
        "Профсоюз докеров обвинил Норвик в поджоге склада",
        "indirect",
        "accuse",
    ),
    # the outlet itself
    ("В порту погибли трое рабочих.", "Paper 1", "В порту погибли трое рабочих", "own_voice", "assert"),
]
HEADLINES = [
    ("Профсоюз: кран не проверяли с весны", "профсоюз", "кран не проверяли с весны"),
    ("Кран не проверяли с весны — прокуратура", "прокуратура", "Кран не проверяли с весны"),
]
NOT_ATTRIBUTED = [
    "Хейл не сказала, что огни не горели.",
    "Если министр заявит, что огни не горели, порт закроют.",
    "Судно «Волна» стоит у причала.",
    "Хейл исключили из списка гостей.",
    "Хейл не видела причин спорить.",
    "Сторож, который не слышал шума, уехал.",
    "Справка, на которую он ссылался, лежит в сейфе.",
]


@pytest.mark.parametrize(("text", "speaker", "quote", "kind", "stance"), ATTRIBUTED)
def test_a_claim_is_found_with_its_speaker_and_exact_words(
    text: str, speaker: str, quote: str, kind: str, stance: str
) -> None:
    found = [(c.speaker.name, c.quote, c.kind, c.stance) for c in claims_of(text)]
    assert (speaker, quote, kind, stance) in found


@pytest.mark.parametrize(("title", "speaker", "quote"), HEADLINES)
def test_a_headline_attributes(title: str, speaker: str, quote: str) -> None:
    assert (speaker, quote) in [(c.speaker.name, c.quote) for c in claims_of("", title)]


@pytest.mark.parametrize("text", NOT_ATTRIBUTED)
def test_what_nobody_said_is_no_claim(text: str) -> None:
    assert claims_of(text) == ()


def test_every_quote_stands_at_its_offsets() -> None:
    text = "\n\n".join(row[0] for row in ATTRIBUTED) + "\n\n«без конца, сказала Хейл"
    one = reading(text, KNOWN, title="Хейл: «огни – не горели» 🛬", lang="ru")
    claims = extract_claims([one], KNOWN, parsers())[0]  # type: ignore[arg-type]  # a stand-in
    assert len(claims) > 15
    for claim in claims:
        assert claim.quote == one.article.field(claim.field)[claim.start : claim.end]
        assert claim.quote.strip()
    assert len({c.fingerprint for c in claims}) == len(claims)


def test_every_detector_of_the_table_finds_something_here() -> None:
    from monitor.core.claims.languages import LANGUAGES
    from monitor.core.claims.page import lay_out

    rows = [row[0] for row in ATTRIBUTED] + [
        "Кран упал, сказала Хейл; погибли трое рабочих.",
        "Штаб насчитал 14 пострадавших.",
        "Хейл не исключила, что огни не горели.",
        "Хейл взяла назад слова о поджоге.",
        "Лоцман с ней не согласен: огни горели до утра.",
        "Анна Ветрова назвала снимки «музейными экспонатами».",
        "Лоцманы говорят о тумане, диспетчер — о поломке.",
        "Никакого приказа капитан не слышал.",
    ]
    texts = [reading(t, KNOWN, lang="ru") for t in rows]
    texts += [reading("", KNOWN, title=row[0], lang="ru") for row in HEADLINES]
    language = LANGUAGES["ru"]
    pages = lay_out(texts, parsers()["ru"], language.telling_words(KNOWN.frames), language)
    assert [name for name, detect in DETECTORS.items() if not any(list(detect(p)) for p in pages)] == []


SPEAKERS = [
    # a surname, a pronoun and a role stand for the full name
    ("Лоцман Олег Сомов ушёл.\n\n«Огни не горели», — сказал Сомов.", "Олег Сомов"),
    ("Лоцман Олег Сомов не спал. По его словам, огни не горели.", "Олег Сомов"),
    ("По словам Ивана Петрова, огни не горели.", "Иван Петров"),
    ("Крановщица Вера Мохова устала. Она заявила, что огни не горели.", "Вера Мохова"),
    ("Начальник порта Иван Лис молчал. Позже начальник порта сказал, что огни не горели.", "Иван Лис"),
    ("Пресс-секретарь порта сообщила, что огни не горели.", "порт"),
]


@pytest.mark.parametrize(("text", "speaker"), SPEAKERS)
def test_a_speaker_has_one_name_in_the_nominative(text: str, speaker: str) -> None:
    assert speaker in {c.speaker.name for c in claims_of(text) if "огни" in c.quote.casefold()}


COUNTS = [
    ("Погибли не менее 15 человек, сообщили в полиции.", 15, "at_least", "killed"),
    ("Хейл заявила, что ранены двадцать три рабочих.", 23, "exactly", "injured"),
    ("Более ста человек эвакуировали, сообщили в порту Норвика.", 100, "more_than", "evacuated"),
    ("Число погибших выросло до шести, заявила Хейл.", 6, "exactly", "killed"),
    ("По данным полиции, пропали до 30 человек.", 30, "at_most", "missing"),
    ("Около 12 тысяч тонн угля сгорело, заявила Хейл.", 12_000, "about", "тонна"),
    ("Хейл заявила, что жертв четверо.", 4, "exactly", "killed"),
    ("Хейл заявила, что первых двадцать погибших уже похоронили.", 20, "exactly", "some killed"),
]


@pytest.mark.parametrize(("text", "value", "bound", "unit"), COUNTS)
def test_counts_carry_the_units_that_english_ones_do(text: str, value: float, bound: str, unit: str) -> None:
    assert (value, bound, unit) in [(q.value, q.bound, q.unit) for c in claims_of(text) for q in c.quantities]


DATES = [
    # There was none.
    "Хейл заявила, что не скрывает ни одного погибшего.",
    "Хейл заявила, что порт закрыли 17 марта.",
    "Хейл заявила, что в 2014 году порт закрыли в шесть часов.",
]


@pytest.mark.parametrize("text", DATES)
def test_dates_hours_and_not_one_count_nothing(text: str) -> None:
    assert [c.quantities for c in claims_of(text)] == [()]


HEDGED = ["По словам Хейл, кран якобы упал.", "Хейл предположила, что кран упал."]


@pytest.mark.parametrize("text", HEDGED)
def test_what_is_only_held_possible_is_hedged(text: str) -> None:
    assert [c.hedged for c in claims_of(text)] == [True]


USES = [
    (
        "Полиция заявила, что Норвик стоит за поджогом.",
        "responsibility",
        True,
        {"agent": "norvik", "event": "поджог"},
    ),
    (
        "Норвик опроверг причастность к взрыву.",
        "responsibility",
        False,
        {"participant": "norvik", "event": "взрыв"},
    ),
    (
        "Хейл заявила, что Норвик не причастен к взрыву.",
        "responsibility",
        False,
        {"participant": "norvik", "event": "взрыв"},
    ),
    (
        "Причиной пожара стала утечка газа, заявила Хейл.",
        "cause",
        True,
        {"cause": "утечка газ", "event": "пожар"},
    ),
]


@pytest.mark.parametrize(("text", "frame", "affirmed", "roles"), USES)
def test_frames_are_found_through_the_grammar(
    text: str, frame: str, affirmed: bool, roles: dict[str, str]
) -> None:
    uses = [u for c in claims_of(text) for u in c.frames if u.frame == frame]
    assert [(u.affirmed, dict(u.roles)) for u in uses] == [(affirmed, roles)]


def test_quotations_leave_the_authors_words_out() -> None:
    text = "«Мы знали, — сказал он. — Все знали».\n— Да, — ответила она. — И молчали."
    assert [text[q.start : q.end] for q in spoken(text)] == ["Мы знали", "Все знали", "Да", "И молчали."]


@pytest.mark.parametrize(
    ("word", "case", "gender", "plain"),
    [
        ("Петрова", "Gen", "Masc", "Петров"),
        ("Ивановой", "Dat", "Fem", "Иванова"),
        ("МЧС", "Gen", "Neut", "МЧС"),
    ],
)
def test_names_come_in_the_nominative(word: str, case: str, gender: str, plain: str) -> None:
    assert nominative(word, case, "Sing", gender, person=True) == plain


def test_case_forms_of_one_name_are_told_from_other_names() -> None:
    assert same_name("Темирова", "Темиров")
    assert same_name("Руководство", "Руководство")
    assert not same_name("Петров", "Петренко")


@pytest.mark.parametrize(
    ("words", "value"),
    [("двадцать три", 23), ("2 тысяча", 2_000), ("сто", 100), ("12,5", 12.5), ("кран", None)],
)
def test_numbers_in_words(words: str, value: float | None) -> None:
    assert number(words.split()) == value


# ---------------------------------------------------------------- across languages


def _judged(*texts: tuple[str, str]) -> list[tuple[ContradictionKind, Relation]]:
    prior: tuple[PriorClaim, ...] = ()
    found: list[tuple[ContradictionKind, Relation]] = []
    for id, (lang, text) in enumerate(texts, 1):
        one = reading(
            text, KNOWN, id=id, lang=lang, title="Sund cable" if lang == "en" else "Зундский кабель"
        )
        claims = extract_claims([one], KNOWN, parsers())[0]  # type: ignore[arg-type]  # a stand-in
        threaded = assign_threads(claims, prior)
        found += [(c.kind, c.relation) for c in find_contradictions(threaded, prior, KNOWN)]  # type: ignore[arg-type]  # a stand-in
        prior += tuple(
            PriorClaim(id=100 * id + n, claim=t.claim, thread=t.thread, origin=f"o{id}", publisher=f"p{id}")
            for n, t in enumerate(threaded)
        )
    return found


def test_a_denial_in_russian_contradicts_an_accusation_in_english() -> None:
    found = _judged(
        ("en", "Dora Hale accused Oskavia of sabotage of the Sund cable."),
        ("ru", "Оскавия опровергла причастность к диверсии на Зундском кабеле."),
    )
    assert (ContradictionKind.DENIAL, Relation.CONTRADICTION) in found


def test_tolls_of_two_languages_that_cannot_both_hold_conflict() -> None:
    found = _judged(
        ("en", "Norvik said 23 workers were killed in the blast at the Sund cable."),
        ("ru", "Дора Хейл заявила, что при взрыве на Зундском кабеле погибли девять рабочих."),
    )
    assert [kind for kind, _ in found] == [ContradictionKind.NUMERIC]


def test_the_same_in_both_languages_is_no_conflict() -> None:
    found = _judged(
        ("en", "Norvik said at least 9 workers were killed in the blast at the Sund cable."),
        ("ru", "Дора Хейл заявила, что при взрыве на Зундском кабеле погибли девять рабочих."),
    )
    assert found == []


def test_a_name_beside_a_noun_that_is_all_signs_breaks_nothing() -> None:
    said = "Никаких обломков «Ладоги»👍🏽, о которых твердит Марн, не предъявлено, следует из сообщения."
    assert all(claim.quote in said for claim in claims_of(said))


def test_a_language_without_a_parser_has_no_claims() -> None:
    ukrainian = reading("Хейл заявила, що вогні не горіли.", KNOWN, lang="uk")
    unsaid = reading("Хейл заявила, що вогні не горіли, її порт.", KNOWN, lang="")
    guessed = reading("Министр Хейл заявила, что огни не горели.", KNOWN, title="Новости", lang="")
    found = extract_claims([ukrainian, unsaid, guessed], KNOWN, parsers())  # type: ignore[arg-type]  # a stand-in
    assert [bool(claims) for claims in found] == [False, False, True]
