"""Evaluates expressions with NumPy for the differential run and the benchmarks' oracle.

One process, JSON lines: a request is {"cases": [{"py": expression, "x": [[dtype, shape, base64], ...]}, ...]}, the answer
{"results": [...]}, one result per case: {"d", "s", "b"} for an array or NumPy scalar, {"t"} for text, {"l"} for a list,
{"e"} for an error. The first line written says which NumPy this is and what it has.
"""

import base64
import json
import sys
import warnings

import numpy as np

warnings.simplefilter("ignore")
np.seterr(all="ignore")


def array(spec):
    d, s, b = spec
    return np.frombuffer(bytearray(base64.b64decode(b)), dtype=d).reshape(s)


def setitem(a, index, value):
    a[index] = value
    return a


def after(f, a, *args, **keywords):
    f(a, *args, **keywords)
    return a


def encode(r):
    if isinstance(r, (tuple, list)):
        return {"l": [encode(v) for v in r]}
    if isinstance(r, str):
        return {"t": r}
    a = np.asarray(r)
    if a.dtype.kind not in "biufc":
        return {"e": f"a result of dtype {a.dtype}"}
    return {"d": a.dtype.name, "s": list(a.shape), "b": base64.b64encode(a.tobytes()).decode()}


def evaluate(case):
    try:
        names = {"np": np, "x": [array(spec) for spec in case["x"]], "setitem": setitem, "after": after}
        return encode(eval(case["py"], names))
    except Exception as error:  # whatever NumPy raises is its answer
        return {"e": f"{type(error).__name__}: {error}"}


hello = {
    "version": np.__version__,
    "python": sys.version.split()[0],
    "names": [n for n in dir(np) if not n.startswith("_")],
    "ufuncs": [n for n in dir(np) if isinstance(getattr(np, n), np.ufunc)],
}
print(json.dumps(hello), flush=True)
for line in sys.stdin:
    print(json.dumps({"results": [evaluate(c) for c in json.loads(line)["cases"]]}), flush=True)
