"""Rows of turns as a Parquet file, by pyarrow (extra `parquet`)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from importlib.util import find_spec

from onrecord.model.problem import Place, Problem, UserError
from onrecord.text.turn_rows import COLUMNS, TurnRow, values


def write(rows: Sequence[TurnRow]) -> bytes:
    """Write rows as one Parquet file, compressed with zstd; `date` is a day, times are whole milliseconds.

    Raises:
        UserError: pyarrow is not installed.
    """
    if find_spec("pyarrow") is None:
        says = "Parquet needs the package pyarrow"
        hint = 'install it: pip install "onrecord[parquet]"; --csv and --jsonl need nothing'
        raise UserError((Problem(Place("--parquet"), says, hint),))
    from datetime import date

    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {"int": pa.int64(), "bool": pa.bool_(), "str": pa.string()}
    types = TurnRow.__annotations__
    schema = pa.schema(
        [pa.field(c, pa.date32() if c == "date" else kinds[types[c]], nullable=False) for c in COLUMNS]
    )
    columns = list(zip(*map(values, rows), strict=True)) or [()] * len(COLUMNS)
    arrays = [
        pa.array(
            [date.fromisoformat(str(v)) for v in column] if c == "date" else column, schema.field(c).type
        )
        for c, column in zip(COLUMNS, columns, strict=True)
    ]
    out = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), out, compression="zstd")
    return out.getvalue()
