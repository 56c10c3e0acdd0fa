"""Reports that a cell lists: told apart, counted, never dropped in silence."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from incidents.loading.pipeline.reports import TWICE, UNEVEN, UNREAD
from incidents.loading.pipeline.row_parser import RowParser
from incidents.loading.profiles import profile
from incidents.loading.staging.parsed import IncidentFacts, SharedRecords
from tests.loading.files import COLUMNS, event


class Planned:
    def __init__(self, **cells: Any) -> None:
        self.remarks: list[str] = []
        note = lambda remark, line: self.remarks.append(remark)  # noqa: E731 - one line where a function takes three
        parser = RowParser(profile.load("ucdp-ged"), COLUMNS, SharedRecords(), note)
        facts = parser.parse(7, [str(cell) for cell in event(1, **cells).values()])
        assert isinstance(facts, IncidentFacts)
        self.facts = facts
        self.told = [(each.source, str(each.published_on), each.title) for each in facts.reports]
        self.extra = facts.fields["extra"]


def test_each_quoted_article_is_a_report() -> None:
    planned = Planned(
        number_of_sources=2,
        source_article='"Agency,2014-05-02,Two die";"The Paper, Sunday,2014-05-03,No, three; or four"',
    )
    assert planned.told == [
        ("agency", "2014-05-02", "Two die"),
        ("the-paper-sunday", "2014-05-03", "No, three; or four"),
    ]
    assert planned.remarks == []


def test_quotes_line_breaks_and_separators_in_a_headline_stay_in_it() -> None:
    planned = Planned(source_article='"Agency,2014-05-02,Flees in "coup"";"says\n the "Times""')
    assert planned.told == [("agency", "2014-05-02", 'Flees in "coup"";"says the "Times"')]


def test_one_article_has_one_id_in_every_event_and_letter_case() -> None:
    first = Planned(source_article='"Agency,2014-05-02,Two die"').facts.reports
    again = Planned(id=9, source_article='"AGENCY,2014-05-02,two  die"').facts.reports
    assert first[0].id == again[0].id
    assert first[0].published_on == date(2014, 5, 2)


def test_an_article_listed_twice_is_one_report_and_told() -> None:
    planned = Planned(number_of_sources=2, source_article='"A,2014-05-02,Die";"A,2014-05-02,Die"')
    assert len(planned.told) == 1
    assert planned.remarks == [TWICE]


def test_lists_in_step_help_out_where_articles_are_not_quoted_so() -> None:
    planned = Planned(
        number_of_sources=2,
        source_article="see office",
        source_office="Agency;Paper",
        source_date="2014-05-02;2014-05-03",
        source_headline="Two die;Three die",
    )
    assert [each[0] for each in planned.told] == ["agency", "paper"]
    assert planned.remarks == []


def test_another_number_than_given_is_told_and_the_text_kept() -> None:
    planned = Planned(number_of_sources=3)
    assert len(planned.told) == 1
    assert planned.remarks == [UNEVEN]
    assert planned.extra["source_article"] == '"Agency,2014-05-02,Two die in Streltsau"'


def test_what_cannot_be_told_apart_is_kept_as_text_and_told() -> None:
    planned = Planned(
        number_of_sources=-1, source_article="Keesing's 1991", source_office="", source_date="", source_headline=""
    )
    assert planned.told == []
    assert planned.extra["source_article"] == "Keesing's 1991"
    assert planned.remarks == [UNREAD]


@pytest.mark.parametrize(
    ("office", "kind"),
    [
        ("Agence France Presse", "news_agency"),
        ("OSCE Special Monitoring Mission to Ukraine", "international_organisation"),
        ("Ministry of Defense of Ukraine (Facebook)", "authority"),
        ("Joint Forces Operation", "armed_forces"),
        ("@EuromaidanPress Twitter", "social_media"),
        ("ICG", "ngo"),
        ("MemoryBook", "unknown"),
    ],
)
def test_a_source_is_called_no_more_than_its_name_tells(office: str, kind: str, tmp_path: Path) -> None:
    shared = SharedRecords()
    parser = RowParser(profile.load("ucdp-ged"), COLUMNS, shared, lambda remark, line: None)
    parser.parse(2, [str(cell) for cell in event(1, source_article=f'"{office},2014-05-02,x"').values()])
    assert [each.kind for each in shared.sources.most_frequent().values()] == [kind]
