"""Proposals of files in disorder, and what the command prints."""

import io
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.core.management import CommandError

from incidents.loading.inspection.inspect import inspect
from incidents.loading.inspection.plan import planned
from incidents.loading.inspection.trial import tried
from tests.loading.proposing import LANGUAGES, ROOT, ROWS, proposal_of, written
from tests.loading.test_inspecting import told


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
