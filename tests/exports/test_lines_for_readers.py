"""The lines that docs/exports.md gives for pandas and R read an export as it is, words such as NA included."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pandas  # type: ignore[import-untyped]  # it brings no types
import pytest

from incidents import publishing
from tests.exports.files import save
from tests.factories import IncidentFactory

pytestmark = pytest.mark.django_db

DOCS = (Path(__file__).parents[2] / "docs" / "exports.md").read_text(encoding="utf-8")
TEXTS = ["NA", "null", "007", "1e5", "#no comment", 'Two "lines":\nб, г', "“=”", "=1", "TRUE"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An export of texts that readers like to change."""
    publishing.publish(
        [IncidentFactory(public_id=f"i-{at}", summary=text, killed_best=at or None) for at, text in enumerate(TEXTS)]
    )
    return save(tmp_path, "incidents.csv")


def test_pandas_keeps_words_that_it_takes_for_missing(file: Path) -> None:
    assert '`keep_default_na=False, na_values=[""]`' in DOCS
    table = pandas.read_csv(file, keep_default_na=False, na_values=[""]).set_index("id").sort_index()
    assert list(table["summary"]) == [*TEXTS[:7], "'=1", "TRUE"]
    assert table["killed_best"].isna().sum() == 1


@pytest.mark.skipif(not shutil.which("Rscript"), reason="There is no R here: apt-get install r-base-core")
def test_r_keeps_every_text(file: Path, tmp_path: Path) -> None:
    (documented,) = re.findall(r"```r\n(.*?)```", DOCS, re.DOTALL)
    read = re.sub(r'"http://[^"]*"', json.dumps(str(file)), documented)
    script = tmp_path / "read.R"
    script.write_text(
        f"{read}\nincidents <- incidents[order(incidents$id), ]\n"
        'cat(enc2utf8(incidents$summary), sum(is.na(incidents$killed_best)), sep = "\\x1e")\n',
        encoding="utf-8",
    )
    said = subprocess.run(["Rscript", str(script)], capture_output=True, check=False)
    assert (said.returncode, said.stderr) == (0, b"")
    assert said.stdout.decode().split("\x1e") == [*TEXTS[:7], "'=1", "TRUE", "1"]
