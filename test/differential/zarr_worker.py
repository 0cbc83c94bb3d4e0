"""Reads and writes Zarr stores with zarr-python for test/differential/zarr.ts: JSON lines in and out.

{"read": path} answers {"d", "s", "b"}; {"write": path, "seed": n} makes a random store and answers the same of it.
"""

import base64
import json
import random
import sys

import numcodecs
import numpy as np
import zarr

DTYPES = "b1 i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8 c8 c16".split()


def told(array):
    a = np.asarray(array[...])
    native = np.ascontiguousarray(a).astype(a.dtype.newbyteorder("<")).reshape(a.shape)
    return {"d": native.dtype.name, "s": list(a.shape), "b": base64.b64encode(native.tobytes()).decode()}


def compressor(rng):
    inner = rng.choice(["lz4", "lz4hc", "blosclz", "zstd", "zlib"])
    return rng.choice(
        [
            None,
            numcodecs.GZip(rng.randint(0, 9)),
            numcodecs.Zlib(rng.randint(0, 9)),
            numcodecs.Zstd(rng.randint(1, 9)),
            numcodecs.LZ4(),
            numcodecs.Blosc(inner, rng.randint(0, 9), rng.randint(-1, 2), rng.choice([0, 0, 64, 4096])),
        ]
    )


def write(path, seed):
    rng = random.Random(seed)
    code = rng.choice(DTYPES)
    dtype = np.dtype(rng.choice("<>") + code)
    shape = tuple(rng.randint(0, 40) for _ in range(rng.randint(0, 3)))
    chunks = tuple(rng.randint(1, n + 3) for n in shape)
    fill = rng.choice([0, 1, None] + ([float("nan"), float("inf")] if dtype.kind in "fc" else []))
    array = zarr.open(
        path,
        mode="w",
        shape=shape,
        chunks=chunks,
        dtype=dtype,
        fill_value=fill,
        order=rng.choice("CF"),
        compressor=compressor(rng),
        dimension_separator=rng.choice("./"),
    )
    bits = np.random.default_rng(seed)
    # Without a fill value chunks that are not there hold anything.
    corner = tuple(slice(0 if fill is None else rng.randint(0, n // 2), n) for n in shape)
    values = bits.integers(0, rng.choice([2, 100]), array[corner].shape)
    if dtype.kind == "c":
        values = values + 1j * bits.normal(size=values.shape)
    array[corner] = values.astype(dtype)
    return {**told(array), "about": f"{dtype.str} {shape} {chunks} {array.compressor} {array.order}"}


print(json.dumps({"zarr": zarr.__version__}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    try:
        if "read" in request:
            answer = told(zarr.open(request["read"], mode="r"))
        else:
            answer = write(request["write"], request["seed"])
    except Exception as error:
        answer = {"e": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
