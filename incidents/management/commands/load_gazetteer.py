"""Load gazetteers: places with their names in every script, to which files of incidents are then matched."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from incidents.full_disk import told_if_full
from incidents.loading.errors import LoadError
from incidents.loading.load_report import LoadReport
from incidents.loading.places.gazetteer import GazetteerOptions, load
from incidents.management.reported_errors import reported


class Command(BaseCommand):
    """Reads the command line and prints the result."""

    help = (
        "Load gazetteers: GeoNames dumps (allCountries.txt, UA.txt), or tables with the same columns and a "
        "header. Creates or enriches places as working records, and publishes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--admin1", type=Path, help="GeoNames' admin1CodesASCII.txt: names of regions")
        parser.add_argument("--admin2", type=Path, help="GeoNames' admin2Codes.txt: names of districts")
        parser.add_argument("--names", type=Path, help="GeoNames' alternateNamesV2.txt: names with their languages")
        parser.add_argument(
            "--country",
            action="append",
            default=[],
            help="ISO 3166-1 alpha-3 code of a country to load; may be repeated",
        )
        parser.add_argument("--classes", default="A,P", help="GeoNames feature classes to load (default A,P)")
        parser.add_argument("--dry-run", action="store_true", help="show what would change without writing anything")
        parser.add_argument("--skip-bad", action="store_true", help="skip invalid rows and list them")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the files; the last line counts what was added, enriched and left as it was."""
        # Not self.stdout: it ends every write with a new line, which a progress bar cannot have.
        out, err = options.get("stdout") or sys.stdout, options.get("stderr") or sys.stderr
        report = LoadReport(out, err, every_line=options["verbosity"] > 1)
        with reported(LoadError, nothing_was="written"), told_if_full("Nothing was loaded"):
            counts = load(options["files"], self._options(options), report)
        if counts.recognised:
            report.say(f"recognised {counts.recognised:,} existing places without a GeoNames id")
        report.write_list("changed since the gazetteer was last loaded", counts.changed)
        report.write_list("kept, because loads or editors have changed them", counts.kept)
        report.write_list("several of our places are duplicates; merge them", counts.twins)
        report.write_list("ambiguous: several places in the gazetteer match, so none was used", counts.unsure)
        if counts.public:
            report.say(
                f"note: {counts.public:,} of the enriched places are public; readers see the changes when editors "
                "publish them (admin, Places, “Public, edited since”)"
            )
        if counts.bad:
            report.say(f"skipped {counts.bad:,} invalid rows")
        if options["dry_run"]:
            report.say("dry run: nothing was written")
        report.say(str(counts))

    def _options(self, options: dict[str, Any]) -> GazetteerOptions:
        classes = frozenset(each.strip().upper() for each in options["classes"].split(","))
        if unknown := sorted(classes - frozenset("AHLPRSTUV")):
            raise CommandError(
                f"--classes {','.join(unknown)}: valid feature classes are A, H, L, P, R, S, T, U and V."
            )
        only = frozenset(code.strip().upper() for each in options["country"] for code in each.split(","))
        if wrong := sorted(code for code in only if not (len(code) == 3 and code.isalpha())):
            raise CommandError(f"--country {', '.join(wrong)}: use ISO 3166-1 alpha-3 codes, for example UKR.")
        return GazetteerOptions(
            classes=classes,
            only=only,
            admin1=options["admin1"],
            admin2=options["admin2"],
            names=options["names"],
            skip_bad=options["skip_bad"],
            dry_run=options["dry_run"],
        )
