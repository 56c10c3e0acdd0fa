"""Files made to exhaust whoever reads them: each is refused within 5 seconds and 300 MB, with a reason."""

import gzip
import io
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl.utils import get_column_letter

pytestmark = pytest.mark.slow

MB = 2**20
LIMIT = 300
SECONDS = 5

READ = """
import re, sys, time
from pathlib import Path
from incidents.loading.errors import LoadError
from incidents.loading.files import TableFile

began = time.process_time()
try:
    with TableFile(Path(sys.argv[1])) as table:
        for _ in table.rows():
            pass
except LoadError as error:
    most = re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]
    print(time.process_time() - began, int(most) // 1024, error)
"""


def _gzip(path: Path, piece: bytes, times: int) -> None:
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(times):
            file.write(piece)


def gzip_of_rows(path: Path) -> None:
    _gzip(path, b"a,b\n" * (MB // 4), 500)


def gzip_of_one_line(path: Path) -> None:
    _gzip(path, b"a" * MB, 1024)


def gzip_in_zip(path: Path) -> None:
    inner = io.BytesIO()
    with gzip.GzipFile(fileobj=inner, mode="wb", compresslevel=1) as file:
        for _ in range(500):
            file.write(b"a,b\n" * (MB // 4))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("rows.csv.gz", inner.getvalue())


def zip_of_rows(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("rows.csv", "w") as file:
        for _ in range(500):
            file.write(b"a,b\n" * (MB // 4))


def zip_of_many_files(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(60_000):
            archive.writestr(zipfile.ZipInfo(f"{number}{'x' * 300}.csv"), b"")


def long_line(path: Path) -> None:
    with path.open("wb") as file:
        file.write(b"a,b\n")
        file.seek(1024 * MB)
        file.write(b"\n")
    with path.open("r+b") as file:
        file.write(b"a,b\n" + b"x" * 40 * MB)


def long_cell(path: Path) -> None:
    with path.open("wb") as file:
        file.write(b'a,b\n1,"')
        for _ in range(1024):
            file.write(b"x" * (MB - 1) + b"\n")


def deep_json(path: Path) -> None:
    path.write_bytes(b'{"features": [{"a": ' + b'{"a": ' * 3_000_000)


def deep_line(path: Path) -> None:
    path.write_bytes(b'{"a": ' * 2_000_000 + b"1" + b"}" * 2_000_000)


def long_feature(path: Path) -> None:
    with path.open("wb") as file:
        file.write(b'{"features": [{"a": "')
        for _ in range(1024):
            file.write(b"x" * MB)


def _book(path: Path | io.BytesIO, part: str, content: list[bytes], whole: io.BytesIO | None = None) -> None:
    """Write a workbook of which one part is something else."""
    if whole is None:
        whole = io.BytesIO()
        book = openpyxl.Workbook()
        book.worksheets[0].append(["a", "b"])
        book.save(whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name in source.namelist():
            if name != part:
                target.writestr(name, source.read(name))
        with target.open(part, "w", force_zip64=True) as file:
            for piece in content:
                file.write(piece)


LAUGHS = b"".join(
    [
        b'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a0 "haha">',
        *(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10)),
        b']><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&a9;</t></si></sst>',
    ]
)
KIND = b"application/vnd.openxmlformats-officedocument.spreadsheetml."
TYPES = b"".join(
    [
        b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">',
        b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>',
        b'<Override PartName="/xl/styles.xml" ContentType="%sstyles+xml"/>' % KIND,
        b'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="%sworksheet+xml"/>' % KIND,
        b'<Override PartName="/xl/workbook.xml" ContentType="%ssheet.main+xml"/>' % KIND,
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="%ssharedStrings+xml"/></Types>' % KIND,
    ]
)
SST = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


def laughing_workbook(path: Path) -> None:
    _book(path, "xl/workbook.xml", [LAUGHS])


def laughing_sheet(path: Path) -> None:
    _book(path, "xl/worksheets/sheet1.xml", [LAUGHS])


def workbook_of_zeros(path: Path) -> None:
    _book(path, "xl/worksheets/sheet1.xml", [SHEET, *[b" " * MB] * 500])


def workbook_of_texts(path: Path) -> None:
    import os

    noise = [os.urandom(MB // 2).hex().encode() for _ in range(200)]
    _book(path, "xl/sharedStrings.xml", [b"<sst>", *noise])


def workbook_of_one_cell(path: Path) -> None:
    import os

    noise = [os.urandom(MB // 2).hex().encode() for _ in range(200)]
    start = b'<row r="1"><c r="A1" t="inlineStr"><is><t>'
    _book(path, "xl/worksheets/sheet1.xml", [SHEET, start, *noise])


def workbook_of_far_cells(path: Path) -> None:
    _book(path, "xl/worksheets/sheet1.xml", [SHEET, b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'])


def parquet_of_zeros(path: Path) -> None:
    column = pa.array(["x" * (100 * MB)] * 8)
    pq.write_table(pa.table({"a": column}), path, compression="zstd", use_dictionary=False, write_statistics=False)


def _held_once(path: Path, column: pa.Array) -> None:
    pq.write_table(
        pa.table({"a": column}), path, compression="zstd", dictionary_pagesize_limit=64 * MB, write_statistics=False
    )


def parquet_of_one_text(path: Path) -> None:
    _held_once(path, pa.array(["x" * 2 * MB]).dictionary_encode().take(pa.array([0] * 1000)))


def parquet_of_lists_of_one_text(path: Path) -> None:
    texts = pa.array(["x" * 2 * MB]).dictionary_encode().take(pa.array([0] * 900))
    _held_once(path, pa.ListArray.from_arrays(pa.array([0, 450, 900], pa.int32()), texts))


def parquet_of_one_long_list(path: Path) -> None:
    numbers = pa.array([0]).take(pa.array([0] * 20_000_000, pa.int32()))
    _held_once(path, pa.ListArray.from_arrays(pa.array([0, 20_000_000], pa.int32()), numbers))


def parquet_of_nulls(path: Path) -> None:
    _held_once(path, pa.nulls(80_000_000, pa.int8()))


def parquet_of_wide_values(path: Path) -> None:
    values = pa.array([b"x" * 2 * MB], pa.binary(2 * MB))
    _held_once(path, pa.concat_arrays([values] * 20))


def workbook_of_one_text(path: Path) -> None:
    types, whole, text = io.BytesIO(), io.BytesIO(), b"x" * MB
    _book(types, "[Content_Types].xml", [TYPES])
    _book(whole, "xl/sharedStrings.xml", [SST, b"<si><t>a</t></si><si><t>", text, b"</t></si></sst>"], types)
    cells = b"".join(b'<c r="%s1" t="s"><v>1</v></c>' % name.encode() for name in _letters(200))
    _book(path, "xl/worksheets/sheet1.xml", [SHEET, b'<row r="1">', cells, b"</row></sheetData></worksheet>"], whole)


def _letters(number: int) -> list[str]:
    return [get_column_letter(at) for at in range(1, number + 1)]


def uneven_objects(path: Path) -> None:
    objects = b",".join(b'{"k%d":1}' % number for number in range(50_000))
    path.write_bytes(b'{"a":[' + objects + b"]}\n")


BOMBS: list[tuple[str, Callable[[Path], None], str]] = [
    ("a.csv.gz", gzip_of_rows, "an archive bomb"),
    ("a.csv.gz", gzip_of_one_line, "an archive bomb"),
    ("a.zip", gzip_in_zip, "an archive bomb"),
    ("a.zip", zip_of_rows, "an archive bomb"),
    ("a.zip", zip_of_many_files, "list of its files is too long"),
    ("a.csv", long_line, "line 2 is longer than 16 MB"),
    ("a.csv", long_cell, "the row at line 2 never ends|the row is longer than 64 MB"),
    ("a.geojson", deep_json, "nested more than 64 levels deep"),
    ("a.ndjson", deep_line, "line 1"),
    ("a.geojson", long_feature, "an object longer than 16 MB"),
    ("a.xlsx", laughing_workbook, "it defines entities"),
    ("a.xlsx", laughing_sheet, "it defines entities"),
    ("a.xlsx", workbook_of_zeros, "an archive bomb"),
    ("a.xlsx", workbook_of_texts, "bytes beside its sheets"),
    ("a.xlsx", workbook_of_one_cell, "a row of the sheet is longer than 64 MB"),
    ("a.xlsx", workbook_of_far_cells, "16,384 cells"),
    ("a.parquet", parquet_of_zeros, "an archive bomb"),
    ("a.parquet", parquet_of_one_text, "an archive bomb"),
    ("a.parquet", parquet_of_lists_of_one_text, "row 1 is longer than 64 MB"),
    ("a.parquet", parquet_of_one_long_list, "an archive bomb"),
    ("a.parquet", parquet_of_nulls, "an archive bomb"),
    ("a.parquet", parquet_of_wide_values, "65,536 are the most"),
    ("a.xlsx", workbook_of_one_text, "row 1 of the sheet is longer than 64 MB"),
    ("a.ndjson", uneven_objects, "50,000 different names"),
]


@pytest.mark.parametrize(("name", "make", "why"), BOMBS, ids=[make.__name__ for _, make, _ in BOMBS])
def test_a_bomb_is_refused_at_once_and_in_little_memory(
    tmp_path: Path, name: str, make: Callable[[Path], None], why: str
) -> None:
    path = tmp_path / name
    make(path)
    # A process of its own, and one that the system stops: memory that is taken is not always given back.
    run = subprocess.run(
        [sys.executable, "-c", READ, str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (4096 * MB, 4096 * MB)),
    )
    assert run.returncode == 0, run.stderr[-500:]
    seconds, memory, told = run.stdout.split(" ", 2)
    assert any(each in told for each in why.split("|")), told
    assert float(seconds) < SECONDS
    assert int(memory) < LIMIT
