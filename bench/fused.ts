// Cases of expressions: a function as Orthant fuses it, and as NumPy calls it, temporaries and all.

import { type BenchCase, data } from './case.ts';

function fusing(name: string, setup: BenchCase['setup'], js: string, py: string): BenchCase {
  const args = Object.keys(setup).join(', ');
  const f = { js: `np.fuse((${args}) => ${js})`, py: `lambda ${args}: ${py}` };
  return { group: 'fused', name, setup: { ...setup, f }, run: `f(${args})` };
}

const floats = (n: number | readonly number[], low = -10, high = 10): string =>
  data('float64', typeof n === 'number' ? [n] : n, low, high);
const million = 1_000_000;
const one = { a: floats(million) };
const pair = { a: floats(million, 0.1, 2), b: floats(million, 0.1, 2) };
const four = { ...pair, c: floats(million, 0.1, 2), d: floats(million, 0.1, 2) };
const rows = { x: floats([2000, 2000]) };
const keep = '{ axis: 1, keepdims: true }';
const kept = 'axis=1, keepdims=True';

export const fused = (): BenchCase[] => [
  fusing(
    'sqrt((a - b)² + 1) 10^7',
    { a: floats(10 * million), b: floats(10 * million) },
    'a.subtract(b).square().add(1).sqrt()',
    'np.sqrt((a - b)**2 + 1)',
  ),
  fusing(
    'softmax of rows 2000×2000',
    rows,
    `((e) => e.divide(e.sum(${keep})))(x.subtract(x.max(${keep})).exp())`,
    `(lambda e: e / e.sum(${kept}))(np.exp(x - x.max(${kept})))`,
  ),
  fusing(
    'squared distances 1500×1500×64',
    { p: floats([1500, 64]), q: floats([1500, 64]) },
    "p.get(':', null).subtract(q.get(null)).square().sum(2)",
    '((p[:, None] - q[None])**2).sum(2)',
  ),
  fusing(
    'z-score of columns 10^6×4',
    { z: floats([million, 4]) },
    'z.subtract(z.mean(0)).divide(z.std(0))',
    '(z - z.mean(0)) / z.std(0)',
  ),
  fusing(
    'largest of sums 10^6×10',
    { a: floats(million), c: floats(10) },
    "a.get(':', null).add(c.get(null)).max(1)",
    '(a[:, None] + c[None]).max(1)',
  ),
  fusing(
    'nearest of ten 10^6',
    { a: floats(million), c: floats(10) },
    "a.get(':', null).subtract(c.get(null)).absolute().argmin(1)",
    'np.abs(a[:, None] - c[None]).argmin(1)',
  ),
  fusing(
    'rows of length one 2000×2000',
    rows,
    `x.divide(x.square().sum(${keep}).sqrt())`,
    `x / np.sqrt((x**2).sum(${kept}))`,
  ),
  fusing(
    'layer normalization 2000×2000',
    rows,
    `x.subtract(x.mean(${keep})).divide(x.var(${keep}).add(1e-5).sqrt())`,
    `(x - x.mean(${kept})) / np.sqrt(x.var(${kept}) + 1e-5)`,
  ),
  fusing(
    'gelu 10^6',
    one,
    'a.multiply(0.5).multiply(a.square().multiply(a).multiply(0.044715).add(a).multiply(0.79788456).tanh().add(1))',
    '0.5 * a * (1 + np.tanh(0.79788456 * (a + 0.044715 * a * a * a)))',
  ),
  fusing(
    'huber loss 10^6',
    pair,
    '((d) => np.where(d.less(1), d.square().multiply(0.5), d.subtract(0.5)).sum())(a.subtract(b).absolute())',
    '(lambda d: np.where(d < 1, d**2 * 0.5, d - 0.5).sum())(np.abs(a - b))',
  ),
  fusing(
    'great circles 10^6',
    four,
    'b.subtract(a).multiply(0.5).sin().square()' +
      '.add(a.cos().multiply(b.cos()).multiply(d.subtract(c).multiply(0.5).sin().square())).sqrt().arcsin().multiply(2)',
    '2 * np.arcsin(np.sqrt(np.sin((b - a) * 0.5)**2 + np.cos(a) * np.cos(b) * np.sin((d - c) * 0.5)**2))',
  ),
  fusing(
    'call prices by a logistic curve 10^6',
    pair,
    '((s) => a.multiply(s).subtract(b.multiply(s.subtract(0.2))).maximum(0))' +
      '(a.divide(b).log().multiply(-1.7).exp().add(1).reciprocal())',
    '(lambda s: np.maximum(a * s - b * (s - 0.2), 0))(1 / (np.exp(np.log(a / b) * -1.7) + 1))',
  ),
  fusing(
    'one step of z² + c 10^6',
    { z: data('complex128', [million]), c: data('complex128', [million]) },
    'np.where(z.absolute().less(2), z.multiply(z).add(c), z)',
    'np.where(np.abs(z) < 2, z * z + c, z)',
  ),
  fusing('weighted mean 10^6', pair, 'a.multiply(b).sum().divide(b.sum())', '(a * b).sum() / b.sum()'),
  fusing(
    'clip and scale to float32 10^6',
    one,
    "a.clip(-5, 5).add(5).divide(10).astype('float32')",
    "((np.clip(a, -5, 5) + 5) / 10).astype('float32')",
  ),
];
