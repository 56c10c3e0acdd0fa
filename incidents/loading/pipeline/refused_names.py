"""Places, sources and actors that only refused rows name: they are not made, since nothing would show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from incidents.loading.staging.parsed import SharedRecords, StagedRow, with_areas


class RefusedNames:
    """Collects what rows name that were read and then refused: an id is taken, or rows contradict each other."""

    def __init__(self) -> None:
        self._places: set[str] = set()
        self._sources: set[str] = set()
        self._actors: set[str] = set()

    def add(self, row: StagedRow) -> None:
        """Take up the names of a refused row."""
        self._places.add(row.place)
        self._sources.update(row.sources)
        self._actors.update(row.actors)

    def forget(self, shared: SharedRecords, chunks: Iterable[Sequence[StagedRow]]) -> None:
        """Drop from what the file shares all that no row names which is kept."""
        if not (self._places or self._sources or self._actors):
            return
        facts = shared.places.most_frequent()
        places = {each for place in self._places for each in with_areas(facts, place)}
        sources, actors, seen = self._sources, self._actors, set[str]()
        for rows in chunks:
            for row in rows:
                sources = sources.difference(row.sources)
                actors = actors.difference(row.actors)
                if row.place not in seen:
                    seen.add(row.place)
                    places.difference_update(with_areas(facts, row.place))
        shared.places.drop(places)
        shared.sources.drop(sources)
        shared.actors.drop(actors)
