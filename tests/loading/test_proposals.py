"""What `manage.py profile` proposes: guesses with their reasons, and every column accounted for."""

import csv
import io
import tomllib
from pathlib import Path

import pytest

from incidents.loading.inspection.column_names import name_score
from incidents.loading.pipeline.row_parser import RowParser
from incidents.loading.profiles.profile import parse
from incidents.loading.staging.parsed import SharedRecords
from tests.loading.files import load, public
from tests.loading.proposing import LANGUAGES, ROWS, assert_accounted_for, proposal_of, roles_of, written
from tests.loading.test_inspecting import told


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
