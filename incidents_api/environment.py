"""Settings read from the environment: a wrong value is noted and replaced by a safe one, never a traceback.

So `manage.py check` names all wrong values at once: `incidents_api.checks` makes system checks of the notes,
and `incidents_api.wsgi` does not serve while there is one. `NAME_FILE` names a file that holds NAME's value.
"""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from django.core.exceptions import ImproperlyConfigured
from environ import Env

TRUE = frozenset({"1", "on", "true", "yes", "y"})
FALSE = frozenset({"0", "off", "false", "no", "n"})
ADDRESS = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?")


class SettingProblem(NamedTuple):
    """A value that cannot be taken; the message never repeats what may hold a password."""

    id: str
    message: str
    hint: str


def refuse(problems: Sequence[SettingProblem]) -> None:
    """Raise ImproperlyConfigured if there are problems; for a server, which does not run the system checks.

    It must not go on with what was put in a value's place.
    """
    if problems:
        raise ImproperlyConfigured("\n".join(f"{id_}: {message} {hint}" for id_, message, hint in problems))


class Environment:
    """Typed readers of environment variables; an empty variable counts as one that is not set."""

    def __init__(self, variables: Mapping[str, str] | None = None) -> None:
        self.variables = os.environ if variables is None else variables
        self.problems: list[SettingProblem] = []

    def note(self, code: str, message: str, hint: str) -> None:
        """Remember what is wrong."""
        problem = SettingProblem(f"site.{code}", message, hint)
        if problem not in self.problems:
            self.problems.append(problem)

    def text(self, name: str, default: str = "") -> str:
        """Read a text, from the file in `NAME_FILE` if that is set."""
        file = self.variables.get(f"{name}_FILE", "")
        if not file:
            return self.variables.get(name, "").strip() or default
        try:
            return Path(file).read_text(encoding="utf-8").strip() or default
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it is not valid UTF-8"
            self.note("E010", f"{name}_FILE names {file!r}, which cannot be read: {reason}.", f"Check {name}_FILE.")
            return default

    def words(self, name: str, default: list[str]) -> list[str]:
        """Read a comma-separated list, without empty items."""
        value = self.text(name)
        return [word.strip() for word in value.split(",") if word.strip()] if value else default

    def flag(self, name: str, default: bool) -> bool:
        """Read `on` or `off` as a bool; anything else is noted as a problem."""
        value = self.text(name).lower()
        if value in TRUE or value in FALSE:
            return value in TRUE
        if value:
            self.note("E011", f"{name} must be on or off (got {value!r}).", f"Set {name}=on or {name}=off.")
        return default

    def number(self, name: str, default: int, *, least: int = 0) -> int:
        """Read a whole number of at least `least`; anything else is noted as a problem."""
        value = self.text(name)
        if not value:
            return default
        if not re.fullmatch(r"-?[0-9]{1,12}", value) or int(value) < least:
            hint = f"The default is {default}."
            self.note("E012", f"{name} must be a whole number, {least} or more (got {value!r}).", hint)
            return default
        return int(value)

    def seconds(self, name: str, default: float) -> float:
        """Read a number of seconds greater than 0, with optional decimals."""
        value = self.text(name)
        if not value:
            return default
        if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", value) or not float(value):
            hint = f"The default is {default:g}."
            self.note("E012", f"{name} must be a number of seconds greater than 0, such as 2.5 (got {value!r}).", hint)
            return default
        return float(value)

    def rate(self, name: str, default: tuple[int, int]) -> tuple[int, int] | None:
        """Read units and seconds, as in `600/60`; None for `off`."""
        value = self.text(name)
        if not value:
            return default
        if value.lower() in FALSE:
            return None
        found = re.fullmatch(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,4})", value)
        if found is None:
            hint = f"The default is {default[0]}/{default[1]}."
            self.note("E031", f"{name} must be units/seconds, or off (got {value!r}).", hint)
            return default
        return int(found[1]), int(found[2])

    def choice(self, name: str, default: str, options: tuple[str, ...]) -> str:
        """Read one of the options, in upper case."""
        value = self.text(name, default).upper()
        if value in options:
            return value
        self.note("E013", f"{name} has an invalid value: {value!r}.", f"Use one of: {', '.join(options)}.")
        return default

    def addresses(self, name: str, default: list[str]) -> list[str]:
        """Read a comma-separated list of URLs, without invalid ones."""
        found = []
        for word in self.words(name, default):
            if ADDRESS.fullmatch(word):
                found.append(word.rstrip("/"))
            else:
                hint = "Use a URL with scheme and host, such as https://incidents.example.org."
                self.note("E019", f"{name} contains {word!r}, which is not the URL of a site.", hint)
        return found

    def address(self, name: str) -> str:
        """Read a URL without its last slash; empty if there is none."""
        if "," in self.text(name):
            self.note("E019", f"{name} must be a single URL.", "Use a URL such as https://incidents.example.org.")
            return ""
        return next(iter(self.addresses(name, [])), "")

    def database(self, name: str, default: str) -> dict[str, Any]:
        """Read a database URL as an entry of DATABASES; invalid ones are noted as problems."""
        hint = (
            "Use postgres://user:password@host:5432/name or sqlite:////path/to/file.sqlite3. In a "
            "password, write @ : / ? # % as %40 %3A %2F %3F %23 %25."
        )
        found = self._url(name, default, Env.db_url_config, "E014", hint)
        engine = found.get("ENGINE", "")
        if found and engine not in ("django.db.backends.sqlite3", "django.db.backends.postgresql"):
            self.note("E014", f"{name} has an unsupported database engine.", hint)
        elif found and not found["NAME"]:
            self.note("E014", f"{name} has no database name.", hint)
        elif found:
            return found
        # Not SQLite: to write to another database than the one meant would be worse than not to start.
        return {"ENGINE": "django.db.backends.dummy", "NAME": "", "OPTIONS": {}}

    def cache(self, name: str, default: str) -> dict[str, Any]:
        """Read a cache URL as an entry of CACHES; invalid ones are noted as problems."""
        hint = "Use locmemcache://, rediscache://host:6379/0 or filecache:///path."
        found = self._url(name, default, Env.cache_url_config, "E015", hint)
        return found or {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}

    def _url(
        self, name: str, default: str, parse: Callable[[str], dict[str, Any]], code: str, hint: str
    ) -> dict[str, Any]:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")  # what is ignored in a URL was meant to be something
                return parse(self.text(name, default))
        except (ImproperlyConfigured, ValueError, LookupError, UserWarning):
            self.note(code, f"{name} is not a valid URL.", hint)
            return {}
