"""Writes test/fixtures/math.json: arguments and correctly rounded results with the rounding residual, from mpmath.

Per function: base64 of little-endian arrays x, (y,) hi (the nearest double) and rest (int16: (exact - hi) / ulp * 2^15).
Dense random arguments, special values (as C99 Annex F, which NumPy follows) and hard ones: neighbours of multiples of
pi/2, of 1 and of the ends of the ranges. Run: python3 tools/math/references.py
"""
import base64
import ctypes
import json
import math
import random
import struct
from ctypes.util import find_library
import warnings
from pathlib import Path

import mpmath as mp
import numpy as np

warnings.simplefilter('ignore')
mp.mp.prec = 1300  # arguments of 2^1024 reduced modulo pi, and still 250 bits
rnd = random.Random(20240607)
DENSE = 700
INF, NAN, TINY, NORMAL, MAX = math.inf, math.nan, 5e-324, 2.0**-1022, 1.7976931348623157e308
SPECIAL = [0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 1e-20, 1e-8, 1e5, 1e20, TINY, 3 * TINY, NORMAL - TINY, NORMAL, 2.0**53, 2.0**53 + 2, 1e300, MAX, INF]
SPECIAL = SPECIAL + [-v for v in SPECIAL] + [NAN]


def uniform(lo, hi, n=DENSE):
    return [rnd.uniform(lo, hi) for _ in range(n)]


def scaled(lo, hi, sign=True, n=DENSE):
    return [math.ldexp(rnd.uniform(1, 2), rnd.randrange(lo, hi)) * (rnd.choice((-1, 1)) if sign else 1) for _ in range(n)]


def around(values, steps=2):
    out = []
    for v in values:
        for step in range(-steps, steps + 1):
            w = v
            for _ in range(abs(step)):
                w = math.nextafter(w, INF if step > 0 else -INF)
            out.append(w)
    return out


def quarters():
    with mp.workprec(2300):
        # The last is the double closest to a multiple of pi/2 (Muller et al., Handbook of Floating-Point Arithmetic).
        ks = [*range(1, 30), 8147, 8148, 8149, 10**6, 10**6 + 1, *(rnd.randrange(2 ** rnd.randrange(5, 60)) for _ in range(80))]
        return [float(k * mp.pi / 2) for k in ks] + [6381956970095103 * 2.0**797, -6381956970095103 * 2.0**797] + scaled(20, 1023, n=100)


near_one = around([1.0, -1.0], 3) + [s * (1 + t * 2.0**-k) for k in range(1, 53, 3) for t in (1, -1) for s in (1, -1)]
trig = uniform(-10, 10) + uniform(-13000, 13000, 300) + uniform(-2e6, 2e6, 200) + scaled(-60, 5, n=200) + quarters()

ONE = {
    'exp': (mp.exp, uniform(-745.2, 709.8) + uniform(-1, 1) + scaled(-60, 0, n=100) + around([709.782712893384, -745.1332191019411, -708.3964185322641])),
    'exp2': (lambda x: mp.power(2, x), uniform(-1075, 1024) + uniform(-1, 1) + scaled(-60, 0, n=100) + around([-1074.0, -1075.0, 1024.0, -1022.0, 10.0])),
    'expm1': (mp.expm1, uniform(-40, 709.8, 500) + uniform(-2, 2) + scaled(-1074, 0, n=200) + around([709.782712893384, -37.5, 0.34657359])),
    'log': (mp.log, scaled(-1074, 1024, False) + uniform(0.5, 2) + near_one),
    'log2': (lambda x: mp.log(x) / mp.log(2), scaled(-1074, 1024, False) + uniform(0.5, 2) + near_one + [2.0**k for k in range(-1074, 1024, 37)]),
    'log10': (mp.log10, scaled(-1074, 1024, False) + uniform(0.5, 2) + near_one + [10.0**k for k in range(0, 23)]),
    'log1p': (mp.log1p, scaled(-1074, 1024, False, 400) + uniform(-1, 2) + scaled(-60, 0, n=300) + near_one + [-v for v in near_one]),
    'sin': (mp.sin, trig),
    'cos': (mp.cos, trig),
    'tan': (mp.tan, trig),
    'asin': (mp.asin, uniform(-1, 1) + scaled(-60, 0, n=300) + near_one + around([0.5, -0.5])),
    'acos': (mp.acos, uniform(-1, 1) + scaled(-60, 0, n=300) + near_one + around([0.5, -0.5])),
    'atan': (mp.atan, uniform(-1, 1) + uniform(-10, 10, 300) + scaled(-1074, 1024, n=300) + around([0.41421356237309503, 1.0, 2.414213562373095])),
    'sinh': (mp.sinh, uniform(-1, 1) + uniform(-711, 711) + scaled(-1074, 3, n=300) + around([710.4758600739439, 0.34657359, 708.0])),
    'cosh': (mp.cosh, uniform(-1, 1) + uniform(-711, 711) + scaled(-60, 3, n=300) + around([710.4758600739439, 0.34657359, 708.0])),
    'tanh': (mp.tanh, uniform(-3, 3) + uniform(-25, 25, 400) + scaled(-1074, 3, n=300) + around([0.625, 19.0, 22.0])),
    'asinh': (mp.asinh, uniform(-1, 1) + uniform(-10, 10, 300) + scaled(-1074, 1024)),
    'acosh': (mp.acosh, uniform(1, 3) + scaled(0, 1024, False) + near_one),
    'atanh': (mp.atanh, uniform(-1, 1) + scaled(-1074, 0, n=500) + near_one),
    'cbrt': (lambda x: mp.sign(x) * mp.cbrt(abs(x)), uniform(-10, 10, 400) + scaled(-1074, 1024, n=1000) + [float(k**3) for k in range(-20, 20)]),
}


def pairs(*lists):
    out = []
    for x, y in lists:
        out += list(zip(x, y))
    return out


CROSS = [(x, y) for x in SPECIAL for y in SPECIAL]


def powers():
    out = list(zip(uniform(0, 10), uniform(-20, 20)))
    for _ in range(DENSE):
        x = math.ldexp(rnd.uniform(1, 2), rnd.choice((rnd.randrange(-1074, 1024), rnd.randrange(-2, 2))))
        if x != 1:
            out.append((x, rnd.uniform(-1080, 1030) / math.log2(x)))
    out += [(v, rnd.uniform(-1, 1) * 2.0**rnd.randrange(1, 60)) for v in near_one if v > 0]
    out += [(-rnd.uniform(0, 5), float(rnd.randrange(-30, 30))) for _ in range(100)]
    return out


def logaddexp(x, y):
    m = max(x, y)
    return mp.mpf(m) + mp.log1p(mp.exp(-abs(mp.mpf(x) - mp.mpf(y))))


def logaddexp2(x, y):
    m = max(x, y)
    return mp.mpf(m) + mp.log1p(mp.power(2, -abs(mp.mpf(x) - mp.mpf(y)))) / mp.log(2)


plane = lambda: pairs((uniform(-1, 1, 500), uniform(-1, 1, 500)), (scaled(-20, 20, n=400), scaled(-20, 20, n=400)), (scaled(-1074, 1024, n=300), scaled(-1074, 1024, n=300)))
strips = lambda: pairs((uniform(-10, 10), uniform(-10, 10)), (uniform(-800, 800, 300), uniform(-800, 800, 300)))
TWO = {
    'atan2': (mp.atan2, CROSS + plane()),
    'hypot': (mp.hypot, CROSS + plane()),
    'pow': (mp.power, CROSS + powers()),
    'logaddexp': (logaddexp, CROSS + strips()),
    'logaddexp2': (logaddexp2, CROSS + strips()),
}
NUMPY = {'asin': 'arcsin', 'acos': 'arccos', 'atan': 'arctan', 'asinh': 'arcsinh', 'acosh': 'arccosh', 'atanh': 'arctanh', 'atan2': 'arctan2'}


def rounded(exact):
    """The nearest double (subnormals rounded once) and the residual in ULP * 2^15."""
    e = max(-1074, mp.frexp(exact)[1] - 53)
    unit = mp.mpf(2) ** e
    whole = mp.nint(exact / unit)
    try:
        return math.ldexp(int(whole), e), int(mp.nint((exact / unit - whole) * 2**15))
    except OverflowError:
        return math.copysign(INF, exact), 0


libm = ctypes.CDLL(find_library('m'))
libm.pow.restype = ctypes.c_double
libm.pow.argtypes = [ctypes.c_double, ctypes.c_double]


def reference(name, f, args):
    """C99's answer where the result is not an ordinary number, mpmath's elsewhere."""
    # C's pow: NumPy takes square roots for the exponent 1/2, which differ at -0 and -inf.
    plain = libm.pow(*args) if name == 'pow' else float(getattr(np, NUMPY.get(name, name))(*(np.float64(a) for a in args)))
    if math.isnan(plain) or any(math.isnan(a) or math.isinf(a) for a in args) and (plain == 0 or math.isinf(plain)):
        return plain, 0
    if any(math.isinf(a) for a in args):  # multiples of pi/4, 1 …
        return rounded(mp.pi * mp.nint(plain / math.pi * 4) / 4) if name in ('atan', 'atan2') else (plain, 0)
    if plain == 0 and name not in ('exp', 'exp2', 'pow') or math.isinf(plain) and (0 in args or name == 'atanh' or args == (-1,)):
        return plain, 0  # zeros with their signs, poles
    work = 1300 if name in ('sin', 'cos', 'tan') else 250
    if name == 'pow' and abs(args[1]) > 2.0**70:
        return plain, 0
    with mp.workprec(2300 if name in ('sin', 'cos', 'tan') else work):
        exact = f(*(mp.mpf(a) for a in args))
        if abs(exact) < mp.mpf(2) ** -1076:
            return plain, 0
        hi, rest = rounded(exact) if abs(exact) < mp.mpf(2) ** 1024 * (1 - mp.mpf(2) ** -54) else (plain, 0)
    if hi == 0 or math.isinf(hi):
        return math.copysign(hi, plain), 0
    if hi * plain < 0:  # atan2(-0, negative): there is no -0 in mpmath
        hi, rest = -hi, -rest
    assert abs(hi - plain) <= 32 * np.spacing(abs(plain)) or name.startswith('logadd'), (name, args, hi, plain)
    return hi, rest


def pack(letter, values):
    return base64.b64encode(struct.pack(f'<{len(values)}{letter}', *values)).decode()


def main():
    out = {'generator': 'tools/math/references.py'}
    for name, (f, xs) in ONE.items():
        xs = [x for x in SPECIAL + xs]
        results = [reference(name, f, (x,)) for x in xs]
        out[name] = {'x': pack('d', xs), 'hi': pack('d', [r[0] for r in results]), 'rest': pack('h', [r[1] for r in results])}
        print(name, len(xs))
    for name, (f, points) in TWO.items():
        results = [reference(name, f, p) for p in points]
        out[name] = {'x': pack('d', [p[0] for p in points]), 'y': pack('d', [p[1] for p in points]),
                     'hi': pack('d', [r[0] for r in results]), 'rest': pack('h', [r[1] for r in results])}
        print(name, len(points))
    path = Path(__file__).parents[2] / 'test/fixtures/math.json'
    path.write_text(json.dumps(out, indent=0) + '\n')
    print(path.stat().st_size)


main()
