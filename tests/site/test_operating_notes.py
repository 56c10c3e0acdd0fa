import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
READS = re.compile(r'env\.\w+\(\s*"([A-Z_]+)"')


def test_the_notes_list_the_variables_that_the_code_reads_and_no_other() -> None:
    code = [ROOT / "incidents_api/settings.py", ROOT / "incidents_api/management/commands/serve.py"]
    read = {name for file in code for name in READS.findall(file.read_text(encoding="utf-8"))}

    table = re.findall(r"^\| (`[A-Z].*?) \|", (ROOT / "docs/operating.md").read_text(encoding="utf-8"), re.MULTILINE)
    listed = {name for row in table for name in re.findall(r"`([A-Z_]+)`", row)}

    assert listed == read
