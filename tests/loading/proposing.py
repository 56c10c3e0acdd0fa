"""Proposals of files that a test writes, and what must hold of each."""

import csv
import io
import tomllib
from pathlib import Path
from typing import Any

from incidents.loading.inspection.inspect import inspect
from incidents.loading.inspection.plan import Plan, planned
from incidents.loading.inspection.trial import Trial, proposed

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT.parent / "shared" / "cases" / "loading"
LANGUAGES = {
    "es": ["Fecha del hecho", "Descripción", "Departamento", "Municipio", "Localidad", "Número de muertos", "Heridos"],
    "fr": ["Date de l'événement", "Description", "Région", "Arrondissement", "Localité", "Nombre de morts", "Blessés"],
    "ar": ["تاريخ الحادث", "الوصف", "المحافظة", "المديرية", "المدينة", "عدد القتلى", "الجرحى"],
    "ru": ["Дата события", "Описание", "Область", "Район", "Населённый пункт", "Число погибших", "Ранено"],
    "uk": ["Дата події", "Опис події", "Область", "Район", "Населений пункт", "Кількість загиблих", "Поранені"],
    "en": ["Incident Date", "Narrative", "Admin 1", "Admin 2", "Town/Village", "Fatality Count", "Injury Count"],
}
ROWS = [
    ["2024-01-02", "Shots were fired at a post in the north", "Aland", "Bland", "Aville", "2", "1"],
    ["2024-02-25", "A bus was set on fire at the depot at night", "Aland", "Cland", "Bville", "0", ""],
]


def written(folder: Path, header: list[str], *rows: list[str], name: str = "a.csv", delimiter: str = ",") -> Path:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows([header, *rows])
    path = folder / name
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def proposal_of(path: Path, **options: Any) -> tuple[Plan, str, Trial]:
    plan, text, trial = proposed(planned(inspect(path, **options)))
    return plan, text, trial or Trial()


def roles_of(path: Path) -> dict[str, str]:
    return {role: each.column.name for role, each in proposal_of(path)[0].roles.items()}


def columns_in(text: str) -> set[str]:
    """Return every text of a profile that may name a column."""
    found: set[str] = set()

    def walk(value: Any) -> None:
        if isinstance(value, str):
            found.add(value)
            found.update(part for piece in value.split("{")[1:] for part in piece.split("}")[0].split("|"))
        elif isinstance(value, dict):
            found.update(value)
            for each in value.values():
                walk(each)
        elif isinstance(value, list):
            for each in value:
                walk(each)

    walk(tomllib.loads(text))
    return found


def assert_accounted_for(plan: Plan, text: str) -> None:
    """Assert that every column is mapped, kept in extra, left out by name, or told to be unreadable."""
    assert {column.name for column in plan.readable} <= columns_in(text)
    for column in plan.seen.columns:
        assert column in plan.readable or "there twice" in text or "has no name" in text or not column.filled
