"""Written forms of names × found or not, each with its reason: what "the same name" means here.

The rules are read from YAML as an analyst writes them; docs/rules.md says the same in words.
"""

from __future__ import annotations

from functools import cache

import pytest
from rule_texts import article, load

from monitor.core.matching import match
from monitor.core.rules.ruleset import RuleSet

NAMES = """\
version: 1
entities:
  bortnikov:
    type: person
    name: Alexander Bortnikov
    aliases:
      - Bortnikov
      - Bortnikow
      - {text: Бортников, lang: ru, inflect: true}
      - {text: Бортніков, lang: uk, forms: [Бортнікова, Бортнікову, Бортніковим, Бортнікові]}
  kyiv:
    type: place
    name: Kyiv
    aliases:
      - Kyiv
      - Kiev
      - {text: Київ, lang: uk, forms: [Києва, Києву, Києвом, Києві]}
      - {text: Киев, lang: ru, inflect: true}
  lukashenko:
    type: person
    name: Alexander Lukashenko
    aliases:
      - Lukashenko
      - Lukashenka
      - {text: Лукашенко, lang: uk, forms: [Лукашенка, Лукашенку, Лукашенком]}
      - {text: Лукашенка, lang: be, forms: [Лукашэнка, Лукашэнкі, Лукашенки]}
  turkey:
    type: place
    name: Türkiye
    aliases: [Türkiye, Turkiye, {text: Turkey, case: exact}]
  crocus:
    type: place
    name: Crocus City Hall
    aliases:
      - Crocus City Hall
      - {text: Crocus, case: exact}
      - {text: Крокус Сити Холл, lang: ru, inflect: true}
      - {text: Крокус Сіті Хол*, lang: uk}
  oman: {type: place, name: Oman, aliases: [Oman]}
  iran: {type: place, name: Iran, aliases: [Iran, {text: Иран, lang: ru, inflect: true}, إيران, ایران]}
  jerusalem: {type: place, name: Jerusalem, aliases: [Jerusalem, ירושלים, القدس]}
  peskov: {type: person, name: Dmitry Peskov, aliases: [{text: Песков, lang: ru, inflect: true, case: exact}]}
  us: {type: place, name: United States, aliases: [{text: US, case: exact}, {text: U.S, case: exact}]}
  zakharova: {type: person, name: Maria Zakharova, aliases: [{text: Мария Захарова, lang: ru, inflect: true}]}
  party: {type: org, name: People's Party, aliases: ["People's Party"]}
  obrien: {type: person, name: Mary O'Brien, aliases: ["O'Brien"]}
  le_pen: {type: person, name: Marine Le Pen, aliases: [Le Pen]}
  ben_gvir: {type: person, name: Itamar Ben-Gvir, aliases: [Ben-Gvir, Ben Gvir]}
  leutheusser: {type: person, name: S. Leutheusser-Schnarrenberger, aliases: [Leutheusser-Schnarrenberger]}
  walesa: {type: person, name: Lech Wałęsa, aliases: [Wałęsa, Walesa]}
  lodz: {type: place, name: Łódź, aliases: [Łódź]}
  strauss: {type: person, name: F. J. Strauß, aliases: [Strauß]}
  mueller: {type: person, name: H. Müller, aliases: [Müller, Mueller]}
  izmir: {type: place, name: İzmir, aliases: [İzmir]}
  diyarbakir: {type: place, name: Diyarbakır, aliases: [Diyarbakır]}
  mitsotakis: {type: person, name: Kyriakos Mitsotakis, aliases: [Μητσοτάκης]}
  tsipras: {type: person, name: Alexis Tsipras, aliases: [Τσίπρας]}
  hanoi: {type: place, name: Hanoi, aliases: [Hà Nội]}
  seoul: {type: place, name: Seoul, aliases: [서울]}
  kim: {type: person, name: Kim Jong Un, aliases: [김정은, 金正恩, Kim Jong Un, Kim Jong-un]}
  tokyo: {type: place, name: Tokyo, aliases: [東京]}
  bangkok: {type: place, name: Bangkok, aliases: [กรุงเทพ]}
  delhi: {type: place, name: Delhi, aliases: [दिल्ली]}
  tbilisi: {type: place, name: Tbilisi, aliases: [თბილისი]}
  yerevan: {type: place, name: Yerevan, aliases: [Երևան]}
  rhine: {type: place, name: Rhine, aliases: [Rhein]}
  g7: {type: org, name: G7, aliases: [G7]}
  f16: {type: other, name: F-16, aliases: [F-16]}
  who: {type: org, name: World Health Organization, aliases: [{text: WHO, case: exact}]}
"""


@cache
def names() -> RuleSet:
    return load(NAMES)


#: (text, entity, is it named there, why)
WRITTEN_FORMS: list[tuple[str, str, bool, str]] = [
    # Latin: capitals, possessives, neighbours
    ("Bortnikov said", "bortnikov", True, "as written"),
    ("BORTNIKOV SAYS NO", "bortnikov", True, "a headline in capitals"),
    ("bortnikov, he said", "bortnikov", True, "small letters, a comma behind"),
    ("FSB-Chef Bortnikow", "bortnikov", True, "another spelling that is listed"),
    ("Bortnikov's deputy", "bortnikov", True, "'s is no part of the word"),
    ("Bortnikov’s deputy", "bortnikov", True, "the curly apostrophe is the plain one"),
    ("the Bortnikovs' house", "bortnikov", False, "a plural is another word; list it, or write Bortnikov*"),
    ("A. Bortnikov said", "bortnikov", True, "an initial stands before the name"),
    ("A.Bortnikov said", "bortnikov", True, "also without a space"),
    ("A.V.\u00a0Bortnikov", "bortnikov", True, "also with a no-break space"),
    ("(Bortnikov)", "bortnikov", True, "brackets are no letters"),
    ("“Bortnikov”", "bortnikov", True, "nor are quotation marks"),
    ("Patrushev—Bortnikov talks", "bortnikov", True, "nor is a dash"),
    ("Patrushev/Bortnikov", "bortnikov", True, "nor is a slash"),
    ("#Bortnikov @Bortnikov", "bortnikov", True, "nor are # and @"),
    ("fsb_bortnikov", "bortnikov", True, "nor is an underscore, as in tags and addresses"),
    ("ex-Bortnikov aide", "bortnikov", True, "a part of a hyphenated word is a word"),
    ("Bort\u00adni\u00adkov", "bortnikov", True, "soft hyphens are not there"),
    ("Bort\u200bnikov", "bortnikov", True, "nor are zero-width spaces"),
    ("\u202aBortnikov\u202c", "bortnikov", True, "nor are direction marks"),
    ("Bоrtnikov", "bortnikov", False, "the о is Cyrillic: explain tells, lint warns of such words in rules"),
    ("Bortnikov2024", "bortnikov", False, "a digit goes on with the word"),
    # Russian and Ukrainian case forms
    ("Бортников заявил", "bortnikov", True, "nominative"),
    ("БОРТНИКОВ ЗАЯВИЛ", "bortnikov", True, "in capitals"),
    ("слова Бортникова", "bortnikov", True, "genitive, made at load"),
    ("передали Бортникову", "bortnikov", True, "dative"),
    ("встреча с Бортниковым", "bortnikov", True, "instrumental"),
    ("рассказал о Бортникове", "bortnikov", True, "prepositional"),
    ("семья Бортниковых", "bortnikov", False, "plural: another word"),
    ("заява Бортнікова", "bortnikov", True, "Ukrainian, listed under forms"),
    ("зустріч із Бортніковим", "bortnikov", True, "Ukrainian instrumental, listed"),
    ("ФСБ/Бортников", "bortnikov", True, "a slash beside Cyrillic"),
    ("А.Бортников", "bortnikov", True, "a Cyrillic initial without a space"),
    ("брифинг Марии Захаровой", "zakharova", True, "both words in the same case"),
    ("брифинг Марии Захаров", "zakharova", False, "two cases at once, which nobody writes"),
    ("МАРИЯ ЗАХАРОВА", "zakharova", True, "in capitals"),
    ("Мария\nЗахарова", "zakharova", True, "broken over two lines"),
    ("Мария Владимировна Захарова", "zakharova", False, "a word between; list the long form, or use near"),
    ("Захарова Мария", "zakharova", False, "the other order is another phrase"),
    ("Песков ответил", "peskov", True, "exact case, as written"),
    ("вопрос к Пескову", "peskov", True, "forms keep the capital"),
    ("среди зыбучих песков", "peskov", False, "without its capital it is sand"),
    ("ПЕСКОВ ОТВЕТИЛ", "peskov", False, "exact case means these capitals and no others"),
    # Kyiv, Lukashenko, Türkiye
    ("in Kyiv", "kyiv", True, "as written"),
    ("in KYIV", "kyiv", True, "in capitals"),
    ("in kyiv", "kyiv", True, "in small letters"),
    ("in Kiev", "kyiv", True, "the older spelling is listed"),
    ("chicken Kievs", "kyiv", False, "another word"),
    ("Київ, 22 березня", "kyiv", True, "Ukrainian"),
    ("мер Києва", "kyiv", True, "Ukrainian genitive, listed"),
    ("власти Киева", "kyiv", True, "Russian genitive, made at load"),
    ("в Киеве", "kyiv", True, "Russian prepositional"),
    ("Киі\u0308в", "kyiv", True, "ї in two characters"),
    ("Киив", "kyiv", False, "и and ї are two letters"),
    ("Ки\u0301їв", "kyiv", True, "a stress mark is not there"),
    ("Киевский вокзал", "kyiv", False, "the adjective is another word"),
    ("Kyiv-based", "kyiv", True, "a part of a hyphenated word"),
    ("Lukashenka and Lukashenko", "lukashenko", True, "both spellings are listed"),
    ("Лукашенко назвал", "lukashenko", True, "Russian does not change the name"),
    ("слова Лукашенки", "lukashenko", True, "a form that is listed"),
    ("з Лукашенком", "lukashenko", True, "Ukrainian instrumental, listed"),
    ("Türkiye'de", "turkey", True, "a suffix behind an apostrophe"),
    ("Türkiye’nin", "turkey", True, "also behind a curly one"),
    ("TÜRKİYE", "turkey", True, "İ is i"),
    ("Tu\u0308rkiye", "turkey", True, "ü in two characters"),
    ("Turkiye", "turkey", True, "without dots, because it is listed: ü is not u by itself"),
    ("Turkey said", "turkey", True, "exact case, with its capital"),
    ("roast turkey", "turkey", False, "without its capital it is a bird"),
    # Crocus City Hall
    ("the Crocus City Hall attack", "crocus", True, "as written"),
    ("CROCUS CITY HALL ATTACK", "crocus", True, "the long name in capitals"),
    ("the Crocus City\u00a0Hall", "crocus", True, "a no-break space is a space"),
    ("the Crocus\nCity  Hall", "crocus", True, "so are line breaks and runs of spaces"),
    ("the Cro\u00adcus hall", "crocus", True, "a soft hyphen is not there"),
    ("Crocus-City-Hall", "crocus", True, "the short name stands in it; the long one is not written so"),
    ("at Crocus, witnesses said", "crocus", True, "the short name with its capital"),
    ("plant a crocus bulb", "crocus", False, "the short name needs its capital"),
    ("Crocuses bloom", "crocus", False, "a longer word"),
    ("CROCUS", "crocus", False, "exact case means these capitals and no others"),
    ("в «Крокус Сити Холле»", "crocus", True, "only the last word changes"),
    ("у «Крокус Сити Холла»", "crocus", True, "the genitive of it"),
    ("Крокусе Сити Холле", "crocus", True, "all words change"),
    ("у «Крокус Сіті Холі»", "crocus", True, "the star takes any ending"),
    ("в «Крокус-Сити Холле»", "crocus", False, "a hyphen is no space; list the form"),
    ("Crocus, City Hall", "crocus", True, "the short name; the phrase does not cross a comma"),
    # inside other words
    ("a woman said", "oman", False, "inside a word"),
    ("the woman’s port", "oman", False, "inside a word with an apostrophe"),
    ("Romania", "oman", False, "inside a word"),
    ("Oman's port", "oman", True, "the country"),
    ("(Oman)", "oman", True, "the country"),
    ("«тирания»", "iran", False, "inside a Cyrillic word"),
    ("Иране", "iran", True, "a Russian case form"),
    ("told us that", "us", False, "exact case"),
    ("the US said", "us", True, "exact case"),
    ("the U.S. said", "us", True, "the last full stop is no part of it"),
    ("USA", "us", False, "a longer word"),
    ("who said it", "who", False, "exact case"),
    ("the WHO said", "who", True, "exact case"),
    # double names, apostrophes, signs
    ("the People’s Party", "party", True, "an apostrophe inside"),
    ("the Peoples’ Party", "party", False, "the apostrophe stands elsewhere"),
    ("Mary O’Brien", "obrien", True, "curly"),
    ("Mary O`Brien", "obrien", True, "typed as a backtick"),
    ("Mary O′Brien", "obrien", True, "typed as a prime"),
    ("Mary OBrien", "obrien", False, "left out: another word"),
    ("Marine Le Pen", "le_pen", True, "two words"),
    ("MARINE LE PEN", "le_pen", True, "in capitals"),
    ("le pendule", "le_pen", False, "inside another word"),
    ("Ben-Gvir", "ben_gvir", True, "a hyphen"),
    ("Ben‑Gvir", "ben_gvir", True, "a no-break hyphen is a hyphen"),
    ("Ben Gvir", "ben_gvir", True, "a space, because it is listed"),
    ("Ben–Gvir", "ben_gvir", False, "a dash joins two names, it is no hyphen"),
    ("Leutheusser-Schnarrenberger", "leutheusser", True, "a double-barrelled name"),
    ("G7-Gipfel", "g7", True, "a part of a hyphenated word"),
    ("the G77", "g7", False, "a digit more"),
    ("two F‑16s", "f16", False, "a plural; list F-16s"),
    ("an F‑16", "f16", True, "a no-break hyphen"),
    # other Latin alphabets
    ("Lech Wałęsa", "walesa", True, "ł and ę"),
    ("WAŁĘSA", "walesa", True, "in capitals"),
    ("Wałe\u0328sa", "walesa", True, "ę in two characters"),
    ("Lodz", "lodz", False, "ł is not l, ź not z: list the spelling without marks"),
    ("ŁÓDŹ", "lodz", True, "in capitals"),
    ("FRANZ JOSEF STRAUSS", "strauss", True, "ß in capitals is SS"),
    ("STRAUẞ", "strauss", True, "or ẞ"),
    ("Müllers Rede", "mueller", False, "a German genitive; list it"),
    ("Mueller", "mueller", True, "because it is listed: ü is not ue by itself"),
    ("İzmir’de", "izmir", True, "İ is i"),
    ("IZMIR", "izmir", True, "and so is I"),
    ("izmir", "izmir", True, "and i"),
    ("DİYARBAKIR", "diyarbakir", True, "Turkish capitals: I is ı"),
    ("Diyarbakir", "diyarbakir", True, "ı written as i, as abroad"),
    ("ở Hà Nội", "hanoi", True, "Vietnamese"),
    ("HA\u0300 NO\u0323\u0302I", "hanoi", True, "its marks as characters of their own"),
    ("Ha Noi", "hanoi", False, "without marks it is another spelling; list it"),
    ("Rheinland", "rhine", False, "German compounds are longer words; write Rhein*"),
    # Greek
    ("ο Μητσοτάκης είπε", "mitsotakis", True, "as written"),
    ("ΜΗΤΣΟΤΑΚΗΣ", "mitsotakis", True, "capitals drop the accent, and sigma is not final"),
    ("του Μητσοτάκη", "mitsotakis", False, "the genitive; list it"),
    ("Ο ΤΣΙΠΡΑΣ", "tsipras", True, "capitals drop the accent"),
    # Arabic, Persian, Hebrew
    ("قالت إيران اليوم", "iran", True, "Arabic"),
    ("العراق وإيران", "iran", True, "'and' is written on to it"),
    ("في وبإيران", "iran", True, "'and in' too"),
    ("إيـــران", "iran", True, "stretched for looks"),
    ("إِيرَان", "iran", True, "with its vowels"),
    ("الإيراني", "iran", False, "the adjective is another word"),
    ("رئیس‌جمهور ایران", "iran", True, "Persian letters, because they are listed"),
    ("בירושלים", "jerusalem", True, "'in' is written on to it"),
    ("ובירושלים", "jerusalem", True, "'and in' too"),
    ("ירושלמי", "jerusalem", False, "another word"),
    ("والقدس", "jerusalem", True, "'and'"),
    # scripts without spaces, and others
    ("昨日東京駅で", "tokyo", True, "inside a run"),
    ("東 京", "tokyo", False, "a space between"),
    ("朝鮮金正恩總書記", "kim", True, "inside a run"),
    ("ในกรุงเทพมีฝน", "bangkok", True, "inside a run"),
    ("서울에서 만났다", "seoul", True, "a particle behind it"),
    ("서울은", "seoul", True, "a particle"),
    ("서울에서는", "seoul", True, "two particles"),
    ("김정은의 연설", "kim", True, "a particle that could be a part of the name"),
    ("서울대", "seoul", False, "another word: Seoul University"),
    ("\u1109\u1165\u110b\u116e\u11af", "seoul", True, "letters as characters of their own"),
    ("Kim Jong‑un", "kim", True, "a no-break hyphen"),
    ("दिल्ली में", "delhi", True, "Devanagari"),
    ("दिल्लीवाला", "delhi", False, "a longer word"),
    ("თბილისში", "tbilisi", False, "a Georgian case form; list it"),
    ("Երևան, Երեւան", "yerevan", True, "և is ե and ւ"),
]

#: What a reader would call the same name, and we do not find: (text, entity, why not yet).
GAPS: list[tuple[str, str, str]] = [
    ("Bort-\nnikov", "bortnikov", "a word broken by a printed hyphen: it could be a hyphenated name as well"),
    ("Leutheusser-\nSchnarrenberger", "leutheusser", "nor can a hyphen of the name be told from one"),
    ("للقدس", "jerusalem", "Arabic لـ before the article drops a letter: no longer the same letters"),
]


@pytest.mark.parametrize(("text", "entity", "named", "why"), WRITTEN_FORMS)
def test_written_form(text: str, entity: str, named: bool, why: str) -> None:
    (reading,) = match([article(text)], names())
    assert (entity in {mention.entity for mention in reading.mentions}) is named, why


def test_there_are_over_a_hundred_forms_each_once() -> None:
    asked = [(text, entity) for text, entity, *_ in WRITTEN_FORMS]
    assert len(set(asked)) == len(asked) > 100
    assert {entity for _, entity in asked} == set(names().entities)


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        pytest.param(text, entity, marks=pytest.mark.xfail(strict=True, reason=why))
        for text, entity, why in GAPS
    ],
)
def test_known_gap(text: str, entity: str) -> None:
    (reading,) = match([article(text)], names())
    assert entity in {mention.entity for mention in reading.mentions}
