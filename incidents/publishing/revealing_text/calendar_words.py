"""Words for months, weekdays, days of a month and holidays, in the languages that Django has and in their forms."""

from __future__ import annotations

import gettext
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import django
import regex

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_ABBREVIATIONS = """
jan feb mar apr may jun jul aug sep oct nov dec
- - - - - - - - sept - - -
янв фев мар апр май июн июл авг сен окт ноя дек
- - - - - - - - сент - нояб -
січ лют бер кві тра чер лип сер вер жов лис гру
- - берез квіт трав черв - серп верес жовт листоп груд
jän - mrz - - - - - - okt - dez
janv févr - avr - - juil - - - - déc
ene - - abr - - - ago - - - dic
fev - - abr mai - - ago set out nov dez
gen - - - mag giu lug ago set ott - -
sty lut mar kwi maj cze lip sie wrz paź lis gru
oca şub - nis - haz tem ağu eyl eki kas ara
"""
"""Short forms that are read next to the day only, in the order of the months."""

_STEMS = (
    "январ|січ(?:ен|н)",
    "феврал|лют(?:ий|ого|ому|им)$",
    "март(?:а|у|е|ом|ів\\w*|ов\\w*)?$|берез(?:ен|н)",
    "апрел|квіт(?:ен|н)",
    "ма[йяею]$|маем$|майск|трав(?:ен|н)",
    "июн|черв(?:ен|н)",
    "июл|лип(?:ен|н)",
    "август|серп(?:ен|н)",
    "сентябр|верес(?:ен|н)",
    "октябр|жовт(?:ен|н)",
    "ноябр|листопад",
    "декабр|груд(?:ен|н)",
)
_INFLECTED = [regex.compile(stem) for stem in _STEMS]

_POLISH = (
    "styczni lut(?:y|ego|ym)$ marc kwie[tc] maj[ua]?$ czerwc lipc sierpni wrze[śs]ni pa[źz]dzierni listopad grud[nz]i"
)
_POLISH_INFLECTED = [regex.compile(stem) for stem in _POLISH.split()]

_ARABIC = """
يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
جانفي فيفري - أفريل ماي جوان جويلية أوت - - - -
- شباط آذار نيسان أيار حزيران تموز آب أيلول - - -
يناير فبراير مارس ابريل مايو يونيه يوليه اغسطس سبتمبر اكتوبر نوفمبر ديسمبر
- شباط اذار نيسان ايار حزيران تموز اب ايلول - - -
"""
"""Names of months from Morocco to Iraq, in the order of the months; those of two words are patterns."""

_OTHER_CALENDARS = """
muharram safar rajab shaban sha'ban ramadan ramadhan ramazan shawwal dhulhijja dhulhijjah zulhijjah
محرم المحرم صفر رجب شعبان رمضان شوال
farvardin ordibehesht khordad tir mordad amordad shahrivar mehr aban azar dey bahman esfand
فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند
nisan iyar sivan tammuz av elul tishrei tishri cheshvan kislev tevet shvat shevat adar
ניסן אייר סיוון תמוז אב אלול תשרי חשוון כסלו טבת שבט אדר
meskerem tikimt hidar tahsas tahesas yekatit megabit miazia miyazya ginbot sene hamle nehase pagume
"""
OTHER_MONTHS = frozenset(_OTHER_CALENDARS.split())
"""Months of other calendars, which are read next to a day only."""

NO_MONTHS = frozenset(["here", "mac", "bar", "medi", "tuber", "mort"])
"""Names of months in small languages that are common words in large ones."""

_AMBIGUOUS = (
    "may march mars mart maret marts mai maj maja mae mee mei meja mayo mayu juli june april august gener luty липа"
)
NO_MONTH_ALONE = frozenset(_AMBIGUOUS.split())
"""Names of months that have to begin with a capital or follow a word like “in”, since they mean other things too."""

NO_WEEKDAYS = frozenset(["monde", "bazar", "marte"])
"""The same of days of the week."""

_WEEKDAY_STEMS = regex.compile(
    r"понеділ[ок]|вівтор[ок]|середу$|четвер(?:г\p{L}{0,3}|)$|п['’ʼ]?ятниц|субот|неділ[яіюе]|понедельн|вторник|сред[уы]$|пятниц"
    r"|суббот|воскресен"
)

ORDINALS = regex.compile(
    r"(?:twenty|thirty)?-?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|thirtieth)"
    r"|(?:перш|друг|трет|четверт|п['’ʼ]?ят|шост|сьом|восьм|дев['’ʼ]?ят|десят"
    r"|(?:оди|два|три|чотир|п['’ʼ]?ят|шіст|сім|вісім|дев['’ʼ]?ят)надцят|двадцят|тридцят)(?:е|є|ого|ього|ому|им|ім)"
    r"|(?:перв|втор|трет|четверт|пят|шест|седьм|восьм|девят|десят"
    r"|(?:один|две|три|четыр|пят|шест|сем|восем|девят)надцат|двадцат|тридцат)(?:ое|ого|ьего|ье|ому|ым)"
    r"|premier|primero|primo"
    r"|(?:un|une|deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente)"
    r"|(?:uno?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|dieci\p{L}{3,6}"
    r"|veinte|veinti\p{L}{2,6}|treinta)"
    r"|(?:الأول|الاول|الثاني|الثالث|الرابع|الخامس|السادس|السابع|الثامن|التاسع|العاشر|الحادي|عشر|العشرين|الثلاثين|والعشرين|والثلاثين)"
    r"|(?:ers|zwei|drit|vier|fünf|sechs|sieb|ach|neun|zehn|elf|zwölf|zwanzigs|dreißigs)ten?"
)

HOLIDAYS = regex.compile(
    r"""(?ix)(?<!\p{L})(?:
      (?:independence|victory|constitution|labou?r|may|liberation|republic|army|unity|women's|mother's|father's|flag
        |valentine's|thanksgiving|new\syear(?:['’]?s)?|all\ssaints|st\.?\snicholas|defenders?['’]?|armistice|boxing)
        \s(?:day|eve)
      |new\syear(?:['’]?s)?|christmas(?:\seve)?|easter|good\sfriday|pentecost|epiphany|ramadan|eid(?:\sal-\p{L}{4,5})?
      |ashura|arba['’]?een|mawlid|nowruz|nawruz|hanukkah|passover|yom\skippur|rosh\shashanah|diwali|holi|black\sfriday
      |(?:дн[яюі]|день|днем|днём)\s(?:незалежност|независимост|перемог|побед|конституц|захисник|защитник|прапор|флаг
        |соборност|єдност|единств|росси|праці|труда|міста|города)\p{L}{0,4}
      |нов(?:ий|ого|ый|ому)\s(?:рік|року|год|года|году)|різдв\p{L}{1,2}|рождеств\p{L}{1,2}|велик(?:день|одн\p{L})
      |пасх\p{L}|трійц\p{L}|троиц\p{L}|покров[аиуы]|крещени\p{L}|водохрещ\p{L}
      |weihnacht\p{L}{0,3}|ostern|noël|navidad|wielkanoc\p{L}{0,2}|(?:unabhängigkeits|national)(?:tag|feiertag)
      |fête\s(?:nationale|du\s\p{L}+|de\s(?:la\s)?\p{L}+)|fiestas?\s(?:nacional|patrias?)(?:es)?
      |día\sde\s(?:la\s|los\s|las\s|el\s|todos\s(?:los\s)?)?(?:independencia|constitución|muertos|santos|reyes|madre|bandera
        |trabajo|trabajador|patria|ejército|revolución|raza|virgen|navidad)|(?:яблучн|яблочн|медов)\p{L}{2}\sспас\p{L}{0,2}|на\sспаса
      |(?:full|new|half)\smoon|(?:solar|lunar)?\s?eclipse|(?:election|polling|referendum)\sday|день\s(?:выбор|вибор)\p{L}{2}
      |birthday|anniversary|річниц\p{L}|годовщин\p{L}|cumpleaños|anniversaire
      |عاشوراء|عيد(?:\s\p{L}+)?|المولد|النوروز|نوروز|(?:bastille|anzac|\p{L}+['’]s)\sday
    )(?!\p{L})"""
)


@lru_cache(maxsize=1)
def month_names() -> dict[str, frozenset[int]]:
    """Numbers of months by their names in all languages of Django, in small letters."""
    found: dict[str, set[int]] = {}
    for number, name in _translated(MONTHS, context="alt. month"):
        if len(name) > 2 and name not in NO_MONTHS and not name.isdecimal():
            found.setdefault(name, set()).add(number)
    for row in _ARABIC.strip().splitlines():
        for number, name in enumerate(row.split(), start=1):
            if name != "-":
                found.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


@lru_cache(maxsize=1)
def short_months() -> dict[str, int]:
    """Numbers of months by their abbreviations."""
    rows = [row.split() for row in _ABBREVIATIONS.strip().splitlines()]
    return {name: number for row in rows for number, name in enumerate(row, start=1) if name != "-"}


@lru_cache(maxsize=1)
def weekday_names() -> frozenset[str]:
    """Names of the days of the week in all languages of Django, in small letters."""
    names = {name for _, name in _translated(WEEKDAYS) if len(name) > (4 if name.isascii() else 2)}
    return frozenset({*names, *("ال" + name for name in names if "ا" <= name[0] <= "ي")} - NO_WEEKDAYS)


@lru_cache(maxsize=8_192)
def months_of(word: str) -> frozenset[int]:
    """Numbers of the months that a word in small letters can mean."""
    known = month_names().get(word, frozenset())
    if not known and len(word) > 2:
        stems = _INFLECTED if "а" <= word[:1] <= "я" else _POLISH_INFLECTED
        known = frozenset(number for number, stem in enumerate(stems, start=1) if stem.match(word))
    return known


@lru_cache(maxsize=8_192)
def is_weekday(word: str) -> bool:
    """Whether a word in small letters is a day of the week."""
    return word in weekday_names() or bool("а" <= word[:1] <= "я" and _WEEKDAY_STEMS.match(word))


def _translated(names: Iterable[str], context: str = "") -> Iterator[tuple[int, str]]:
    """Names in all languages with their numbers; of a name of several words the last, also without accents."""
    wanted = list(enumerate(names, start=1))
    folder = Path(django.__file__).parent / "conf" / "locale"
    for path in sorted(folder.glob("*/LC_MESSAGES/django.mo")):
        with path.open("rb") as file:
            language = gettext.GNUTranslations(file)
        for number, name in wanted:
            for text in {name, language.gettext(name), *([language.pgettext(context, name)] if context else [])}:
                last = text.lower().split()[-1]
                plain = "".join(letter for letter in unicodedata.normalize("NFKD", last) if letter.isalpha())
                yield number, last
                if plain.isascii() and len(plain) > 3:
                    yield number, plain
