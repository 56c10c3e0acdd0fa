"""How much a file may hold before it is refused: more is damaged or a trap, and would not fit in memory."""

MAX_LINE = 16 * 2**20
"""Bytes a line, a JSON object or a row of a spreadsheet may have, and characters a cell."""

MAX_ROW = 4 * MAX_LINE
"""Bytes that all the lines of one row may have."""

MAX_RATIO = 200
"""Unpacked bytes for each packed one; text seldom reaches 40."""

FREE = 64 * 2**20
"""Unpacked bytes up to which the ratio does not matter."""

MAX_UNPACKED = 200 * 2**30
"""Unpacked bytes in all."""

MAX_COPIED = 2 * 2**30
"""Unpacked bytes of a file within an archive that has to be copied out, because it is not read from its start."""

MAX_PARTS = 32 * 2**20
"""Bytes of what a spreadsheet keeps beside its sheets, its texts among them, which have to be in memory."""

MAX_DIRECTORY = 16 * 2**20
"""Bytes that an archive's list of its files may have."""

MAX_COLUMNS = 4096
MAX_CELLS = 4_000_000
"""Cells that the lists of objects in one row may make."""

MAX_DEPTH = 32
"""Levels of JSON."""

SAMPLE = 2**20
"""Bytes from which the encoding is told."""
