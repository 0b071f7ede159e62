"""SQL for browsing: photos in an order with their months, and how many there are where and when."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Integer, Row, cast, func, nulls_last, select
from sqlalchemy.sql.elements import ColumnElement

from engine.browsing import FolderCount, Listing, Month, Order
from engine.filters import Filters
from engine.library.filtering import folded, newest_first, shown_folder, when_taken
from engine.library.paths import absolute
from engine.library.photos import passing
from engine.library.schema import ContentRow, PhotoRow, RootRow


def listing(connection: Connection, filters: Filters, order: Order, without: Collection[int]) -> Listing:
    """Return the present photos that pass the filters, in an order; those without a date come last."""
    query = passing(filters).add_columns(_month()).order_by(*_keys(order))
    rows = [(row[0], row[1]) for row in connection.execute(query) if row[0] not in without]
    ids = tuple(photo_id for photo_id, _ in rows)
    if order == "name":
        return Listing(ids)
    runs = groupby(rows, key=itemgetter(1))
    return Listing(ids, tuple(Month(_first_day(month), sum(1 for _ in run)) for month, run in runs))


def month_counts(connection: Connection) -> tuple[Month, ...]:
    """Return how many photos there are of each month, latest first; those without a date come last."""
    month = _month()
    rows = connection.execute(
        select(month, func.count())
        .select_from(PhotoRow)
        .join(ContentRow, ContentRow.id == PhotoRow.content_id)
        .where(~PhotoRow.missing)
        .group_by(month)
        .order_by(nulls_last(month.desc()))
    )
    return tuple(Month(_first_day(found), photos) for found, photos in rows)


def folder_counts(connection: Connection) -> tuple[FolderCount, ...]:
    """Return how many photos lie in each folder that has any, root by root, in the order of their names."""
    folder = func.folder_of(PhotoRow.path)
    rows = connection.execute(
        select(RootRow.path.label("root"), folder.label("folder"), func.count().label("photos"))
        .join(PhotoRow, PhotoRow.root_id == RootRow.id)
        .where(~PhotoRow.missing)
        .group_by(RootRow.id, folder)
    ).all()
    unclear = _unclear(rows)
    counts = [
        FolderCount(
            absolute(row.root, b""),
            tuple(os.fsdecode(part) for part in row.folder.split(b"/") if part),
            row.photos,
            absolute(row.root, b"").as_posix().rstrip("/") if row.root in unclear else _name(row.root),
        )
        for row in rows
    ]
    return tuple(sorted(counts, key=lambda count: ([folded(part) for part in count.parts], count.parts)))


def _unclear(rows: Sequence[Row[Any]]) -> set[bytes]:
    """Return the roots whose own name, as a folder filter, finds photos of other folders, too."""
    folders = [(row.root, folded(shown_folder(row.root, row.folder))) for row in rows]
    unclear = set()
    for root in {root for root, _ in folders}:
        top = folded(shown_folder(root, b""))
        word = re.compile(rf"(?<![^\W_]){re.escape(top)}")
        elsewhere = (
            found.start() > 0 or other != root
            for other, shown in folders
            if top in shown
            for found in word.finditer(shown)
        )
        if not _name(root) or any(elsewhere):
            unclear.add(root)
    return unclear


def _name(root: bytes) -> str:
    return absolute(root, b"").name


def _month() -> ColumnElement[Any]:
    """Return the month of a photo as a number such as 201907, NULL where it has no date."""
    return cast(func.strftime("%Y%m", when_taken(), "unixepoch"), Integer)


def _first_day(month: int | None) -> date | None:
    return None if month is None else date(month // 100, month % 100, 1)


def _keys(order: Order) -> Sequence[Any]:
    if order == "name":
        return func.name_key(PhotoRow.path), PhotoRow.path, PhotoRow.id
    if order == "oldest":
        return nulls_last(when_taken()), PhotoRow.id
    return newest_first()
