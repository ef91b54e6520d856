"""Reads results folders of alphasweep: tidy frames, and arrays with coordinates.

    results = alphasweep.read("results/alpha-sweep")
    results.history                   # a row a run and record, with what the sweep set for the run
    results.array("ntk").coords       # {"run": ..., "init.alpha": ..., "epoch": ...}
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

__all__ = ["Array", "Results", "read"]


@dataclass
class Array:
    """A dense array of float32 and where its entries lie.

    values: [runs, ...] or [runs, records, ...], mapped from the disk; NaN after a run's last record
    dims: a name for each axis; several may have the same
    coords: by name (dims, numbers): of runs ("run", every swept path), and "epoch", [runs, records], NaN where there is no record
    """

    name: str
    values: np.ndarray
    dims: tuple[str, ...]
    coords: dict[str, tuple[tuple[str, ...], np.ndarray]] = field(default_factory=dict)

    def to_xarray(self):
        """The same as a DataArray; of axes with the same name the second ends in a prime."""
        import xarray

        dims: list[str] = []
        for dim in self.dims:
            dims.append(dim + "'" if dim in dims else dim)
        return xarray.DataArray(self.values, dims=dims, coords=self.coords, name=self.name)


@dataclass
class Results:
    """A results folder.

    manifest: what manifest.json says, the document with all defaults among it
    runs: a row a run: run, swept columns, status, epochs, time, the last value of every quantity
    history: a row a run and record: run, epoch, time, every quantity, swept columns
    meanings: title, symbol and unit of each column; empty in folders of older versions
    """

    folder: Path
    manifest: dict[str, Any]
    runs: pd.DataFrame
    history: pd.DataFrame
    meanings: dict[str, dict[str, str]]
    swept: list[str]

    @property
    def document(self) -> dict[str, Any]:
        """The experiment's document with every default filled in."""
        return self.manifest["document"]

    @property
    def arrays(self) -> list[str]:
        """Names of the arrays that the folder holds."""
        return sorted(path.stem for path in (self.folder / "arrays").glob("*.npy"))

    def array(self, name: str) -> Array:
        """One of `arrays`, with the coordinates of its runs and records.

        Raises FileNotFoundError where the folder does not hold it.
        """
        path = self.folder / "arrays" / f"{name}.npy"
        if not path.exists():
            raise FileNotFoundError(f"{self.folder} holds no array {name!r}; it holds {', '.join(self.arrays) or 'none'}")
        values = np.load(path, mmap_mode="r")
        described = path.with_suffix(".json")
        if described.exists():
            dims = tuple(axis["name"] for axis in json.loads(described.read_text("utf-8"))["axes"])
        else:
            # Older folders do not describe their arrays.
            has_records = name in ("ntk", "test_ntk", "singular_values", "neurons", "outputs", "function")
            first = ("run", "record") if has_records else ("run",)
            dims = first + tuple(f"axis {axis}" for axis in range(len(first), values.ndim))
        coords = {column: (("run",), self.runs[column].to_numpy()) for column in ["run", *self.swept]}
        if "record" in dims:
            record = self.history.groupby("run").cumcount().to_numpy()
            place = pd.Index(self.runs["run"]).get_indexer(self.history["run"])
            epoch = np.full(values.shape[:2], np.nan)
            epoch[place, record] = self.history["epoch"]
            coords["epoch"] = (("run", "record"), epoch)
        return Array(name, values, dims, coords)


def read(folder: str | Path, plain: bool = False) -> Results:
    """Reads a results folder.

    plain: call swept columns by their last word ("alpha" for "init.alpha") where that is no other column's name

    Raises FileNotFoundError where it is none, or has not finished.
    """
    folder = Path(folder)
    for name in ("manifest.json", "runs.parquet", "history.parquet"):
        if not (folder / name).exists():
            raise FileNotFoundError(f"{folder} is no finished results folder: there is no {name}")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    runs = pq.read_table(folder / "runs.parquet")
    history = pq.read_table(folder / "history.parquet")
    meanings: dict[str, dict[str, str]] = {}
    for table in (runs, history):
        meanings.update(json.loads((table.schema.metadata or {}).get(b"alphasweep.columns", b"{}")))
    swept = [name for name in runs.column_names if "." in name]
    runs, history = runs.to_pandas(), history.to_pandas()
    if not set(swept) <= set(history.columns):
        # Older folders have them in the runs table alone, and epochs as floating-point numbers.
        history = history.merge(runs[["run", *swept]], on="run", how="left")
        history["epoch"] = history["epoch"].astype(np.int64)
    if plain:
        names = plain_names(swept, [*runs.columns, *history.columns])
        runs, history = runs.rename(columns=names), history.rename(columns=names)
        meanings = {names.get(name, name): meaning for name, meaning in meanings.items()}
        swept = [names[name] for name in swept]
    return Results(folder, manifest, runs, history, meanings, swept)


def plain_names(swept: list[str], others: list[str]) -> dict[str, str]:
    """The last word of each path, or the whole path where that is not its alone."""
    last = {path: path.rsplit(".", 1)[-1] for path in swept}
    count = Counter(last.values())
    taken = set(others) - set(swept)
    return {path: word if count[word] == 1 and word not in taken else path for path, word in last.items()}
