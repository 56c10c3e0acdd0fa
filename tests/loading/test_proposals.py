"""What `manage.py profile` proposes: guesses with their reasons, every column accounted for, and a file that loads."""

import csv
import io
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from incidents.loading.inspection.column_names import name_score
from incidents.loading.inspection.event_terms import term_of
from incidents.loading.inspection.hungarian import cheapest
from incidents.loading.inspection.inspect import inspect
from incidents.loading.inspection.plan import Plan, planned
from incidents.loading.inspection.private import why_private
from incidents.loading.inspection.trial import Trial, proposed, tried
from incidents.loading.pipeline.row_parser import RowParser
from incidents.loading.profiles.profile import parse
from incidents.loading.staging.parsed import SharedRecords
from tests.loading.files import load, public
from tests.loading.test_inspecting import told

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT.parent / "shared" / "cases" / "loading"


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_columns_are_known_by_their_names_in_the_languages_of_the_field(tmp_path: Path, language: str) -> None:
    found = roles_of(written(tmp_path, LANGUAGES[language], *ROWS))
    roles = ["start", "summary", "admin1", "admin2", "place", "killed", "injured"]
    assert found == dict(zip(roles, LANGUAGES[language], strict=True))


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("location_accuracy", "place"),
        ("Born", "start"),
        ("Source of Fire", "source"),
        ("Photo URL", "url"),
        ("deaths_civilians", "killed"),
        ("nearest_country", "country"),
        ("n_reports", "killed"),
        ("Report date", "start"),
        ("Publication date", "start"),
    ],
)
def test_a_name_that_tells_of_something_else_is_not_taken(name: str, role: str) -> None:
    assert name_score(name, role).score < 0.5


def test_names_alone_do_not_decide(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        ["id", "date", "Notes", "Description", "url", "Link", "Born", "location_accuracy", "location_description"],
        *[
            [
                str(number),
                f"2024-01-{number:02}",
                "see below" if number == 1 else "",
                f"A long account of what happened there, number {number}",
                f"https://example.org/{number}.jpg",
                f"https://example.org/{number}",
                "1990-02-03",
                "5km",
                f"Near the town of A{number}",
            ]
            for number in range(1, 9)
        ],
    )
    plan, text, _ = proposal_of(path)
    found = {role: each.column.name for role, each in plan.roles.items()}
    assert (found["summary"], found["url"], found["place"]) == ("Description", "Link", "location_description")
    assert found["start"] == "date"
    assert "Born" in tomllib.loads(text)["file"]["ignored"]


def test_each_guess_says_how_sure_it_is_and_why(tmp_path: Path) -> None:
    path = written(
        tmp_path, ["id", "date", "what", "no_killed", "people_killed"], ["1", "2024-01-02", "A fire", "1", "2"]
    )
    _, text, _ = proposal_of(path)
    assert '# sure: its name says date; 100% are days; 100% filled\nstart = "date"' in text
    assert 'best = "no_killed" # sure: its name says killed' in text
    assert "LOOK: or people_killed" in text


PRIVATE = {
    "Victim Name": "Mary Invented",
    "Name": "Anna Beispiel",
    "Date of birth": "1990-02-03",
    "Passport no": "AB12345",
    "Home address": "1 Some Street",
    "Phone": "+380 00 000 00 00",
    "Прізвище": "Вигадана",
    "Fecha de nacimiento": "1990-02-03",
    "رقم الهوية": "12345",
    "contact": "mary@example.org",
    "Age": "33",
}


def test_columns_of_private_persons_are_left_out_with_the_reason(tmp_path: Path) -> None:
    header = ["id", "date", "what", "town", *PRIVATE]
    path = written(
        tmp_path,
        header,
        ["1", "2024-01-02", "A fire at a depot in the old town", "Aville", *PRIVATE.values()],
        ["2", "2024-01-03", "A fire at a mill in the new town", "Bville", *[f"{each} " for each in PRIVATE.values()]],
    )
    plan, text, trial = proposal_of(path)
    document = tomllib.loads(text)
    assert set(document["file"]["ignored"]) == set(PRIVATE)
    assert text.count("points to a private person") == len(PRIVATE)
    del document["file"]["ignored"]
    assert not any(name in str(document) for name in PRIVATE)
    assert (trial.bad, trial.rows) == (0, 2)
    assert_accounted_for(plan, text)


@pytest.mark.parametrize(
    ("name", "cell", "is_private"),
    [
        ("Victims", "Mary Invented; John Invented", True),
        ("Victim", "Invented, Mary", True),
        ("Perpetrator", "JOHN INVENTED (33)", True),
        ("Жертва", "Марія Вигадана", True),
        ("Perpetrator", "Blue Army", False),
        ("Suspects", "two men", False),
        ("Persons killed", "2", False),
        ("Relative humidity", "0.5", False),
        ("Age of the ship", "12", False),
        ("Victim age", "33", True),
        ("Name of the source", "Daily A", False),
        ("Имя источника", "Газета", False),
        ("Medical facility", "Clinic A", False),
        ("IP address", "192.0.2.1", True),
    ],
)
def test_what_points_to_a_person_is_told_from_what_does_not(
    tmp_path: Path, name: str, cell: str, is_private: bool
) -> None:
    path = written(tmp_path, ["id", "date", "what", name], ["1", "2024-01-02", "A fire at a mill", cell])
    ignored = tomllib.loads(proposal_of(path)[1])["file"].get("ignored", [])
    assert (name in ignored) == is_private


@pytest.mark.parametrize(
    "name",
    [
        "Name of suspect",
        "suspectName",
        "names_of_detainees",
        "Імʼя жертви",
        "имя пострадавшего",
        "victim_first",
        "fname",
        "next of kin",
        "Mother’s name",
        "nombre del detenido",
        "שם",
        "teudat zehut",
        "תעודת זהות",
        "Aadhaar No",
        "CPF",
        "national_insurance_number",
        "Emirates ID",
        "личный номер",
        "дата рожд.",
        "г.р.",
        "رقم الجوال",
        "טלפון",
        "WhatsApp number",
        "Telegram handle",
        "Handy",
        "home_lat",
        "lon_home",
        "bank_acc",
        "Ethnic origin",
    ],
)
def test_private_persons_are_known_in_many_headers(name: str) -> None:
    assert why_private(name)


@pytest.mark.parametrize(
    "name",
    [
        "nombre de victimes",
        "name of the attackers' group",
        "suspect vessel name",
        "missing persons",
        "arrested persons",
        "olay adı",
        "grid cell",
        "cell",
        "photo",
        "fingerprint",
        "licence",
        "event name",
        "place name",
        "source_handle",
        "name_of_children_s_hospital",
    ],
)
def test_things_and_figures_are_not_taken_for_persons(name: str) -> None:
    assert not why_private(name)


def test_times_of_day_with_seconds_are_times(tmp_path: Path) -> None:
    path = written(tmp_path, ["id", "date", "time", "what"], ["1", "2024-01-02", "09:05:30", "A fire"])
    assert 'time = "time"' in proposal_of(path)[1]


def test_names_of_things_are_not_those_of_persons(tmp_path: Path) -> None:
    header = ["id", "date", "what", "vessel_name", "victim", "dyad_name"]
    path = written(
        tmp_path,
        header,
        ["1", "2024-01-02", "A fire at a depot", "Mary Invented", "Guards", "Government - Blues"],
        ["2", "2024-01-03", "A fire at a mill", "Anna Beispiel", "Drivers", "Government - Reds"],
    )
    assert "ignored" not in tomllib.loads(proposal_of(path)[1])["file"]
    people = [[str(number), "2024-01-02", f"Mary Invented{'a' * number}"] for number in (1, 2)]
    path = written(tmp_path, ["id", "date", "victim"], *people)
    assert tomllib.loads(proposal_of(path)[1])["file"]["ignored"] == ["victim"]


@pytest.mark.django_db
def test_both_sides_are_written_down_and_every_column_is_somewhere(tmp_path: Path) -> None:
    header = ["id", "date", "what", "perpetrator", "victim", "place", "a{b}|c", "weather"]
    path = written(
        tmp_path,
        header,
        ["1", "2024-01-02", "Shots were fired at a post", "Group A", "Guards", "Aville", "x", "fog"],
        ["2", "2024-01-03", "A bus was set on fire", "Group B", "Drivers", "Bville", "y", ""],
    )
    plan, text, _ = proposal_of(path)
    assert_accounted_for(plan, text)
    (tmp_path / "mine.toml").write_text(text)
    load(path, profile=str(tmp_path / "mine.toml"))
    first = public()["a-1"]
    assert [(each["name"], each["role"]) for each in first["actors"]] == [
        ("Group A", "alleged_perpetrator"),
        ("Guards", "target"),
    ]
    assert first["extra"] == {"a{b}|c": "x", "weather": "fog"}


@pytest.mark.django_db
def test_values_with_line_breaks_are_mapped_and_loaded(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        ["id", "date", "what", "category", "two\nlines"],
        ["1", "2024-01-02", "Shots were fired", "armed\nattack", "a"],
        ["2", "2024-01-03", "A bus was burnt", "arson", "b"],
    )
    told(path, output=tmp_path / "mine.toml")
    lines, _ = load(path, profile=str(tmp_path / "mine.toml"))
    assert lines[-1] == "added 2, changed 0, withdrawn 0, unchanged 0"
    assert public()["a-1"]["event_type"] == "armed_attack"
    assert (public()["a-2"]["event_type"], public()["a-2"]["event_subtype"]) == ("sabotage", "arson")


def test_many_kinds_of_event_each_get_a_line(tmp_path: Path) -> None:
    path = written(tmp_path, ["id", "date", "type"], *[[str(n), "2024-01-02", f"kind {n % 120}"] for n in range(300)])
    _, text, trial = proposal_of(path)
    assert len(tomllib.loads(text)["incident"]["event_type"][0]["values"]) == 120
    assert (trial.rows, trial.bad) == (300, 0)


@pytest.mark.parametrize(
    ("value", "event_type", "subtype", "sure"),
    [
        ("sabotage", "sabotage", "", "sure"),
        ("air_strike", "strike", "air_strike", "sure"),
        ("Explosions/Remote violence", "explosion", "", "likely"),
        ("Air/drone strike", "strike", "air_strike", "likely"),
        ("Bombing/Explosion", "explosion", "", "likely"),
        ("Обстріл міста", "strike", "shelling", "LOOK"),
        ("похищение человека", "coercion", "abduction", "LOOK"),
        ("Secuestro", "coercion", "abduction", "LOOK"),
        ("something else", "unknown", "", "LOOK"),
    ],
)
def test_kinds_of_event_are_known_by_words_of_ours_and_of_others(
    value: str, event_type: str, subtype: str, sure: str
) -> None:
    assert term_of(value) == (event_type, subtype, sure)


def test_mixed_orders_of_day_and_month_are_told_with_lines(tmp_path: Path) -> None:
    path = written(tmp_path, ["id", "date", "what"], ["1", "25/06/2022", "A fire"], ["2", "06/25/2022", "A bus"])
    lines = told(path)
    assert any("MIXED days and months" in line for line in lines)
    assert any(line.startswith("# LOOK: MIXED") for line in lines)
    assert '  line 3, date: "06/25/2022", expected a date such as 22/01/2014' in lines


@pytest.mark.parametrize(
    ("cells", "formats", "days", "times"),
    [
        (
            ["2024-01-02 10:15", "2024-01-03 11:20"],
            ["%Y-%m-%d %H:%M"],
            ["2024-01-02", "2024-01-03"],
            ["10:15", "11:20"],
        ),
        (
            ["12/31/2024 10:15:00 PM", "1/2/2024 1:05:00 AM"],
            ["%m/%d/%Y %I:%M:%S %p"],
            ["2024-12-31", "2024-01-02"],
            ["22:15", "01:05"],
        ),
        (
            ["2024-01-02T23:30:00+02:00", "2024-01-03T04:10:00Z"],
            ["%Y-%m-%dT%H:%M:%S%z"],
            ["2024-01-02", "2024-01-03"],
            ["23:30", "04:10"],
        ),
        (["45293", "45294.5"], ["excel"], ["2024-01-02", "2024-01-03"], ["", "12:00"]),
        (["45293", "2024-01-03"], ["%Y-%m-%d", "excel"], ["2024-01-02", "2024-01-03"], ["", ""]),
        (["2 мая 2010 г.", "May 9, 2010"], ["%B %d, %Y", "words"], ["2010-05-02", "2010-05-09"], ["", ""]),
        (["Apr 2022", "2022-05"], ["words"], ["2022-04-01", "2022-05-01"], ["", ""]),
    ],
)
@pytest.mark.django_db
def test_ways_to_write_days_are_recognised_and_the_time_is_kept(
    tmp_path: Path, cells: list[str], formats: list[str], days: list[str], times: list[str]
) -> None:
    rows = [[str(number), cell, f"A fire, number {number}"] for number, cell in enumerate(cells)]
    path = written(tmp_path, ["id", "date", "what"], *rows)
    _, text, trial = proposal_of(path)
    assert set(tomllib.loads(text)["incident"]["date"]["formats"]) == set(formats)
    assert trial.bad == 0
    (tmp_path / "mine.toml").write_text(text)
    load(path, profile=str(tmp_path / "mine.toml"))
    dates = [public()[f"a-{number}"]["date"] for number in range(2)]
    assert [each["start"] for each in dates] == days
    assert [each["time"] or "" for each in dates] == times


@pytest.mark.django_db
def test_rows_without_a_date_are_told_and_loaded(tmp_path: Path) -> None:
    path = written(
        tmp_path, ["id", "date", "what"], ["1", "2024-01-02", "A fire"], ["2", "", "A bus"], ["3", "n/a", "A raid"]
    )
    _, text, trial = proposal_of(path)
    assert "# LOOK: 2 rows have no date;" in text
    assert (trial.rows, trial.bad) == (3, 0)
    (tmp_path / "mine.toml").write_text(text)
    load(path, profile=str(tmp_path / "mine.toml"))
    assert [each["date"]["start"] for _, each in sorted(public().items())] == ["2024-01-02", None, None]


def test_lines_of_totals_are_no_rows(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        ["id", "date", "what", "killed"],
        ["1", "2024-01-02", "A fire", "2"],
        ["2", "2024-01-03", "A bus", "1"],
        ["Total:", "", "", "3"],
    )
    plan, text, trial = proposal_of(path)
    assert plan.roles["id"].column.name == "id"
    assert tomllib.loads(text)["file"]["skip"] == [{"why": "lines below the data", "when": {"id": "^Total."}}]
    assert trial.bad == 0


def test_notes_below_the_data_are_no_rows(tmp_path: Path) -> None:
    header = ["id", "date", "what", "killed"]
    data = [[str(number), "2024-01-02", f"A fire {number}", "2"] for number in range(4)]
    path = written(tmp_path, header, *data, ["Source: Ministry (2024)", "", "", ""], ["* provisional", "", "", ""])
    _, text, trial = proposal_of(path)
    assert [each["when"]["id"] for each in tomllib.loads(text)["file"]["skip"]] == [
        "^Source..Ministry..2024.",
        "^..provisional",
    ]
    assert (trial.rows, trial.bad) == (6, 0)
    path.write_text(path.read_text().replace("Source: Ministry (2024),,,", "Source: Ministry (2024)"))
    (tmp_path / "mine.toml").write_text(text)
    assert tried(planned(inspect(path)), text).bad == 0


def test_titles_above_the_header_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("Incidents, 2024\n\nid;date;what\n1;2024-01-02;A fire\n2;2024-01-03;A bus\n")
    _, text, trial = proposal_of(path)
    assert tomllib.loads(text)["file"]["header_line"] == 3
    assert (trial.rows, trial.bad) == (2, 0)


def test_what_may_say_none_gets_a_look(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        ["id", "date", "what", "killed", "damage"],
        *[
            [str(n), "2024-01-02", f"A fire {n}", "none" if n == 1 else "2", "no" if n == 2 else "roof"]
            for n in range(5)
        ],
    )
    text = proposal_of(path)[1]
    assert "# LOOK: killed says none (1): not known, or none?" in text
    assert "# LOOK: damage says no (1): not known, or none?" in text


def test_figures_of_one_kind_are_low_best_and_high(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        ["id", "date", "what", "Fatalities (low)", "Fatalities", "Fatalities (high)", "Injured min", "Injured max"],
        ["1", "2024-01-02", "A fire", "1", "2", "3", "4", "5"],
        ["2", "2024-01-03", "A bus", "3", "2", "3", "", ""],
    )
    document = tomllib.loads(proposal_of(path)[1])
    assert document["incident"]["killed"] == {
        "low": "Fatalities (low)",
        "best": "Fatalities",
        "high": "Fatalities (high)",
        "out_of_order": "keep",
    }
    assert document["incident"]["injured"] | {"out_of_order": ""} == {
        "low": "Injured min",
        "high": "Injured max",
        "out_of_order": "",
    }


def test_ids_that_fold_alike_are_given_up_with_the_reason(tmp_path: Path) -> None:
    path = written(tmp_path, ["id", "date", "what"], ["A 1", "2024-01-02", "A fire"], ["A-1", "2024-01-03", "A bus"])
    plan, text, trial = proposal_of(path)
    assert "id" not in plan.roles
    assert "# LOOK: no id: id does not tell rows apart: a-a-1 on line 3 is not the first" in text
    assert trial.bad == 0


def test_the_columns_of_a_survey_tool_are_not_those_of_the_incident(tmp_path: Path) -> None:
    header = ["start", "end", "Date of incident", "What happened", "_uuid", "_submission_time", "_index", "deviceid"]
    stamp = "2024-05-01T10:00:00.000+02:00"
    path = written(
        tmp_path, header, [stamp, stamp, "2024-01-02", "A fire at a mill", "u-1", "2024-05-01T10:00:01", "1", "d"]
    )
    plan, text, trial = proposal_of(path)
    assert plan.roles["start"].column.name == "Date of incident"
    assert "end" not in plan.roles
    assert set(tomllib.loads(text)["file"]["ignored"]) == {"start", "end", "_submission_time", "_index", "deviceid"}
    assert trial.bad == 0


def test_rows_that_belong_together_are_proposed_to_be_gathered(tmp_path: Path) -> None:
    header = ["victim_id", "incident_id", "date", "what", "town", "job", "killed", "group"]
    rows = [
        f"{number},{number // 3},2024-01-{1 + number // 3:02},A raid on the house {number // 3} at night,"
        f"Town {number // 3},job {number % 3},{number % 2},Group {number % 2}".split(",")
        for number in range(30)
    ]
    plan, text, trial = proposal_of(written(tmp_path, header, *rows))
    incident = tomllib.loads(text)["incident"]
    assert (incident["id"], incident["repeated"]) == ("a-{incident_id}", "gather")
    assert incident["killed"] == {"best": "killed", "rows": "sum"}
    assert "job" in incident["extra"]["gathered"]
    assert (trial.rows, trial.bad, trial.incidents) == (30, 0, 10)
    assert_accounted_for(plan, text)
    rows[1][2] = "2024-03-01"  # no longer one incident
    plan, text, trial = proposal_of(written(tmp_path, header, *rows))
    assert not plan.gathers
    assert "repeated" not in tomllib.loads(text)["incident"] or plan.numbers_repeated
    assert trial.bad == 0


def test_the_terms_of_a_known_dataset_are_known_in_another_file(tmp_path: Path) -> None:
    kinds = [
        ("Battles", "Armed clash"),
        ("Violence against civilians", "Attack"),
        ("Strategic developments", "Looting/property destruction"),
        ("Explosions/Remote violence", "Air/drone strike"),
    ]
    rows = [[f"R{number}", "2024-01-02", *kinds[number % 4], "Paper A; Agency B"] for number in range(12)]
    path = written(tmp_path, ["Ref", "Day", "Category", "Sub category", "Sources"], *rows)
    _, text, trial = proposal_of(path)
    assert trial.bad == 0
    profile = parse(text, "p.toml")
    header, *cells = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    parser = RowParser(profile, header, SharedRecords(), lambda remark, line: None)
    facts = [parser.parse(line, row) for line, row in enumerate(cells[:4], 2)]
    assert [(each.fields["event_type"], each.fields["event_subtype"]) for each in facts if each] == [
        ("battle", "armed_clash"),
        ("violence_against_civilians", ""),
        ("coercion", "looting"),
        ("strike", "air_strike"),
    ]
    assert all(len(each.reports) == 2 for each in facts if each)


@pytest.mark.parametrize("separator", [";", "|"])
def test_an_encoding_can_be_named(tmp_path: Path, separator: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(f"id{separator}date{separator}what\n1{separator}2024-01-02{separator}щ\n".encode("cp1251"))
    with pytest.raises(CommandError, match="cannot be told"):
        told(path)
    lines = told(path, encoding="cp1251")
    assert 'encoding = "cp1251" # as asked for' in lines
    with pytest.raises(CommandError, match="'cp99' is no encoding"):
        told(path, encoding="cp99")


def test_a_reader_that_has_seen_enough_ends_it_in_silence(tmp_path: Path) -> None:
    header = [f"c{number}" for number in range(2000)]
    path = written(tmp_path, ["id", "date", *header], ["1", "2024-01-02", *header])
    command = f"{sys.executable} manage.py profile {path} | head -1"
    done = subprocess.run(
        command,
        shell=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("a.csv: delimited text, 1 rows, 2002 columns")
    assert done.stderr == ""


def test_on_a_terminal_the_report_is_short_and_says_what_to_do(tmp_path: Path) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    from django.core.management import call_command

    out, mine = Terminal(), tmp_path / "mine.toml"
    path = written(tmp_path, LANGUAGES["en"], *ROWS)
    call_command("profile", path, output=mine, stdout=out)
    lines = out.getvalue().splitlines()
    assert len(lines) < 30
    assert "  start    Incident Date  (sure)" in lines
    assert "Tried: all 2 rows can be loaded with it." in lines
    assert f"The proposed profile is in {mine}. LOOK marks what only you can decide." in lines
    told_lines = next(line for line in lines if "decide on lines" in line)
    numbers = [int(each) for each in told_lines.split("lines ")[1].rstrip(".").split(", ")]
    text = mine.read_text().splitlines()
    assert numbers
    assert all("LOOK" in text[number - 1] for number in numbers)
    assert f"  2. manage.py load_incidents {path} --profile {mine} --dry-run" in lines


# ---- Any file of rows


def _some(*texts: str) -> st.SearchStrategy[str]:
    return st.sampled_from(texts)


WORDS = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=40)
COLUMNS: dict[str, st.SearchStrategy[str]] = {
    "id": st.integers(0, 10**6).map(str),
    "Event ID": WORDS,
    "Case number": _some("1", "2"),
    "Incident Date": st.dates().map(str) | st.just(""),
    "дата": st.dates(min_value=__import__("datetime").date(1900, 1, 1)).map(lambda day: day.strftime("%d.%m.%Y")),
    "town": WORDS,
    "Admin 1": WORDS,
    "type": WORDS,
    "Sub event type": WORDS,
    "what\nhappened": WORDS,
    "Notes": st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0\r"), max_size=300),
    "lat": st.floats(-90, 90).map(lambda value: f"{value:.5f}"),
    "lon": st.floats(-180, 180).map(lambda value: f"{value:.5f}"),
    "gps": _some("48.5, 37.9", "", "(48.5, 37.9)", "POINT (37.9 48.5)"),
    "killed": _some("0", "1", "12", "", "NA", "-9"),
    "Injured": _some("0", "1", "12", "", "NA"),
    "low": _some("0", "1", "20", ""),
    "high": _some("0", "1", "20", ""),
    "source": WORDS,
    "url": _some("https://example.org/a", "https://example.org/b", ""),
    "perpetrator": WORDS,
    "victim": WORDS,
    "tags": _some("a; b", "c", ""),
    "a{b}": WORDS,
    'quote"': WORDS,
    "": _some("x", ""),
    "Country": _some("Ukraine", "Iraq", ""),
    "iso3": _some("UKR", "IRQ", ""),
    "weight": _some("1,5", "2", "1.200,5", ""),
    "Headline": WORDS,
    "Publication date": _some("2024-01-02", "soon", ""),
    "Language": _some("en", "uk", ""),
    "pcode": _some("UA0100", ""),
    "wikidata id": _some("Q1", ""),
    "geonameid": _some("12345", ""),
    "date_prec": _some("1", "2", "5"),
    "where_prec": _some("1", "7", ""),
    "Admin 3": WORDS,
    "address": WORDS,
    "month": _some("1", "12"),
    "report link": _some("https://example.org/a", "see page 3", ""),
    "Time": _some("10:15", "", "23:59"),
    "Year": _some("2020", "2021"),
    "Occurred": _some("2024-01-02 10:15", "May 2022", "5 мая 2010 г.", "45293", "12/31/2024", "2024-01-02T04:10:00Z"),
}


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_is_proposed_loads_the_file_that_it_was_made_from(data: st.DataObject, tmp_path_factory: Any) -> None:
    dated = data.draw(st.sampled_from(["Incident Date", "дата", "Year", "Occurred"]))
    others = data.draw(st.lists(st.sampled_from([name for name in COLUMNS if name != dated]), unique=True, max_size=12))
    header = data.draw(st.permutations([dated, *others]))
    rows = data.draw(st.lists(st.tuples(*[COLUMNS[name] for name in header]).map(list), min_size=1, max_size=12))
    assume(any("".join(cells).strip() for cells in rows))  # else the file has no rows
    path = written(tmp_path_factory.mktemp("any"), header, *rows)
    plan, text, trial = proposal_of(path)
    assert (trial.error, trial.faults) == ("", [])
    assert trial.rows - trial.remarks.get("rows left out by the profile: lines below the data", 0) <= len(rows)
    assert_accounted_for(plan, text)


@given(
    st.integers(1, 5).flatmap(
        lambda rows: st.lists(st.lists(st.integers(0, 9), min_size=5, max_size=5), min_size=rows, max_size=rows)
    )
)
def test_an_assignment_is_the_cheapest_of_all(costs: list[list[int]]) -> None:
    from itertools import permutations

    found = cheapest(costs)
    assert len(set(found)) == len(found)
    least = min(sum(costs[row][at] for row, at in enumerate(some)) for some in permutations(range(5), len(costs)))
    assert sum(costs[row][at] for row, at in enumerate(found)) == least


# ---- The cases beside the repository

needs_cases = pytest.mark.skipif(not CASES.exists(), reason=f"the cases are not in {CASES}")
REFUSED = {"formula.xlsx": "never calculated", "sheet_trailing_space.xlsx": "has the sheets"}
NO_DAYS = {"born.csv"}
BAD_ROWS = {"crash_mixed_order.csv": 1, "dmy2.csv": 1, "counts.csv": 5, "merged.xlsx": 0}


@needs_cases
@pytest.mark.parametrize("path", sorted(CASES.glob("*.*")), ids=lambda path: path.name)
def test_the_proposal_for_a_case_loads_it_and_names_every_column(path: Path) -> None:
    if path.name in REFUSED:
        with pytest.raises(CommandError, match=REFUSED[path.name]):
            told(path)
        return
    plan, text, trial = proposal_of(path)
    assert_accounted_for(plan, text)
    if path.name in NO_DAYS:
        assert "LOOK: no column was found that holds days" in text
        return
    assert trial.error == ""
    assert trial.bad <= BAD_ROWS.get(path.name, 0)


@needs_cases
def test_a_sheet_whose_name_ends_in_a_blank_is_named_as_it_is() -> None:
    _, text, trial = proposal_of(CASES / "sheet_trailing_space.xlsx", sheet="2016-23 Attacks ")
    assert tomllib.loads(text)["file"]["sheet"] == "2016-23 Attacks "
    assert (trial.error, trial.bad) == ("", 0)
