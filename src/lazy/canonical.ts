// An expression in the form that is planned: equal nodes are one node, and views stand as near to the sources as they
// can, so that elementwise work on both sides of a view is one kernel. Nothing is computed here.
// Source of the idea: hash-consing, Ershov (1958).

import { broadcast_to } from '../array/views.ts';
import type { ArrayBase } from '../exec/array_base.ts';
import type { ViewStep } from '../exec/deferred.ts';
import { broadcastShapes } from '../shape/broadcast.ts';
import { sameShape } from '../shape/strides.ts';
import { inOrder, type Node, type Refused, type Step, viewNode } from './node.ts';

/** Builds every node once. */
export class Canon {
  readonly #byKey = new Map<string, Node>();
  readonly #steps = new Map<string, Step>();
  readonly #numbers = new Map<unknown, number>();
  readonly #done = new Map<Node, Node>();
  readonly #refused: Refused[] = [];

  /** The same expressions in canonical form. */
  of(roots: readonly Node[]): Node[] {
    for (const n of inOrder(roots)) if (!this.#done.has(n)) this.#done.set(n, this.#one(n));
    return roots.map((r) => this.#old(r));
  }

  /** What the steps met so far must not see. */
  takeRefused(): Refused[] {
    return this.#refused.splice(0);
  }

  #old(n: Node): Node {
    const made = this.#done.get(n);
    if (made === undefined) throw new TypeError('operands come before their users');
    return made;
  }

  #one(n: Node): Node {
    switch (n.kind) {
      case 'source':
        return this.#kept(n);
      case 'map': {
        const { step } = n;
        if (step.refused !== undefined && !this.#refused.includes(step.refused)) this.#refused.push(step.refused);
        return this.#map(
          step,
          step.args.map((a) => this.#old(a)),
          n.out,
          n,
        );
      }
      case 'reduce':
        return this.#kept({ ...n, args: n.args.map((a) => this.#old(a)) });
      case 'view':
        return this.#view(n.step, this.#old(n.of));
      case 'along':
        return this.#kept({ ...n, arg: this.#old(n.arg) });
    }
  }

  #map(given: Step, args: readonly Node[], out: number, like: Node): Node {
    const key = `${given.key}(${args.map((a) => this.#number(a))})`;
    let step = this.#steps.get(key);
    if (step === undefined) {
      step = { ...given, args };
      this.#steps.set(key, step);
    }
    const shape = broadcastShapes(args.map((a) => a.shape));
    return this.#kept({ kind: 'map', step, out, shape, dtype: like.dtype, weak: like.weak });
  }

  // The first node with this content.
  #kept(n: Node): Node {
    const key = this.#keyOf(n);
    const found = this.#byKey.get(key);
    if (found !== undefined) return found;
    this.#byKey.set(key, n);
    return n;
  }

  #keyOf(n: Node): string {
    switch (n.kind) {
      case 'source': {
        const { held, scalar, dtype } = n;
        if (held === undefined) return `p${n.slot}${dtype.char}`;
        if (scalar === undefined) return `a${this.#number(held)}`;
        return `l${dtype.char}${Object.is(scalar, -0) ? '-0' : String(scalar)}`;
      }
      case 'map':
        return `m${this.#number(n.step)}.${n.out}`;
      case 'reduce':
        return `r${n.key}|${n.axes}|${n.over}(${n.args.map((a) => this.#number(a))})`;
      case 'view':
        return `v${n.step.text}(${this.#number(n.of)})`;
      case 'along':
        return `x${n.name}|${n.axis}(${this.#number(n.arg)})`;
    }
  }

  #number(x: unknown): number {
    let number = this.#numbers.get(x);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(x, number);
    }
    return number;
  }

  #view(step: ViewStep, of: Node): Node {
    const view = viewNode(of, step);
    if (of.kind !== 'map') return this.#kept(view);
    const args: Node[] = [];
    for (const a of of.step.args) {
      if (a.shape.length === 0) args.push(a);
      else if (sameShape(a.shape, of.shape)) args.push(this.#view(step, a));
      else if (!step.keepsAxes) return this.#kept(view);
      else args.push(this.#kept(viewNode(this.#stretched(a, of.shape), step)));
    }
    if (!sameShape(broadcastShapes(args.map((a) => a.shape)), view.shape)) return this.#kept(view);
    return this.#map(of.step, args, of.out, of);
  }

  // What is stretched stays as small as it is: it is computed before, if it has to be.
  #stretched(n: Node, shape: readonly number[]): Node {
    const of = (a: ArrayBase): ArrayBase => broadcast_to(a, shape);
    return this.#kept(viewNode(n, { text: `broadcast_to([${shape}])`, of, keepsAxes: true }));
  }
}
