"""NumPy's side of the benchmark: compiles and times statements on request, JSON lines over standard input and output.

Requests: {"setup": {name: expression}, "run": statement} makes a case ready; {"reps": n} times n runs of it and answers
{"ns": nanoseconds of one run}; {"facts": true} says what is running. Errors are answered as {"error": text}.
"""

import json
import os
import sys
import time
import warnings

import numpy as np

try:
    import numexpr as ne  # for bench/numexpr.ts
except ImportError:
    ne = None

warnings.simplefilter("ignore")
np.seterr(all="ignore")


def data(dtype, shape, low=-10.0, high=10.0):
    size = int(np.prod(shape))
    base = np.random.default_rng(7).uniform(low, high, min(size, 8192))
    if np.dtype(dtype).kind in "biu":
        base = np.trunc(base)
    return np.resize(base, shape).astype(dtype)


TEMPLATE = """
def timed(n):
    start = clock()
    for _ in range(n):
        {run}
    return (clock() - start) / n
"""

state = {}


def answer(request):
    if "facts" in request:
        return {"numpy": np.__version__, "python": sys.version.split()[0], "cpus": len(os.sched_getaffinity(0))}
    if "run" in request:
        state.clear()
        names = {"np": np, "ne": ne, "data": data, "clock": time.perf_counter_ns}
        for name, expression in request["setup"].items():
            names[name] = eval(expression, names)
        exec(TEMPLATE.format(run=request["run"]), names)
        state["timed"] = names["timed"]
        return {"ns": state["timed"](1)}
    return {"ns": state["timed"](request["reps"])}


for line in sys.stdin:
    try:
        reply = answer(json.loads(line))
    except Exception as error:  # a case that cannot run is left out, with this as the reason
        state.clear()
        reply = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(reply), flush=True)
