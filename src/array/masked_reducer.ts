// Reducers of monoids with or without a mask: a mask is one more input of the value, so that nothing is copied for it.

import { dtypes } from '../dtype/dtype.ts';
import { type Reducer, reducerOf } from '../exec/monoid.ts';
import { ComplexExpr, Expr, konst } from '../kernel/builder.ts';
import { altered, type Monoid } from '../ops/reduce/define.ts';

/** The same monoid over the elements that a mask selects: the mask is one more input. */
function masked(monoid: Monoid): Monoid {
  const { value, identity, ins, name } = monoid;
  return altered(monoid, {
    name: `${name}.where`,
    ins: [...ins, dtypes.bool],
    value: (x) => {
      const v = value(x.slice(0, -1));
      const mask = x[x.length - 1];
      if (!(mask instanceof Expr)) throw new TypeError('a mask is real');
      if (v instanceof ComplexExpr) {
        const nothing = new ComplexExpr(konst(v.re.type, identity[0]), konst(v.im.type, identity[1]));
        return ComplexExpr.select(mask, v, nothing);
      }
      return mask.select(v, konst(v.type, identity[0]));
    },
  });
}

/** The reducer of a monoid named `key`, with or without a mask. */
export const reducerFor = (key: string, monoid: Monoid, where: boolean): Reducer =>
  reducerOf(where ? `${key}.where` : key, () => (where ? masked(monoid) : monoid));
