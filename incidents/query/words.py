"""What people type into a search box."""

from __future__ import annotations

from incidents.text_folding import words
from incidents_api.parameters.filtersets import RefusedValueError
from incidents_api.parameters.values import TextParameter

MAX_WORDS = 32


class WordsParameter(TextParameter):
    """Words folded as the index folds them; one that ends in * stands for all that begin so."""

    def read(self, value: str) -> list[str]:  # type: ignore[override]  # a list of tokens, not the text
        """Return the tokens."""
        tokens: list[str] = []
        for part in super().read(value).split():
            folded = words(part)
            tokens += folded[:-1]
            if folded:
                tokens.append(folded[-1] + ("*" if part.endswith("*") else ""))
        if not tokens:
            raise RefusedValueError("Holds no letter and no digit to search for.")
        if len(tokens) > MAX_WORDS:
            raise RefusedValueError(f"Holds {len(tokens)} words; at most {MAX_WORDS} are taken.")
        return list(dict.fromkeys(tokens))
