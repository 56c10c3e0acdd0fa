"""Patterns of what may say a day without naming it: days of a month, counted days, times of day, parts of a year."""

from __future__ import annotations

import regex

_SPAN_OF_DAYS = r"\S{1,12}\s(?:дн\p{L}{1,2}|день|тижд\p{L}{1,3}|недел\p{L}{1,2})"


def _pattern(alternatives: str) -> regex.Pattern[str]:
    """A pattern of whole words, written with spaces and line breaks that do not count."""
    return regex.compile(rf"(?ix)(?<![\p{{L}}\p{{N}}])(?:{alternatives})(?![\p{{L}}\p{{N}}])")


POSSIBLE: tuple[tuple[str, regex.Pattern[str]], ...] = (
    (
        "may be a day of the month",
        _pattern(r"""
          (?:on|by|since|until|till|before|after|from|of)\sthe\s(?:night\sof\sthe\s)?\d{1,2}(?:st|nd|rd|th)
            (?!\s(?:floor|street|avenue|anniversary|time|attempt|wave|week|month|year|century
              |(?:\p{L}{3,20}\s){0,3}(?:brigade|battalion|regiment|division|corps|army|company|guards|place)))
          |\d{1,2}(?:-?(?:го|е|те|ого))?\sчисл[аоіу]
          |on\sthe\s(?:twenty-|thirty-)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth
            |\p{L}{3,6}teenth|twelfth|eleventh|twentieth|thirtieth)(?=[.,;:]|\s(?:and|at|in|of|when|by)\s|$)
        """),
    ),
    (
        "counts days or weeks",
        _pattern(r"""
          day\s(?:no\.?\s)?\d{1,4}|\d{1,4}(?:st|nd|rd|th)\sday|(?:calendar\s)?week\s(?:no\.?\s)?\d{1,2}|KW\s?\d{1,2}
          |\d{1,4}(?:-?(?:й|ий|ый|го|у|ту|та|а|ті))?\s(?:день|дня|доб[аиу]|сутки)
            \s(?:(?:повно|полно)масштабн\p{L}{2,3}\s)?(?:війн|войн|вторгн|вторж)\p{L}{0,5}
        """),
    ),
    (
        "counts from another day",
        _pattern(rf"""
          (?:\d{{1,3}}|a|the|one|two|three|four|five|six|seven|ten|several|few)\s(?:days?|weeks?|nights?)
            \s(?:after|before|since|prior\sto)
          |on\sthe\seve\sof|за\s{_SPAN_OF_DAYS}\s(?:до|перед)|через\s{_SPAN_OF_DAYS}\s(?:після|после)
          |напередодні|накануне
        """),
    ),
    (
        "is a time of day",
        _pattern(r"""
          noon|midday|midnight|опівдні|опівночі|полдень|полночь|полудн[яю]|полуночи|полночи
          |(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?|(?:0?[1-9]|1[0-2])(?:[.:][0-5]\d)?\s?[ap]\.?\s?m|\d{1,2}\so['’]clock
          |(?:[01]\d|2[0-3])[0-5]\d\s?(?:hrs|hours|local|GMT|UTC)|\d{1,2}(?:[.:]\d\d)?\sUhr
          |(?:at|around|about|by|о|об|в|около|близько|à|vers|um|gegen)\s(?:[01]?\d|2[0-3])[.h][0-5]\d
          |(?:о|об|в|около|близько)\s\d{1,2}(?:-?(?:й|ій|ї))?\s(?:годин\p{L}{1,2}|час(?:а|ов|ам)?)
        """),
    ),
)
"""Reasons with the patterns of what they are given for."""

RELATIVE = _pattern(rf"""
  yesterday|today|tonight|tomorrow
  |(?:the\s)?(?:next|following|previous|same|other|day\sbefore)\s(?:day|morning|evening|night|afternoon|yesterday)
  |(?:\p{{L}}{{2,9}}|\d{{1,3}}|a)\s(?:days?|weeks?)\s(?:later|earlier)|the\sday\s(?:before|after)
  |вчора|сьогодні|завтра|вчера|сегодня|наступного\sдня|того\sж\sдня|на\sследующий\sдень|в\sтот\sже\sдень
  |через\s{_SPAN_OF_DAYS}
""")
"""Words that say a day only together with another one."""

PARTS_OF_YEAR = _pattern(r"""
  (?:(?:in|during|since|early|late|that|this|last|of)\s(?:the\s)?)?(?:spring|summer|autumn|fall|winter)\s(?:of\s)?(?:19|20)\d\d
  |(?:in|during|since|early|late|that|this|last|of)\s(?:the\s)?(?:spring|summer|autumn|fall|winter)
  |Q[1-4](?:\s(?:19|20)\d\d)?|(?:first|second|third|fourth)\squarter|навесні|влітку|восени|взимку|весной|летом|осенью|зимой
""")
