"""What a free text reveals of a hidden place or day, so that an editor sees it before the text is published."""

from incidents.publishing.revealing_text.findings import Finding, Hidden, HiddenName
from incidents.publishing.revealing_text.hidden import hidden_by, hidden_by_each
from incidents.publishing.revealing_text.search import RevealingText

__all__ = ["Finding", "Hidden", "HiddenName", "RevealingText", "hidden_by", "hidden_by_each"]
