// Plans as plain data, for another process or another day: nodes by number, operations by name and parameters, files by
// location, arrays in memory by their bytes. Functions of users cannot be written down, and are refused by name.

import { empty } from '../array/creation.ts';
import { NDArray } from '../array/ndarray.ts';
import { ArgumentError } from '../base/errors.ts';
import { Complex } from '../dtype/complex.ts';
import { asDType, type DType, type DTypeName } from '../dtype/dtype.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { contiguousIn } from '../exec/copy.ts';
import { openStore } from '../io/open_store.ts';
import { typedView } from '../memory/storage.ts';
import { inOrder, type Node, type Operation, operation } from './node.ts';
import { rowNamed } from './rows.ts';

interface WrittenShape {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly chunks: readonly number[];
}
type WrittenNode = WrittenShape &
  (
    | { readonly kind: 'source'; readonly location: string }
    | { readonly kind: 'held'; readonly value: unknown }
    | { readonly kind: 'op'; readonly op: number; readonly out: number; readonly weak: boolean }
  );

/** Arrays in chunks as plain data: what JSON.stringify takes. */
export interface WrittenPlan {
  readonly version: 1;
  readonly nodes: readonly WrittenNode[];
  readonly operations: readonly {
    readonly name: string;
    readonly params: unknown;
    readonly inputs: readonly number[];
  }[];
  /** Numbers of the nodes that were written. */
  readonly results: readonly number[];
}

const KEY = '$orthant';
type Tagged = { readonly [KEY]: string; readonly value: unknown };
const tagged = (of: string, value: unknown): Tagged => ({ [KEY]: of, value });

/** Values that JSON has no word for, under a name. */
function plain(x: unknown, where: string): unknown {
  if (x === undefined) return tagged('undefined', 0);
  if (typeof x === 'number' && (!Number.isFinite(x) || Object.is(x, -0))) {
    return tagged('number', Object.is(x, -0) ? '-0' : String(x));
  }
  if (typeof x === 'bigint') return tagged('bigint', String(x));
  if (typeof x === 'function') {
    throw new ArgumentError(
      `${where} holds a function of yours, which another process does not have`,
      'compute it here, or use functions of np that have names',
      { operation: where },
    );
  }
  if (x instanceof Complex) return tagged('complex', [plain(x.re, where), plain(x.im, where)]);
  if (isDType(x)) return tagged('dtype', x.name);
  if (x instanceof NDArray) {
    const lies = contiguousIn(x);
    const bytes = typedView(lies.storage, lies.offset, lies.nbytes, Uint8Array);
    const made = tagged('array', { dtype: x.dtype.name, shape: x.shape, bytes: toBase64(bytes) });
    if (lies !== x) lies.storage.dispose();
    return made;
  }
  if (Array.isArray(x)) return x.map((v) => plain(v, where));
  if (typeof x !== 'object' || x === null) return x;
  return Object.fromEntries(Object.entries(x).map(([k, v]) => [k, plain(v, where)]));
}

function restored(x: unknown): unknown {
  if (Array.isArray(x)) return x.map(restored);
  if (typeof x !== 'object' || x === null) return x;
  if (!(KEY in x)) return Object.fromEntries(Object.entries(x).map(([k, v]) => [k, restored(v)]));
  const { [KEY]: of, value } = x as Tagged;
  const kinds: Readonly<Record<string, () => unknown>> = {
    undefined: () => undefined,
    number: () => Number(value),
    dtype: () => asDType(value as DTypeName), // written so
    bigint: () => BigInt(value as string), // written so
    complex: () => new Complex(...(restored(value) as [number, number])), // two numbers
    array: () => {
      const { dtype, shape, bytes } = value as { dtype: DTypeName; shape: number[]; bytes: string }; // written so
      const made = empty(shape, { dtype });
      typedView(made.storage, made.offset, made.nbytes, Uint8Array).set(fromBase64(bytes));
      return made;
    },
  };
  if (!Object.hasOwn(kinds, of)) throw notPlan(`it has a '${of}'`);
  return kinds[of]();
}

const isDType = (x: unknown): x is DType => typeof x === 'object' && x !== null && 'itemsize' in x && 'char' in x;

const notPlan = (why: string): ArgumentError =>
  new ArgumentError(`this is no written plan: ${why}`, 'pass what np.chunked.toJSON gave, of the same version', {});

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x6000) text += btoa(String.fromCharCode(...bytes.subarray(i, i + 0x6000)));
  return text;
}
const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

/** Writes nodes down. @throws ArgumentError for functions of users, and for stores that are nowhere. */
export function written(results: readonly Node[]): WrittenPlan {
  const numbers = new Map<Node, number>();
  const ops = new Map<Operation, number>();
  const operations: WrittenPlan['operations'][number][] = [];
  const nodes = inOrder(results).map((n): WrittenNode => {
    numbers.set(n, numbers.size);
    const shape = { shape: n.shape, dtype: n.dtype.name, chunks: n.chunks };
    if (n.kind === 'held') return { ...shape, kind: 'held', value: plain(n.value, 'a value in memory') };
    if (n.kind === 'source') {
      const { location, name } = n.store;
      if (location !== undefined) return { ...shape, kind: 'source', location };
      throw new ArgumentError(`${name} is nowhere that another process could open`, 'open arrays by their path', {
        store: name,
      });
    }
    let op = ops.get(n.op);
    if (op === undefined) {
      const { name, params, local } = n.op;
      if (local || rowNamed(name) === undefined) plain(() => undefined, `'${n.op.text}'`);
      op = operations.length;
      ops.set(n.op, op);
      const inputs = n.op.inputs.map((x) => numbers.get(x) as number); // operands come first
      operations.push({ name, params: plain(params, `'${n.op.text}'`), inputs });
    }
    return { ...shape, kind: 'op', op, out: n.out, weak: n.weak };
  });
  return { version: 1, nodes, operations, results: results.map((n) => numbers.get(n) as number) };
}

/** The nodes of a written plan, its files opened. @throws ArgumentError for what is none, and what opening files throws. */
export async function fromWritten(plan: WrittenPlan): Promise<Node[]> {
  if (typeof plan !== 'object' || plan === null || plan.version !== 1) throw notPlan('there is no version 1');
  const nodes: Node[] = [];
  const operations: Operation[] = [];
  const operationOf = (i: number): Operation => {
    if (operations[i] === undefined) {
      const { name, params, inputs } = plan.operations[i];
      const row = rowNamed(name);
      if (row === undefined) throw notPlan(`there is no operation '${name}'`);
      operations[i] = operation(
        row,
        restored(params) as Record<string, unknown>, // as the row wrote them
        inputs.map((k) => nodes[k]),
      );
    }
    return operations[i];
  };
  for (const n of plan.nodes) {
    const shape = { shape: n.shape, dtype: asDType(n.dtype as DTypeName), chunks: n.chunks };
    if (n.kind === 'source') nodes.push({ ...shape, kind: 'source', store: await openStore(n.location) });
    else if (n.kind === 'held') nodes.push({ ...shape, kind: 'held', value: restored(n.value) as NDArray | Scalar });
    else nodes.push({ ...shape, kind: 'op', op: operationOf(n.op), out: n.out, weak: n.weak });
  }
  return plan.results.map((i) => nodes[i]);
}
