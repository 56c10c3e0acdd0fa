"""What people type into a search box."""

from __future__ import annotations

from incidents.text_folding import words
from incidents_api.parameters.filtersets import RefusedValueError
from incidents_api.parameters.values import TextParameter

MAX_WORDS = 32


class WordsParameter(TextParameter):
    """Search words, folded like the index; a trailing * matches a prefix."""

    def read(self, value: str) -> list[str]:  # type: ignore[override]  # a list of tokens, not the text
        """Parse the search words to index tokens; raises a validation error if there are none or too many."""
        tokens: list[str] = []
        for part in super().read(value).split():
            folded = words(part)
            tokens += folded[:-1]
            if folded:
                tokens.append(folded[-1] + ("*" if part.endswith("*") else ""))
        if not tokens:
            raise RefusedValueError("Must contain a letter or a digit.")
        if len(tokens) > MAX_WORDS:
            raise RefusedValueError(f"Must have at most {MAX_WORDS} words (got {len(tokens)}).", code="too_many_values")
        return list(dict.fromkeys(tokens))
