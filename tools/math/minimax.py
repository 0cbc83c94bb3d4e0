"""Writes src/kernel/math/_coefficients.ts: minimax polynomials and split constants for the f64 and f32 bodies.

Remez exchange on a fine grid in 60-digit arithmetic; each row states what is approximated, on which interval, and with
which weight, so that weight * (approximation - function) is the relative error of the function that uses it.
Run: python3 tools/math/minimax.py
"""
import subprocess
import sys
from pathlib import Path

import mpmath as mp

mp.mp.dps = 60
GRID = 600
TARGET = 'src/kernel/math/_coefficients.ts'


def solve(points, values, weights, degree):
    n = degree + 2
    a = mp.matrix(n, n)
    b = mp.matrix(n, 1)
    for i in range(n):
        p = mp.mpf(1)
        for j in range(degree + 1):
            a[i, j] = p
            p *= points[i]
        a[i, degree + 1] = (-1) ** i / weights[i]
        b[i] = values[i]
    x = mp.lu_solve(a, b)
    return [x[j] for j in range(degree + 1)]


def horner(c, t):
    r = mp.mpf(0)
    for v in reversed(c):
        r = r * t + v
    return r


def remez(f, w, lo, hi, degree):
    """Coefficients, lowest first, and the largest weighted error; none where the lane has no such row."""
    if degree is None:
        return [], mp.mpf(1)
    grid = [(lo + hi) / 2 - (hi - lo) / 2 * mp.cos(mp.pi * (2 * i + 1) / (2 * GRID)) for i in range(GRID)]
    grid = [t for t in grid if w(t) != 0]
    fs = [f(t) for t in grid]
    ws = [abs(w(t)) for t in grid]
    n = degree + 2
    picks = [round((len(grid) - 1) * (1 - mp.cos(mp.pi * i / (n - 1))) / 2) for i in range(n)]
    for _ in range(40):
        c = solve([grid[i] for i in picks], [fs[i] for i in picks], [ws[i] for i in picks], degree)
        err = [(fs[i] - horner(c, grid[i])) * ws[i] for i in range(len(grid))]
        runs = []  # the extremum of every run of one sign
        for i, e in enumerate(err):
            if runs and (err[runs[-1]] > 0) == (e > 0):
                if abs(e) > abs(err[runs[-1]]):
                    runs[-1] = i
            else:
                runs.append(i)
        while len(runs) > n:
            drop = 0 if abs(err[runs[0]]) < abs(err[runs[-1]]) else -1
            runs.pop(drop)
        if len(runs) < n or runs == picks:
            break
        picks = runs
    return c, max(abs(e) for e in err)


def to_double(x):
    return float(x)


def to_single(x):
    """Nearest single: round the 60-digit value once."""
    m = mp.mpf(x)
    if m == 0:
        return 0.0
    e = int(mp.floor(mp.log(abs(m), 2))) - 23
    return float(mp.nint(m / mp.mpf(2) ** e) * mp.mpf(2) ** e)


def head(x, bits):
    """x truncated to that many significant bits."""
    e = int(mp.floor(mp.log(abs(x), 2))) + 1 - bits
    return mp.floor(x / mp.mpf(2) ** e) * mp.mpf(2) ** e


def parts(x, sizes, rounding):
    """x as a sum of numbers of the stated bits, the last one rounded to the lane."""
    out = []
    for bits in sizes:
        p = head(x, bits)
        out.append(float(p))
        x -= p
    out.append(rounding(x))
    return out


LN2 = mp.log(2)
H = LN2 / 2 * (1 + mp.mpf(2) ** -20)
QUARTER = mp.pi / 4 * (1 + mp.mpf(2) ** -20)
S_MAX = (mp.sqrt(2) - 1) / (mp.sqrt(2) + 1) * (1 + mp.mpf(2) ** -20)
TAN8 = (mp.sqrt(2) - 1) * (1 + mp.mpf(2) ** -20)
Z = lambda g: lambda z: g(mp.sqrt(z))  # a function of r as one of z = r*r
EPS = mp.mpf(10) ** -12

# name: (doc, f, weight, lo, hi, degree in f64, degree in f32)
ROWS = {
    'exp': ('(e^r - 1 - r - r^2/2) / r^3, |r| <= ln2/2', lambda r: (mp.exp(r) - 1 - r - r * r / 2) / r**3,
            lambda r: r**3 / mp.exp(r), -H, H, 8, 3),
    'expm1': ('the same, relative to e^r - 1', lambda r: (mp.exp(r) - 1 - r - r * r / 2) / r**3,
              lambda r: r**3 / mp.expm1(r), -H, H, 9, 4),
    'exp2': ('(2^r - 1 - r ln2) / r^2, |r| <= 1/2', lambda r: (mp.mpf(2) ** r - 1 - r * LN2) / r**2,
             lambda r: r**2 / mp.mpf(2) ** r, -mp.mpf(1) / 2, mp.mpf(1) / 2, 9, 4),
    'cosh': ('(cosh r - 1) / z, z = r^2, |r| <= ln2/2', Z(lambda r: (mp.cosh(r) - 1) / r**2), lambda z: z, EPS, H * H, 5, 2),
    'sinh': ('(sinh r / r - 1) / z', Z(lambda r: (mp.sinh(r) / r - 1) / r**2), lambda z: z, EPS, H * H, 4, 2),
    'tanh': ('(1 - tanh r / r) / z, z = r^2, |r| <= 5/8', Z(lambda r: (1 - mp.tanh(r) / r) / r**2),
             lambda z: z * mp.sqrt(z) / mp.tanh(mp.sqrt(z)), EPS, mp.mpf(25) / 64, None, 4),
    'log': ('(log((1+s)/(1-s)) / s - 2) / z, z = s^2, |s| <= 0.1716', Z(lambda s: (2 * mp.atanh(s) / s - 2) / s**2),
            lambda z: z / 2, EPS, S_MAX**2, 6, 2),
    'logTail': ('(3 atanh s / s - 3 - z) / z^2', Z(lambda s: (3 * mp.atanh(s) / s - 3 - s**2) / s**4),
                lambda z: z * z / 3, EPS, S_MAX**2, 7, None),
    'sin': ('(1 - sin r / r) / z, z = r^2, |r| <= pi/4', Z(lambda r: (1 - mp.sin(r) / r) / r**2), lambda z: z, EPS,
            QUARTER**2, 5, 2),
    'cos': ('(cos r - 1 + z/2) / z^2', Z(lambda r: (mp.cos(r) - 1 + r * r / 2) / r**4), lambda z: z * z, EPS, QUARTER**2, 5, 2),
    'asin': ('(asin y / y - 1) / z, z = y^2, |y| <= 1/2', Z(lambda y: (mp.asin(y) / y - 1) / y**2), lambda z: z, EPS,
             mp.mpf(1) / 4 * (1 + mp.mpf(2) ** -20), 12, 4),
    'atan': ('(1 - atan r / r) / z, z = r^2, |r| <= tan(pi/8)', Z(lambda r: (1 - mp.atan(r) / r) / r**2), lambda z: z, EPS,
             TAN8**2, 10, 4),
    'log2Single': ('log2((1+s)/(1-s)) / s', Z(lambda s: 2 * mp.atanh(s) / s / LN2), lambda z: LN2 / 2, EPS, S_MAX**2, 5, None),
    'exp2Single': ('2^r, |r| <= 1/2', lambda r: mp.mpf(2) ** r, lambda r: 1 / mp.mpf(2) ** r, -mp.mpf(1) / 2, mp.mpf(1) / 2, 6, None),
    'cubeRoot': ('(1 - e)^(-1/3), |e| <= 0.103', lambda e: (1 - e) ** (-mp.mpf(1) / 3), lambda e: mp.mpf(1), -mp.mpf('0.103'),
                 mp.mpf('0.103'), 4, None),
}


def number(x):
    s = repr(float(x))
    return s[:-2] if s.endswith('.0') else s.replace('e-0', 'e-')


def listing(values, per=6):
    return '[' + ', '.join(number(v) for v in values) + ']'


def digits(count):
    """2/pi in base 2^24."""
    mp.mp.dps = 600
    x = 2 / mp.pi
    out = []
    for _ in range(count):
        x *= 2**24
        d = mp.floor(x)
        out.append(int(d))
        x -= d
    mp.mp.dps = 60
    return out


def main():
    only = sys.argv[1:]
    lines = [
        '// Generated by tools/math/minimax.py; do not edit. Minimax polynomials (lowest coefficient first) and constants in',
        '// parts. The error after each row is the greatest relative error that the polynomial alone adds to its function.',
        '',
        'interface Lanes {\n  readonly f64: readonly number[];\n  readonly f32: readonly number[];\n}',
        '',
        'export const polynomials = {',
    ]
    for name, (doc, f, w, lo, hi, d64, d32) in ROWS.items():
        if only and name not in only:
            continue
        c64, e64 = remez(f, w, lo, hi, d64)
        c32, e32 = remez(f, w, lo, hi, d32)
        print(f'{name:10} f64 deg {d64} 2^{mp.nstr(mp.log(e64, 2), 4)}   f32 deg {d32} 2^{mp.nstr(mp.log(e32, 2), 4)}')
        errors = [f'{lane} 2^{mp.nstr(mp.log(e, 2), 4)}' for lane, d, e in (('f64', d64, e64), ('f32', d32, e32)) if d is not None]
        lines.append(f'  // {doc}: {", ".join(errors)}')
        lines.append(f'  {name}: {{ f64: {listing([to_double(c) for c in c64])}, f32: {listing([to_single(c) for c in c32])} }},')
    lines += ['} as const satisfies Record<string, Lanes>;', '']
    lines += ['/** Constants as sums of numbers; all parts but the last end in zeros, so that small multiples are exact. */',
              'export const split = {']
    l2e = 1 / LN2
    consts = {
        # name: (doc, value, f64 sizes, f32 sizes)
        'ln2': ('multiples to 2^11 and 2^9 exact', LN2, [42], [15]),
        'ln2Heads': ('head of half the bits', LN2, [26], [12]),
        'log2e': ('head of half the bits', 1 / LN2, [26], [12]),
        'twoThirdsLog2e': ('head of half the bits', 2 / (3 * LN2), [26], [12]),
        'log10e': ('head of half the bits', 1 / mp.log(10), [26], [12]),
        'log10of2': ('multiples to 2^11 and 2^9 exact', mp.log(2, 10), [42], [15]),
        'halfPi': ('multiples to 2^13 (f64) and 2^10 (f32) exact', mp.pi / 2, [40, 40], [14, 11, 14]),
        'halfPiMedium': ('multiples to 2^20 exact', mp.pi / 2, [33, 33, 33], [24]),
    }
    for name, (doc, x, s64, s32) in consts.items():
        lines.append(f'  /** {doc} */')
        lines.append(f'  {name}: {{ f64: {listing(parts(x, s64, to_double))}, f32: {listing(parts(x, s32, to_single))} }},')
    nearest = {'ln2Pair': LN2, 'log2ePair': l2e, 'pi': mp.pi, 'piOver2': mp.pi / 2, 'piOver4': mp.pi / 4, 'third': mp.mpf(1) / 3}
    lines.append('  // The nearest number and what is left.')
    for name, x in nearest.items():
        h64 = to_double(x)
        h32 = to_single(x)
        lines.append(f'  {name}: {{ f64: {listing([h64, to_double(x - mp.mpf(h64))])}, f32: {listing([h32, to_single(x - mp.mpf(h32))])} }},')
    lines += ['} as const satisfies Record<string, Lanes>;', '']
    lines += ['/** Digits of 2/pi in base 2^24, most significant first (for arguments to 2^1024). */',
              'export const twoOverPi: readonly number[] = [' + ', '.join(map(str, digits(54))) + '];', '']
    if not only:
        root = Path(__file__).parents[2]
        root.joinpath(TARGET).write_text('\n'.join(lines))
        subprocess.run(['npx', 'biome', 'format', '--write', TARGET], cwd=root, check=True, capture_output=True)


main()
