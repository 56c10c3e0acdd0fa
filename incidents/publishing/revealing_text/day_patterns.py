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
          |(?:\d{1,2}(?:-?(?:го|е|те|ого))?|\p{L}{3,14}(?:ого|ього|ьего|ое|е|ому|ому))\sчисл[аоіу]
          |the\s\d{1,2}(?:st|nd|rd|th)(?=[.,;:)]|$)|\d{1,2}(?:st|nd|rd|th)\sinst\.?
          |(?:\d{1,2}(?:st|nd|rd|th)|first|second|third|\p{L}{3,8}th|last\sday|first\sday|end|beginning|middle)\sof\s(?:the|that|this)\smonth
          |(?:le|el|du|il)\s(?:día\s)?\d{1,2}\s(?:du|del|de\s(?:ese|este))\s(?:même\s)?mois|(?:el\s)?día\s\d{1,2}(?:\sdel?\s(?:este\s|ese\s)?mes)?
          |am\s\d{1,2}\.(?=[\s,;)]|$)|(?:ночь|ніч)\s(?:на|з)\s\p{L}{3,14}(?:ое|е|ого|ього)|يوم\s\d{1,2}
          |on\sthe\s(?:twenty-|thirty-)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth
            |\p{L}{3,6}teenth|twelfth|eleventh|twentieth|thirtieth)(?=[.,;:]|\s(?:and|at|in|of|when|by)\s|$)
        """),
    ),
    (
        "may be a day of the week",
        _pattern(r"""
          (?:on|last|next|this|since|until|by)\s(?-i:Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)\.?|(?-i:Mon|Tues?|Wed|Thu(?:rs?)?|Fri)\.?(?=[\s,]\s?\d|[,.;]|$)
          |(?:в|у|с|з|до|на)\s(?:пн|вт|ср|чт|пт|сб|вс|нд)\.?|(?:lun|mar|mer|jeu|ven|sam|dim|mié|jue|vie|sáb|dom)\.(?=\s\d)
        """),
    ),
    (
        "counts days or weeks",
        _pattern(r"""
          day\s(?:no\.?\s)?\d{1,4}|D\s?\+\s?\d{1,4}|(?:day|giorno|jour|día)\s\d{1,4}\s(?:of|de|du|di)|\d{1,4}(?:st|nd|rd|th)\sday|(?:calendar\s)?week\s(?:no\.?\s)?\d{1,2}|KW\s?\d{1,2}
          |\d{1,4}(?:-?(?:й|ий|ый|го|у|ту|та|а|ті|ая|я|ю|ша))?\s(?:день|дня|доб[аиу]|сутки|ночь|ніч|ночі|ночи|неделя|тиждень|год[ау]|року)
            \s(?:(?:повно|полно)масштабн\p{L}{2,3}\s)?(?:війн|войн|вторгн|вторж|год[ау]|року)\p{L}{0,5}
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
          |(?:[01]?\d|2[0-3])\s?h\s?[0-5]\d|(?:à|vers)\s(?:[01]?\d|2[0-3])\s?(?:h|heures?)|a\slas\s(?:[01]?\d|2[0-3])(?:[:.h][0-5]\d)?
          |(?:[0-2]\d|3[01])?(?:[01]\d|2[0-3])[0-5]\dZ(?:[A-Z]{3}\d\d)?|الساعة\s\p{L}*\d{0,2}
          |(?:о|об|в|около|близько)\s\d{1,2}(?:-?(?:й|ій|ї))?\s(?:годин\p{L}{1,2}|час(?:а|ов|ам)?)
        """),
    ),
)
"""Reasons with the patterns of what they are given for."""

PART_OF_MONTH = _pattern(r"""
  (?:early|mid|late|beginning\sof|start\sof|middle\sof|end\sof|(?:first|second|third|fourth|last)
    \s(?:week|half|weekend|ten\sdays|days|decade|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\s(?:of|in))[\s-](?P<month>\p{L}{3,12})
  |(?:début|fin|mi|anfang|mitte|ende)[\s-](?P<month>\p{L}{3,12})
  |(?:a\s)?(?:principios|comienzos|mediados|finales|fines)\sde\s(?P<month>\p{L}{3,12})
  |(?:на\sпочатку|наприкінці|у\sсередині|в\sсередині|в\sначале|в\sконце|в\sсередине|к\sконцу)\s(?P<month>\p{L}{3,12})
  |(?:مطلع|أوائل|منتصف|أواخر|نهاية|بداية)\s(?:شهر\s)?(?P<month>\p{L}{2,12})
""")
"""Words that say the part of a month, with the word after them."""

RELATIVE = _pattern(rf"""
  yesterday|today|tonight|tomorrow|hier|avant-hier|le\slendemain|la\sveille|ayer|anteayer|anoche|al\sdía\ssiguiente
  |позавчора|позавчера|післязавтра|послезавтра|أمس|البارحة|اليوم\sالتالي
  |(?:the\s)?(?:next|following|previous|same|other|day\sbefore)\s(?:day|morning|evening|night|afternoon|yesterday)
  |(?:\p{{L}}{{2,9}}|\d{{1,3}}|a)\s(?:days?|weeks?)\s(?:later|earlier)|the\sday\s(?:before|after)
  |вчора|сьогодні|завтра|вчера|сегодня|наступного\sдня|того\sж\sдня|на\sследующий\sдень|в\sтот\sже\sдень
  |через\s{_SPAN_OF_DAYS}
""")
"""Words that say a day only together with another one."""

PARTS_OF_YEAR = _pattern(r"""
  (?:(?:in|during|since|early|late|that|this|last|of)\s(?:the\s)?)?(?:spring|summer|autumn|fall|winter)\s(?:of\s)?(?:19|20)\d\d
  |(?:in|during|since|early|late|that|this|last|of)\s(?:the\s)?(?:spring|summer|autumn|fall|winter)
  |(?:the\s)?(?:first|second)\shalf\sof\s(?:the\s)?(?:year|(?:19|20)\d\d)|H[12]\s(?:19|20)\d\d|mid-?(?:year|(?:19|20)\d\d)
  |(?:\p{L}{3,8}th|first|second|third|\d{1,2}(?:st|nd|rd|th))\smonth|month\s\d{1,2}|\p{L}{2,8}\smonths?\s(?:into|after|before|since)
  |\d{1,2}\smonths?\s(?:into|after|before|since)|half\sa\syear\s(?:after|before|into)
  |(?:на|в)\s\p{L}{3,14}\s(?:місяці|месяце)\s(?:війн|войн|вторг)\p{L}{0,5}
  |(?:the\s)?(?:rainy|dry|wet|monsoon|harvest|sowing|hunting)\sseason|monsoon|harvest|ramadan|muharram|رمضان|محرم
  |(?:l['’]été|l['’]hiver|l['’]automne|(?:le|au)\sprintemps)|(?:en|el|la|del?)\s(?:verano|invierno|otoño|primavera)
  |im\s(?:Sommer|Winter|Herbst|Frühling|Frühjahr)|(?:літ|лет|осен|осін|зим|весн)\p{L}{1,3}\s(?:19|20)\d\d
  |(?:في\s)?ال?(?:صيف|شتاء|ربيع|خريف)
  |(?:in|since|until|during|of)\s(?-i:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?|(?-i:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?\s(?:19|20)\d\d
  |Q[1-4](?:\s(?:19|20)\d\d)?|(?:first|second|third|fourth)\squarter|навесні|влітку|восени|взимку|весной|летом|осенью|зимой
""")
