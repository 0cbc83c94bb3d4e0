// A user's project against the packed package: compiled by tsc and run by Node in tools/package.ts, not by Vitest.
import { add, array, async, type NDArray, OrthantError, ShapeError, threads, zeros } from 'orthant';

const error: OrthantError = new ShapeError('cannot', 'do this', { axis: 0 });
const tag: string = error.tag;
// @ts-expect-error tag is a string: were the types lost, this line would compile
const wrong: number = error.tag;
if (tag !== 'ShapeError' || typeof wrong !== 'string' || !(error instanceof OrthantError)) throw error;
// Methods are declared by merging, in files that nothing else names.
const sum: NDArray = array([1, 2]).add(1).sqrt().clip(0, 9);
const number: number = add(1, 2);
if (sum.size !== 2 || number !== 3) throw new Error(`${sum}, ${number}`);
// The compiler follows dtypes and shapes through the published types.
const shape: [3, 4] = zeros([3, 1]).add(zeros([1, 4], { dtype: 'int8' })).shape;
if (shape.join() !== '3,4') throw new Error(`${shape}`);
// Other threads find the package's own module.
const product: NDArray = await async.matmul(zeros([300, 300]).add(1), zeros([300, 300]).add(2));
const total: unknown = await async.sum(product, { axis: 0, signal: new AbortController().signal });
if (product.item(7, 7) !== 600 || String(total).length === 0 || threads.figures().async.started !== 1)
  throw new Error(`${product}`);
await threads.rest();
console.log('the packed package compiles and runs');
