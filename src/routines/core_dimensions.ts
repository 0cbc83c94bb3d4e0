// Signatures of functions that work on whole dimensions, '(m,n),(n)->(m)': which of the last dimensions of each operand are
// theirs, and how long the named ones are. Grammar: NumPy reference, "Generalized universal function API".

import { ArgumentError, ShapeError } from '../base/errors.ts';
import { formatShape, type Shape } from '../shape/strides.ts';

/** Names of the core dimensions of every operand and result; a number is a fixed length. */
export interface Signature {
  readonly inputs: readonly (readonly string[])[];
  readonly outputs: readonly (readonly string[])[];
}

const group = /^\((?:[A-Za-z_]\w*|\d+)?(?:,(?:[A-Za-z_]\w*|\d+))*\)$/;

function groups(text: string): string[][] | undefined {
  const parts = text === '' ? [] : text.split(/(?<=\)),/);
  if (!parts.every((p) => group.test(p))) return undefined;
  return parts.map((p) => p.slice(1, -1)).map((names) => (names === '' ? [] : names.split(',')));
}

/**
 * Reads a signature.
 * @throws ArgumentError for one that is not of the form '(m,n),(n)->(m)'.
 */
export function parseSignature(text: string, where: string): Signature {
  const [before, after, ...rest] = String(text).replace(/\s+/g, '').split('->');
  const inputs = groups(before);
  const outputs = after === undefined ? undefined : groups(after);
  if (inputs !== undefined && outputs !== undefined && outputs.length > 0 && rest.length === 0)
    return { inputs, outputs };
  throw new ArgumentError(`${where}: '${text}' is not a signature`, "write it like '(m,n),(n)->(m)'", {
    signature: text,
  });
}

/**
 * Lengths of the named core dimensions, from the last dimensions of the operands.
 * @throws ArgumentError for another number of operands; ShapeError for missing dimensions or lengths that differ.
 */
export function coreSizes(
  { inputs }: Signature,
  operands: readonly { readonly shape: Shape }[],
  where: string,
): Map<string, number> {
  if (operands.length !== inputs.length) {
    throw new ArgumentError(
      `${where}: ${operands.length} operands, the signature has ${inputs.length}`,
      'pass as many operands as the signature names',
      { operands: operands.length },
    );
  }
  const sizes = new Map<string, number>();
  operands.forEach(({ shape }, k) => {
    const names = inputs[k];
    if (shape.length < names.length) {
      throw new ShapeError(
        `${where}: operand ${k} of shape ${formatShape(shape)} lacks the core dimensions (${names.join(',')})`,
        `pass an array of at least ${names.length} dimensions`,
        { shape, core: names },
      );
    }
    names.forEach((name, i) => {
      const length = shape[shape.length - names.length + i];
      const known = /^\d/.test(name) ? Number(name) : (sizes.get(name) ?? length);
      if (known !== length) {
        throw new ShapeError(
          `${where}: core dimension '${name}' is ${known} and, in operand ${k}, ${length}`,
          'pass operands whose core dimensions agree',
          { name, shape },
        );
      }
      sizes.set(name, length);
    });
  });
  return sizes;
}
