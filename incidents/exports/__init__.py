"""Formats of files and of citations; nothing here knows HTTP."""
