// A user's project against the packed package: compiled by tsc and run by Node in tools/package.ts, not by Vitest.
import { OrthantError, ShapeError } from 'orthant';

const error: OrthantError = new ShapeError('cannot', 'do this', { axis: 0 });
const tag: string = error.tag;
// @ts-expect-error tag is a string: were the types lost, this line would compile
const wrong: number = error.tag;
if (tag !== 'ShapeError' || typeof wrong !== 'string' || !(error instanceof OrthantError)) throw error;
console.log('the packed package compiles and runs');
