"""The score of a year from records, absences and ratings: the same rows and the same version give the same points. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from hub.streams.duties.scoring_messages import Item, ItemScore, Rater, ScoreRow, ScoreRules

COUNTED = frozenset(("counted", "frozen"))


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """One record that counts."""

    kind: str
    hours: float


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """`ratings`: rater → points by item code. `adjusted`: points that appeals have brought or cost."""

    person: str
    name: str
    delegation: str
    done: tuple[Done, ...] = ()
    missed: int = 0
    adjusted: float = 0.0
    ratings: Mapping[str, Mapping[str, float]] = msgspec.field(default_factory=dict)


def item_score(item: Item, known: Known) -> ItemScore:
    done = [one for one in known.done if one.kind in item.kinds]
    hours = sum(one.hours for one in done)
    raw = round(len(done) * item.each + hours * item.hour, 2)
    points = raw if item.cap is None else min(raw, item.cap)
    return ItemScore(code=item.code, zh=item.zh, en=item.en, records=len(done), hours=round(hours, 2), raw=raw, points=points,
                     rated=_mean(known.ratings[rater].get(item.code, 0.0) for rater in known.ratings) if all_in(known) else None)


def all_in(known: Known) -> bool:
    return set(known.ratings) == {rater.value for rater in Rater}


def _mean(points: Iterable[float]) -> float:
    given = list(points)
    return round(sum(given) / len(given), 2)


def score(rules: ScoreRules, known: Known, *, year: int, version: int, frozen: bool = False) -> ScoreRow:
    """Without a rank yet."""
    items = tuple(item_score(item, known) for item in rules.items)
    counted = round(sum(one.points for one in items) + known.missed * rules.absence, 2)
    rating = round(sum(one.rated or 0.0 for one in items), 2) if all_in(known) else None
    weighed = counted if rating is None else counted * (1 - rules.weight) + rating * rules.weight
    return ScoreRow(id=f"{year}/{known.person}", person=known.person, name=known.name, delegation=known.delegation, year=year, version=version,
                    items=items, missed=known.missed, counted=counted, rating=rating, raters=tuple(sorted(known.ratings)), adjusted=known.adjusted,
                    total=round(weighed + known.adjusted, 2), rank=0, of=0, frozen=frozen)


def ranked(rows: Sequence[ScoreRow]) -> list[ScoreRow]:
    """Equal totals share a rank; the next one is behind all of them."""
    ordered = sorted(rows, key=lambda row: (-row.total, row.person))
    totals = [row.total for row in ordered]
    return [msgspec.structs.replace(row, rank=totals.index(row.total) + 1, of=len(ordered)) for row in ordered]
