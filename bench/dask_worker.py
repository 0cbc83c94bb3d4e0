"""dask's side of bench/dask.ts: makes the store, then runs the pipeline once per line of standard input.

Usage: /usr/bin/python3 bench/dask_worker.py STORE ROWS COLUMNS CHUNK. Answers one JSON line per run: seconds and result.
"""

import json
import sys
import time

import dask
import dask.array as da
import numpy as np
import zarr

path, rows, columns, chunk = sys.argv[1], *map(int, sys.argv[2:5])

# Smooth data with noise in the low bits, as measurements are: it compresses, but not to nothing.
z = zarr.open(path, mode="w", shape=(rows, columns), chunks=(chunk, chunk), dtype="f8")
noise = np.random.default_rng(1)
for i in range(0, rows, chunk):
    part = np.add.outer(np.arange(i, min(i + chunk, rows)), np.arange(columns)) / 64.0
    z[i : i + chunk] = part + np.round(noise.uniform(0, 1, part.shape), 3)

pipelines = {
    "sqrt(x) * 2 + 1, mean": lambda x: (da.sqrt(x) * 2 + 1).mean(),
    "(x - mean) / std over columns, largest": lambda x: ((x - x.mean(axis=0)) / x.std(axis=0)).max(),
    "sum over rows": lambda x: x.sum(axis=1).sum(),
}
for line in sys.stdin:
    if line.strip() == "{}":
        facts = {"dask": dask.__version__, "zarr": zarr.__version__, "numpy": np.__version__}
        print(json.dumps(facts), flush=True)
        continue
    x = da.from_zarr(path)
    start = time.perf_counter()
    result = float(pipelines[json.loads(line)](x).compute(scheduler="threads"))
    print(json.dumps({"seconds": time.perf_counter() - start, "result": result}), flush=True)
