// Context variables: nesting, async continuations, blocks with `using`, and the plain store of browsers.
import { beforeEach, describe, expect, test, vi } from 'vitest';

const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

describe.each(['async store', 'plain store'])('%s', (kind) => {
  const followsAsync = kind === 'async store';
  let context: typeof import('../../src/base/context.ts');

  beforeEach(async () => {
    vi.resetModules();
    vi.doUnmock('../../src/base/platform.ts');
    if (!followsAsync) vi.doMock('../../src/base/platform.ts', () => ({ platform: { builtin: () => undefined } }));
    context = await import('../../src/base/context.ts');
  });

  test('run nests, returns, and restores after a throw', () => {
    const depth = new context.ContextVariable('depth', 0);
    const other = new context.ContextVariable('other', 'a');
    const seen = depth.run(1, () => [
      depth.get(),
      other.run('b', () => depth.run(2, () => [depth.get(), other.get()])),
    ]);
    expect(seen).toEqual([1, [2, 'b']]);
    expect(() =>
      depth.run(3, () => {
        throw new Error('out');
      }),
    ).toThrow('out');
    expect([depth.get(), other.get()]).toEqual([0, 'a']);
  });

  test('undefined and null are values', () => {
    const variable = new context.ContextVariable<string | null | undefined>('v', 'initial');
    expect(variable.run(undefined, () => variable.get())).toBe(undefined);
    expect(variable.run(null, () => variable.get())).toBe(null);
  });

  test('using ends with the block, in any order', () => {
    const depth = new context.ContextVariable('depth', 0);
    {
      using _one = depth.enter(1);
      using _two = depth.enter(2);
      expect(depth.get()).toBe(2);
    }
    expect(depth.get()).toBe(0);
    const one = depth.enter(1);
    const two = depth.enter(2);
    one[Symbol.dispose]();
    expect(depth.get()).toBe(2);
    two[Symbol.dispose]();
    expect(depth.get()).toBe(0);
  });

  test('captured context runs functions later, an isolated one knows nothing', () => {
    const depth = new context.ContextVariable('depth', 0);
    const later = depth.run(5, () => context.captureContext());
    expect(depth.get()).toBe(0);
    expect(later(() => depth.get())).toBe(5);
    expect(depth.run(5, () => context.isolateContext(() => depth.get()))).toBe(0);
  });

  test('a callback keeps its value over awaits where the engine can follow', async () => {
    const depth = new context.ContextVariable('depth', 0);
    const inside = depth.run(1, async () => {
      await tick();
      return depth.get();
    });
    expect(depth.get()).toBe(0);
    expect(await inside).toBe(followsAsync ? 1 : 0);
  });

  test('concurrent tasks do not see each other once they are back', async () => {
    const tenant = new context.ContextVariable('tenant', 'none');
    const task = (name: string, ticks: number) =>
      tenant.run(name, async () => {
        const seen = [tenant.get()];
        for (let i = 0; i < ticks; i++) {
          await tick();
          seen.push(tenant.get());
        }
        return new Set(seen);
      });
    const seen = await Promise.all([task('a', 3), task('b', 1), task('c', 5)]);
    const after = followsAsync ? [] : ['none']; // a plain store cannot follow over an await, but never mixes tenants
    expect(seen).toEqual(['a', 'b', 'c'].map((name) => new Set([name, ...after])));
    expect(tenant.get()).toBe('none');
  });

  test('a block that awaits is over for everybody once it ended', async () => {
    const depth = new context.ContextVariable('depth', 0);
    async function block(): Promise<number> {
      using _ = depth.enter(1);
      await tick();
      return depth.get();
    }
    expect(await block()).toBe(1);
    expect(depth.get()).toBe(0);
  });
});
