"""The site: settings, addresses and the house rules of REST."""

__version__ = "0.2.0"
