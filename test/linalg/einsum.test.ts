// einsum: values by subscripts of every kind against NumPy's, views, scalars, `out`, orders of contraction, and what is
// refused. Random subscripts run in test/differential/products.ts.
import { describe, expect, it } from 'vitest';
import * as np from '../../src/index.ts';

const a = np.arange(6).reshape([2, 3]);
const b = np.arange(12).reshape([3, 4]);
const t = np.arange(8).reshape([2, 2, 2]);
const q = np.arange(9).reshape([3, 3]);
const list = (x: unknown): unknown => (x instanceof np.NDArray ? x.tolist() : x);

const values: [string, unknown[], unknown][] = [
  [
    'ij,jk->ik',
    [a, b],
    [
      [20, 23, 26, 29],
      [56, 68, 80, 92],
    ],
  ],
  [
    'ij,jk',
    [a, b],
    [
      [20, 23, 26, 29],
      [56, 68, 80, 92],
    ],
  ],
  [
    'ij,jk->ki',
    [a, b],
    [
      [20, 56],
      [23, 68],
      [26, 80],
      [29, 92],
    ],
  ],
  [
    ' i j , j k -> i k ',
    [a, b],
    [
      [20, 23, 26, 29],
      [56, 68, 80, 92],
    ],
  ],
  [
    'ji',
    [a],
    [
      [0, 3],
      [1, 4],
      [2, 5],
    ],
  ],
  [
    'ba',
    [a],
    [
      [0, 3],
      [1, 4],
      [2, 5],
    ],
  ],
  [
    'bA',
    [a],
    [
      [0, 3],
      [1, 4],
      [2, 5],
    ],
  ],
  ['ii', [q], 12],
  ['ii->i', [q], [0, 4, 8]],
  ['ij->', [a], 15],
  ['ij->j', [a], [3, 5, 7]],
  ['i...->...', [a], [3, 5, 7]],
  ['...i,...i->...', [a, a], [5, 50]],
  ['...j,j', [a, [1, 10, 100]], [210, 543]],
  [
    'bij,bjk->bik',
    [t, t],
    [
      [
        [2, 3],
        [6, 11],
      ],
      [
        [46, 55],
        [66, 79],
      ],
    ],
  ],
  ['bij,bij->b', [t, t], [14, 126]],
  [
    'bij,bj->bi',
    [t, a.get(':', ':2')],
    [
      [1, 3],
      [32, 46],
    ],
  ],
  [
    'i,j->ij',
    [
      [1, 2],
      [3, 4, 5],
    ],
    [
      [3, 4, 5],
      [6, 8, 10],
    ],
  ],
  [
    'i,j,k->kij',
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    [
      [
        [15, 20],
        [30, 40],
      ],
      [
        [18, 24],
        [36, 48],
      ],
    ],
  ],
  [
    'ij,ij->ij',
    [a, a],
    [
      [0, 1, 4],
      [9, 16, 25],
    ],
  ],
  [
    'ij,j->ij',
    [a, [2]],
    [
      [0, 2, 4],
      [6, 8, 10],
    ],
  ],
  ['ij,kl->', [a, b], 990],
  [
    'ij,jk,kl->il',
    [a, b, np.ones([4, 2])],
    [
      [98, 98],
      [296, 296],
    ],
  ],
  [',', [3, 4], 12],
  ['', [3], 3],
  [
    'ij,jk->ik',
    [np.ones([2, 0]), np.ones([0, 2])],
    [
      [0, 0],
      [0, 0],
    ],
  ],
];

describe('einsum', () => {
  it.each(values)("'%s'", (subscripts, operands, want) => {
    expect(list(np.einsum(subscripts, ...(operands as np.NDArray[])))).toEqual(want); // arrays and lists
    for (const optimize of [false, true, 'optimal'] as const) {
      expect(list(np.einsum(subscripts, ...(operands as np.NDArray[]), { optimize }))).toEqual(want);
    }
  });
  it('takes lists of integers', () => {
    const want = [
      [20, 23, 26, 29],
      [56, 68, 80, 92],
    ];
    expect(list(np.einsum(a, [0, 1], b, [1, 2], [0, 2]))).toEqual(want);
    expect(list(np.einsum(a, [0, 1], b, [1, 2]))).toEqual(want);
    expect(list(np.einsum(a, ['...', 1], ['...']))).toEqual([3, 12]);
    expect(np.einsum(a, [0, 1], [])).toBe(15);
  });
  it('gives a view where nothing is computed', () => {
    const m = np.zeros([3, 3]);
    (np.einsum('ii->i', m) as np.NDArray).set([], [1, 2, 3]);
    expect(m.tolist()).toEqual([
      [1, 0, 0],
      [0, 2, 0],
      [0, 0, 3],
    ]);
    expect(np.shares_memory(np.einsum('ij->ji', m) as np.NDArray, m)).toBe(true);
    expect(np.shares_memory(np.einsum('ij->i', m) as np.NDArray, m)).toBe(false);
  });
  it('keeps dtypes: integers wrap, bool is any of all, halves are rounded once', () => {
    const of = (dtype: np.DTypeLike, x: number[]) => np.array(x).astype(dtype);
    const dot = (dtype: np.DTypeLike, x: number[], y: number[]) => np.einsum('i,i', of(dtype, x), of(dtype, y));
    expect(dot('int8', [100, 100, 100], [1, 1, 1])).toBe(44);
    expect(dot('bool', [1, 0, 1], [1, 1, 1])).toBe(true);
    expect(dot('float16', [2048, 1, 1], [1, 1, 1])).toBe(2050);
    expect((np.einsum('i,j->ij', of('uint8', [1]), of('int64', [2])) as np.NDArray).dtype.name).toBe('int64');
    expect((np.einsum('i->i', a.get(0), { dtype: 'complex64', casting: 'same_kind' }) as np.NDArray).dtype.name).toBe(
      'complex64',
    );
  });
  it('out, its dtype and order', () => {
    const out = np.zeros([2, 4], { dtype: 'float32' });
    expect(np.einsum('ij,jk->ik', a, b, { out, casting: 'same_kind' })).toBe(out);
    expect(out.item(1, 3)).toBe(92);
    expect(() => np.einsum('ij,jk->ik', a, b, { out })).toThrow(/cast/);
    expect(() => np.einsum('ij,jk->ki', a, b, { out })).toThrow(np.ShapeError);
    const m = np.arange(9).reshape([3, 3]);
    np.einsum('ij->ji', m, { out: m });
    expect(m.tolist()).toEqual([
      [0, 3, 6],
      [1, 4, 7],
      [2, 5, 8],
    ]);
    expect((np.einsum('ij,jk->ik', a, b, { order: 'F' }) as np.NDArray).strides).toEqual([8, 16]);
  });
  const wrong: [unknown[], string, string][] = [
    [['i$', a], 'ArgumentError', 'none'],
    [['i.j', a], 'ArgumentError', 'none'],
    [['i......', a], 'ArgumentError', 'none'],
    [['i->i->', [1]], 'ArgumentError', '->'],
    [['i,j', [1]], 'ArgumentError', '2 operands, and 1'],
    [['i', a], 'ShapeError', '2 dimensions and 1'],
    [['ijk', a], 'ShapeError', '2 dimensions and 3'],
    [['ij,jk', a, a], 'ShapeError', "'j' is 3 and 2"],
    [['ii', a], 'ShapeError', "'i' is 2 and 3"],
    [['ii', np.ones([1, 3])], 'ShapeError', "'i' is 1 and 3"],
    [['ij->k', a], 'ArgumentError', "'k'"],
    [['ij->ii', a], 'ArgumentError', 'twice'],
    [['...i->i', a], 'ArgumentError', 'ellipsis'],
    [[a, [0, 60]], 'ArgumentError', '60'],
    [[a], 'ArgumentError', 'no subscripts'],
    [[], 'ArgumentError', 'no subscripts'],
    [['ij', a, { optimize: 'best' }], 'ArgumentError', 'optimize'],
    [['ij', a, { optimise: true }], 'ArgumentError', 'optimise'],
    [['ij,jk', a, b, { optimize: ['einsum_path', [0, 2]] }], 'ArgumentError', 'does not fit 2'],
    [['ij,jk', a, b, { optimize: ['einsum_path'] }], 'ArgumentError', 'leaves 2'],
    [['i,i', [1], np.ones(1, { dtype: 'float32' }), { dtype: 'float32' }], 'CastError', 'float32'],
  ];
  it.each(wrong)('refuses %j', (args, tag, text) => {
    try {
      np.einsum(...(args as [string, np.NDArray])); // wrong ones on purpose
      expect.fail('accepted');
    } catch (error) {
      expect([(error as np.OrthantError).tag, (error as Error).message.includes(text)]).toEqual([tag, true]);
    }
  });
});

describe('einsum_path', () => {
  const ones = (shapes: number[][]): np.NDArray[] => shapes.map((s) => np.ones(s));
  // Paths as NumPy finds them.
  const paths: [string, number[][], number[][], number[][]][] = [
    [
      'ij,jk->ik',
      [
        [2, 3],
        [3, 4],
      ],
      [[0, 1]],
      [[0, 1]],
    ],
    [
      'ij,jk,kl->il',
      [
        [2, 3],
        [3, 4],
        [4, 5],
      ],
      [
        [1, 2],
        [0, 1],
      ],
      [
        [0, 1],
        [0, 1],
      ],
    ],
    [
      'ea,fb,abcd,gc,hd->efgh',
      [
        [9, 9],
        [9, 9],
        [9, 9, 9, 9],
        [9, 9],
        [9, 9],
      ],
      [
        [0, 2],
        [0, 3],
        [0, 2],
        [0, 1],
      ],
      [
        [0, 2],
        [0, 3],
        [0, 2],
        [0, 1],
      ],
    ],
    [
      'ab,bc,cd,de->',
      [
        [4, 5],
        [5, 6],
        [6, 7],
        [7, 8],
      ],
      [
        [2, 3],
        [0, 1],
        [0, 1],
      ],
      [
        [0, 1],
        [0, 2],
        [0, 1],
      ],
    ],
    [
      'abc,cd,bd->a',
      [
        [3, 4, 5],
        [5, 6],
        [4, 6],
      ],
      [
        [1, 2],
        [0, 1],
      ],
      [
        [1, 2],
        [0, 1],
      ],
    ],
  ];
  it.each(paths)('%s', (subscripts, shapes, greedy, optimal) => {
    const found = (optimize: 'greedy' | 'optimal') => np.einsum_path(subscripts, ...ones(shapes), { optimize })[0];
    expect(found('greedy')).toEqual(['einsum_path', ...greedy]);
    expect(found('optimal')).toEqual(['einsum_path', ...optimal]);
    const path = found('greedy');
    expect(list(np.einsum(subscripts, ...ones(shapes), { optimize: path }))).toEqual(
      list(np.einsum(subscripts, ...ones(shapes), { optimize: false })),
    );
    expect(np.einsum_path(subscripts, ...ones(shapes), { optimize: false })[0]).toEqual([
      'einsum_path',
      shapes.map((_, i) => i),
    ]);
  });
  it('says what it costs', () => {
    const [, text] = np.einsum_path(
      'ij,jk,kl->il',
      ...ones([
        [2, 3],
        [3, 4],
        [4, 5],
      ]),
    );
    expect(text).toContain('Naive FLOP count:  3.600e+02');
    expect(text).toContain('Optimized scaling:  3');
    expect(text).toContain('jk,kl->jl');
  });
});
