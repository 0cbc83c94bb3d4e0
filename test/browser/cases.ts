// What the browser run asks of the built package in a page, as rows: run, and what it must give. Executed by
// tools/browser.ts in Chromium, with and without cross-origin isolation; not by Vitest.
import type * as Orthant from '../../src/index.ts';

export interface BrowserCase {
  readonly name: string;
  /** Runs in the page; returns plain data. */
  readonly run: (np: typeof Orthant, isolated: boolean) => unknown;
  readonly want: unknown;
}

export const cases: readonly BrowserCase[] = [
  {
    name: 'errors are tagged and keep their facts',
    run: (np) => new np.ShapeError('what', 'fix', { axis: 1n }).toJSON(),
    want: { tag: 'ShapeError', what: 'what', fix: 'fix', facts: { axis: '1' } },
  },
  {
    name: 'arrays are made, viewed and written',
    run: (np) => {
      const a = np.array([
        [1, 2, 3],
        [4, 5, 6],
      ]);
      a.T.set([0, 1], 40);
      return [a.dtype.name, a.shape, a.tolist(), a.get(1, '::-1').tolist()];
    },
    want: [
      'float64',
      [2, 3],
      [
        [1, 2, 3],
        [40, 5, 6],
      ],
      [6, 5, 40],
    ],
  },
  {
    name: 'a loop over 64 temporaries of 8 MB',
    run: (np) => {
      let last = 0;
      for (let i = 0; i < 64; i++) last = np.full([1 << 20], i).data.length;
      return last;
    },
    want: 1 << 20,
  },
  {
    name: 'large operations, while workers start and with them',
    run: async (np) => {
      const a = np.arange(1 << 20);
      const seen = new Set<unknown>();
      for (let i = 0; i < 40; i++) {
        seen.add(np.sum(np.add(a, 1)));
        seen.add(
          np
            .add(a.reshape([1024, 1024]).T, 1)
            .get(1023, 1023)
            .item(),
        );
        await new Promise((done) => setTimeout(done, 10)); // pages start workers between turns
      }
      return [...seen];
    },
    want: [549756338176, 1 << 20],
  },
  {
    name: 'async forms: on a thread of their own, or here and saying so',
    run: async (np, isolated) => {
      const a = np.arange(1 << 18).reshape([512, 512]);
      const sum = await np.async.sum(await np.async.add(a, 1));
      const refused = await np.async.add(a, np.ones([7]) as never).catch((error: { tag: string }) => error.tag);
      const { here, started } = np.threads.figures().async;
      const control = new AbortController();
      const call = np.async.matmul(np.ones([2000, 2000]), np.ones([2000, 2000]), { signal: control.signal });
      if (isolated) setTimeout(() => control.abort(), 300);
      else control.abort();
      const aborted = await call.then(
        () => 'done',
        () => 'aborted',
      );
      await np.threads.rest();
      return [sum, refused, (here === undefined) === isolated, started > 0 === isolated, aborted];
    },
    want: [34359869440, 'ShapeError', true, true, 'aborted'],
  },
  {
    name: 'arrays are shared with other threads where memory is',
    run: (np, isolated) => {
      const a = np.arange(6).reshape([2, 3]);
      if (isolated) return np.receive(structuredClone(np.share(a))).tolist();
      try {
        np.share(a);
      } catch (error) {
        if (error instanceof np.ArgumentError) return a.tolist();
      }
      return 'not refused';
    },
    want: [
      [0, 1, 2],
      [3, 4, 5],
    ],
  },
];
