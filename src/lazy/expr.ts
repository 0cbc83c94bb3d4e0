// np.expr`…`: formulas as text, with JavaScript's operators and precedences, turned into calls of the functions of the
// same names on expressions. The parser is jsep; here are the operators, the functions that a formula may name, and the
// refusals of what JavaScript, Python and mathematics read differently. What an expression is: lazy.ts.

import jsep from 'jsep';
import type { NDArray } from '../array/ndarray.ts';
import { all, amax, amin, any, count_nonzero, max, min, prod, sum } from '../array/reduce_functions.ts';
import { clip } from '../array/rounding.ts';
import { where } from '../array/select.ts';
import { mean, std, var as variance } from '../array/statistics.ts';
import { ufuncs } from '../array/ufuncs.ts';
import { ArgumentError, OrthantError } from '../base/errors.ts';
import { isScalar, type Scalar } from '../dtype/scalars.ts';
import { ArrayBase } from '../exec/array_base.ts';
import { callUfunc, type UfuncOptions } from '../exec/call.ts';
import { currentGuard } from '../exec/guard.ts';
import type { Ufunc } from '../exec/ufunc.ts';
import { type ElementwiseName, elementwiseNames } from '../ops/rows.ts';
import { type Fused, fuse } from './fuse.ts';
import { Lazy, type LazyLike, lazy } from './lazy.ts';

type Value = unknown;
type Callable = (...args: Value[]) => Value;

const binary = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '//': 'floor_divide',
  '%': 'remainder',
  '**': 'power',
  '<<': 'left_shift',
  '>>': 'right_shift',
  '&': 'bitwise_and',
  '|': 'bitwise_or',
  '^': 'bitwise_xor',
  '&&': 'logical_and',
  '||': 'logical_or',
  '==': 'equal',
  '!=': 'not_equal',
  '<': 'less',
  '<=': 'less_equal',
  '>': 'greater',
  '>=': 'greater_equal',
} as const satisfies Record<string, ElementwiseName>;
const comparisons = new Set(['==', '!=', '<', '<=', '>', '>=']);
// Powers that are functions of their own, as in NumPy's operator.
const powers: ReadonlyMap<number, string> = new Map([[2, 'square']]);
const unary = { '-': 'negative', '+': 'positive', '~': 'invert', '!': 'logical_not' } as const satisfies Record<
  string,
  ElementwiseName
>;
const constants: Readonly<Record<string, number>> = {
  pi: Math.PI,
  e: Math.E,
  inf: Number.POSITIVE_INFINITY,
  nan: Number.NaN,
};
/** Views that a formula may ask for by a dot. */
const views = new Set(['T', 'mT']);
/** What a formula may call besides the elementwise functions. */
const composed = { all, amax, amin, any, count_nonzero, max, min, prod, sum, mean, std, var: variance, where, clip };

const ofRow =
  (ufunc: Ufunc): Callable =>
  (...args) =>
    callUfunc(ufunc, args.slice(0, ufunc.nin), args[ufunc.nin] as UfuncOptions | undefined); // it checks them

let functions: ReadonlyMap<string, Callable> | undefined;

function functionOf(name: string): Callable | undefined {
  functions ??= new Map([
    ...elementwiseNames.flatMap((row) =>
      [row, ...(ufuncs[row].row.aliases ?? [])].map((alias): [string, Callable] => [alias, ofRow(ufuncs[row])]),
    ),
    ...(Object.entries(composed) as [string, Callable][]), // they check what they are called with
  ]);
  return functions.get(name);
}
function call(name: string, ...args: Value[]): Value {
  const found = functionOf(name);
  if (found === undefined) throw new TypeError(`there is no function ${name}`);
  return found(...args);
}

// What stood in parentheses: there the writer said how it is meant.
let grouped = new Set<object>();
let ready = false;

function prepare(): void {
  if (ready) return;
  ready = true;
  jsep.addBinaryOp('//', 10);
  jsep.addBinaryOp('=', 0.5); // options of a function: sum(x, axis = 0)
  for (const name of ['??', '===', '!==', '>>>']) jsep.removeBinaryOp(name);
  jsep.hooks.add('gobble-token', function group(env) {
    if (this.char !== '(') return;
    const node = this.gobbleGroup();
    if (!node) this.throwError('nothing between the parentheses');
    grouped.add(node);
    env.node = this.gobbleTokenProperty(node);
  });
}

/** A formula being read: its text with the operands as $0, $1 …, and these. */
class Formula {
  readonly text: string;
  readonly operands: readonly Value[];
  /** What was written between brackets after an operand. */
  readonly #indices: string[] = [];

  constructor(text: string, operands: readonly Value[]) {
    this.text = text;
    this.operands = operands;
  }

  value(): Value {
    prepare();
    grouped = new Set();
    // Slices are not the parser's: what is between brackets waits in a list.
    const plain = this.text.replace(/\[([^[\]]*)\]/g, (whole, inside: string) => {
      this.#indices.push(inside);
      return `[${this.#indices.length - 1}]`.padEnd(whole.length);
    });
    let tree: jsep.Expression;
    try {
      tree = jsep(plain);
    } catch (error) {
      const { description, index } = error as { description?: string; index?: number };
      if (description === undefined) throw error;
      return this.#refuse(description.replace(/ at character \d+$/, ''), index ?? 0);
    }
    return this.#of(tree);
  }

  #refuse(what: string, at: number, fix = 'write operators and functions as in JavaScript'): never {
    const column = Math.max(0, at);
    throw new ArgumentError(
      `np.expr: ${what} at column ${column + 1}\n    ${this.text}\n    ${' '.repeat(column)}^`,
      fix,
      { formula: this.text, column: column + 1 },
    );
  }
  // Where a name or operator stands first: the parser keeps no positions.
  #place(of: string): number {
    return this.text.indexOf(of);
  }

  #of(given: jsep.Expression): Value {
    const node = given as jsep.CoreExpression | jsep.ConditionalExpression; // the only kinds that jsep makes
    switch (node.type) {
      case 'Literal':
        if (typeof node.value === 'number' || typeof node.value === 'boolean') return node.value;
        return this.#refuse(`${node.raw} is no number`, this.#place(node.raw));
      case 'Identifier':
        return this.#name(node.name);
      case 'UnaryExpression':
        return this.#unary(node);
      case 'BinaryExpression':
        return this.#binary(node);
      case 'ConditionalExpression':
        return call('where', ...[node.test, node.consequent, node.alternate].map((x) => this.#of(x)));
      case 'CallExpression':
        return this.#call(node);
      case 'MemberExpression':
        return this.#member(node);
      case 'Compound':
      case 'SequenceExpression':
        return this.#refuse(this.text.trim() === '' ? 'nothing to compute' : 'an operator is missing', 0);
      default:
        return this.#refuse(`a formula has no ${node.type}`, 0);
    }
  }

  #name(name: string): Value {
    const operand = /^\$(\d+)$/.exec(name)?.[1];
    if (operand !== undefined) return this.operands[Number(operand)];
    if (Object.hasOwn(constants, name)) return constants[name];
    const fix =
      functionOf(name) === undefined ? 'put arrays and numbers in by dollar and braces' : `call it: ${name}(…)`;
    return this.#refuse(`'${name}' is no operand`, this.#place(name), fix);
  }

  #unary({ operator, argument }: jsep.UnaryExpression): Value {
    const name = unary[operator as keyof typeof unary]; // jsep knows these four
    const x = this.#of(argument);
    if (typeof x === 'number' && operator === '-') return -x;
    return call(name, x);
  }

  #binary({ operator, left, right }: jsep.BinaryExpression): Value {
    const loose = (x: jsep.Expression, type: string): boolean => x.type === type && !grouped.has(x);
    if (operator === '=')
      return this.#refuse("'=' names an option of a function", this.#place('='), "compare with '=='");
    if (operator === '**' && loose(left, 'UnaryExpression')) {
      this.#refuse('a sign before a power', this.#place('**'), 'write (-x)**2 or -(x**2)');
    }
    if (comparisons.has(operator) && loose(left, 'BinaryExpression') && comparisons.has(String(left.operator))) {
      this.#refuse('comparisons do not chain', this.#place(operator), 'write (a < b) && (b < c)');
    }
    const [x, y] = [this.#of(left), this.#of(right)];
    const short = operator === '**' && right.type === 'Literal' ? powers.get(Number(y)) : undefined;
    if (short !== undefined) return call(short, x);
    return call(binary[operator as keyof typeof binary], x, y); // jsep knows no others
  }

  #call({ callee, arguments: args }: jsep.CallExpression): Value {
    const name = String(callee.name ?? '');
    const found = callee.type === 'Identifier' ? functionOf(name) : undefined;
    if (found === undefined) {
      return this.#refuse(
        `there is no function '${name}'`,
        this.#place(name),
        'call elementwise functions, reductions, where or clip',
      );
    }
    const positional: Value[] = [];
    const options: Record<string, Value> = {};
    for (const arg of args) {
      if (arg.type === 'BinaryExpression' && arg.operator === '=') {
        const { left, right } = arg as jsep.BinaryExpression; // as its type says
        options[String(left.name)] = this.#of(right);
      } else positional.push(this.#of(arg));
    }
    if (Object.keys(options).length > 0) positional.push(options);
    return found(...positional);
  }

  #member({ object, property, computed }: jsep.MemberExpression): Value {
    const a = this.#of(object) as NDArray; // or an expression: it has the same members
    if (typeof a !== 'object' || a === null) return this.#refuse('a number has no parts', 0);
    if (!computed) {
      const name = String(property.name);
      if (views.has(name)) return a[name as 'T']; // one of these few
      return this.#refuse(`there is no .${name}`, this.#place(`.${name}`), `there are ${[...views].join(', ')}`);
    }
    const text = this.#indices[Number(property.value)];
    return a.get(
      ...text.split(',').map((item) => {
        const part = item.trim();
        const operand = /^\$(\d+)$/.exec(part)?.[1];
        if (operand !== undefined) return this.operands[Number(operand)] as number; // get checks it
        if (part === 'newaxis' || part === 'null') return null;
        return /^-?\d+$/.test(part) ? Number(part) : part;
      }),
    );
  }
}

type Result = NDArray | Scalar;
const expression = (x: ExprOperand): Lazy<Result> => (x instanceof Lazy ? x : lazy(x));

/** The expression of a formula over these operands. */
const built = (text: string, operands: readonly ExprOperand[]): Lazy<Result> =>
  expression(
    new Formula(
      text,
      operands.map((x) => (isScalar(x) ? x : expression(x))),
    ).value() as ExprOperand,
  ); // functions gave it

/** One place in a program: its formula as a function, and the operands for which that has been followed. */
interface Site {
  readonly text: string;
  readonly fused: Fused<(...operands: never[]) => Result>;
  readonly followed: Set<string>;
  /** False where a number decides on more than values: an axis, a position. */
  follows: boolean;
}
const sites = new WeakMap<TemplateStringsArray, Site>();

function siteOf(strings: TemplateStringsArray): Site {
  let site = sites.get(strings);
  if (site === undefined) {
    const text = strings.reduce((s, piece, i) => `${s}$${i - 1}${piece}`);
    const fused = fuse((...operands: never[]) => built(text, operands) as unknown as Result); // stands for it while followed
    site = { text, fused, followed: new Set(), follows: !/\[[^\]]*\$/.test(text) };
    sites.set(strings, site);
  }
  return site;
}

/** What distinguishes operands for a followed formula; undefined for those that it does not take. */
function kindOf(operands: readonly ExprOperand[]): string | undefined {
  let kind = '';
  for (const x of operands) {
    if (x instanceof ArrayBase) kind += `${x.dtype.char}${x.shape};`;
    else if (typeof x === 'number' || typeof x === 'bigint' || typeof x === 'boolean') kind += `${typeof x};`;
    else return undefined;
  }
  return kind;
}

/**
 * An expression written as a formula: operators with JavaScript's precedences (`**` binds tightest, `&&` and `||` are the
 * logical functions, `//` divides and floors, `a ? b : c` is where), elementwise functions, reductions, `where`, `clip`,
 * `pi`, `e`, `inf`, `nan`, options as `sum(x, axis = 0)`, slices as `x[1:, 0]`, `.T` and `.mT`.
 * @throws ArgumentError for what is no formula, with the column; what the functions throw, when the formula is read.
 * @example np.expr`sqrt((${[3, 4]} - ${1})**2 + 1)`.compute().tolist() // [2.23606797749979, 3.1622776601683795]
 */
export function expr(strings: TemplateStringsArray, ...operands: readonly ExprOperand[]): Lazy<Result> {
  const site = siteOf(strings);
  const kind = site.follows && currentGuard() === undefined ? kindOf(operands) : undefined; // a guard looks at each
  const build = () => built(site.text, operands);
  if (kind === undefined) return build();
  const run = (): Result => site.fused(...(operands as never[])); // kindOf has looked at them
  if (site.followed.has(kind)) return new Lazy({ build: () => build().node, compute: run });
  const first = build();
  const compute = (): Result => {
    if (!follow(site, kind, operands)) return first.compute();
    return run();
  };
  return new Lazy({ build: () => first.node, compute });
}

/** Follows the formula for operands of this kind; false where it cannot be. */
function follow(site: Site, kind: string, operands: readonly ExprOperand[]): boolean {
  if (!site.follows) return false;
  try {
    site.fused.explain(...operands);
  } catch (error) {
    if (!(error instanceof OrthantError)) throw error;
    site.follows = false; // it was built with these very operands: a number of theirs is no value
    return false;
  }
  if (site.followed.size < MOST_KINDS) site.followed.add(kind);
  return true;
}
/** A program that sees ever new shapes would keep all of them. */
const MOST_KINDS = 256;

/** What may stand in a formula: arrays and what becomes one, expressions, scalars. */
export type ExprOperand = LazyLike;
