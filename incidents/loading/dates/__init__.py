"""How files write dates, in digits and in words: each is read as the interval that it means, and no narrower one.

`DateReader(["%d/%m/%Y", "%Y-%m", "words"]).read(text)` returns a `DateReading`, or raises ValueError with what would be
right. `WordsReader().read(text)` tells whether a text is a date in words.
"""
