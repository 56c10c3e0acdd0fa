"""A file that nobody here has seen before, in another language: what is proposed, and how little is left to do."""

from pathlib import Path

import pytest
from django.core.management import CommandError

from tests.loading.files import load, public
from tests.loading.test_inspecting import told

ROWS = (
    (
        "Lfd. Nr.",
        "Wann (von)",
        "Wann (bis)",
        "Bahnhof / Strecke",
        "Staat",
        "GPS",
        "Art",
        "Tote",
        "Quelle(n)",
        "Link(s)",
        "Bemerkung",
    ),
    (
        "R-1",
        "13.02.2023",
        "14.02.2023",
        "Kovel",
        "Ukraine",
        "51.2100, 24.7100",
        "Sprengung",
        "1",
        "Zeitung; Funk",
        "https://example.org/1; https://example.net/1",
        "Eine Brücke der Bahn wurde gesprengt",
    ),
    (
        "R-2",
        "15.02.2023",
        "",
        "Kovel",
        "Ukraine",
        "k. A.",
        "Sabotage",
        "k. A.",
        "Funk",
        "https://example.net/2",
        "Gelöste Schrauben wurden am Gleis gefunden",
    ),
    (
        "R-3",
        "16.02.2023",
        "16.02.2023",
        "Fastiv",
        "Ukraine",
        "50.0800,29.9200",
        "Sprengung",
        "0",
        "Funk",
        "https://example.net/3",
        "Noch eine Sprengung, über die wenig bekannt ist",
    ),
    (
        "R-4",
        "17.02.2023",
        "17.02.2023",
        "Fastiv",
        "Ukraine",
        "50.0800,29.9200",
        "Sabotage",
        "2",
        "Funk",
        "https://example.net/4",
        "Ein Signal wurde über Nacht zerstört",
    ),
    (
        "R-5",
        "18.02.2023",
        "18.02.2023",
        "Fastiv",
        "Ukraine",
        "50.0800,29.9200",
        "Sabotage",
        "2",
        "Funk",
        "https://example.net/5",
        "Ein Stellwerk wurde über Nacht zerstört",
    ),
    (
        "R-6",
        "19.02.2023",
        "19.02.2023",
        "Fastiv",
        "Ukraine",
        "50.0800,29.9200",
        "Sabotage",
        "ca. 3",
        "Funk",
        "https://example.net/6",
        "Ein Zug wurde über Nacht aufgehalten",
    ),
)


def written(folder: Path) -> Path:
    path = folder / "register.tsv"
    path.write_text("".join("\t".join(row) + "\n" for row in ROWS), encoding="cp1252")
    return path


def test_columns_are_known_by_names_in_other_languages(tmp_path: Path) -> None:
    lines = [line for line in told(written(tmp_path)) if "→" in line]
    roles = {line.partition(":")[0]: line.rpartition("→ ")[2] for line in lines}
    assert roles == {
        "Lfd. Nr.": "id",
        "Wann (von)": "start",
        "Wann (bis)": "end",
        "Bahnhof / Strecke": "place",
        "Staat": "country",
        "GPS": "point",
        "Art": "event_type",
        "Tote": "killed",
        "Quelle(n)": "source",
        "Link(s)": "url",
        "Bemerkung": "summary",
    }


@pytest.mark.django_db
def test_the_proposal_loads_once_its_words_are_said(tmp_path: Path) -> None:
    path, profile = written(tmp_path), tmp_path / "mine.toml"
    told(path, output=profile)
    with pytest.raises(CommandError) as refused:
        load(path, profile=str(profile))
    assert "Nothing was loaded: 1 row has errors" in str(refused.value)
    text = profile.read_text().replace('Sprengung = "unknown"', 'Sprengung = "explosion"')
    profile.write_text(text.replace('best = "Tote"', """best = { column = "Tote", replace = { '^ca\\. ' = '' } }"""))
    lines, _ = load(path, profile=str(profile))
    assert lines[-1] == "added 6, changed 0, withdrawn 0, unchanged 0"
    first, second = public()["register-r-1"], public()["register-r-2"]
    assert (first["event_type"], first["location"]["latitude"], first["location"]["longitude"]) == (
        "explosion",
        51.21,
        24.71,
    )
    assert [(each["source"]["name"], each["url"]) for each in first["reports"]] == [
        ("Zeitung", "https://example.org/1"),
        ("Funk", "https://example.net/1"),
    ]
    assert first["date"] | {"remark": None} == {
        "start": "2023-02-13",
        "end": "2023-02-14",
        "precision": "days",
        "remark": None,
        "time": None,
        "time_zone": None,
    }
    assert (second["date"]["end"], second["location"]["latitude"]) == ("2023-02-15", None)
    assert second["casualties"]["killed"]["best"] is None
    assert public()["register-r-6"]["casualties"]["killed"]["best"] == 3
