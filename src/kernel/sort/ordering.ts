// How elements compare: real ones by one key, complex ones by two, real part first. Complex elements with NaN come last:
// NaN in the imaginary part only before NaN in the real part only before both. A coarse key sorts nearly all of them, and
// words of 32 bits, or a comparison, decide on the rest.

import { type Callee, constant, define, type Value } from '../wasm/assembler.ts';
import type { ModuleCode } from '../wasm/encoder.ts';
import type { Keys } from './keys.ts';
import { mergedSource, type Source } from './radix.ts';

/** How elements compare: one part, or two for complex. */
export class Ordering {
  readonly part: Keys;
  readonly complex: boolean;
  /** Bytes of an element. */
  readonly bytes: number;
  /** Words of 32 bits that decide on the order, the least significant first. */
  readonly words: number;
  /** A key whose order never contradicts the elements'. */
  readonly coarse: Source;
  /** Equal coarse keys mean equal elements. */
  readonly exact: boolean;

  constructor(part: Keys, complex: boolean) {
    this.part = part;
    this.complex = complex;
    this.bytes = complex ? 2 * part.bytes : part.bytes;
    const partWords = part.type === 'i64' ? 2 : 1;
    this.words = complex ? 2 * partWords + 1 : partWords;
    this.exact = !complex;
    this.coarse = complex ? this.#realSource() : mergedSource(part);
  }

  get name(): string {
    return `${this.complex ? 'complex.' : ''}${this.part.name}`;
  }

  // The real part's key where neither part is NaN, else the greatest.
  #realSource(): Source {
    const { part } = this;
    return {
      type: part.type,
      bytes: 2 * part.bytes,
      key: (r, address, scratch, offset = 0) => {
        const lane = part.kind.lane;
        const nan = (at: number): Value => {
          const x = r.load(lane, address, at);
          return x.ne(x);
        };
        return nan(offset)
          .or(nan(offset + part.bytes))
          .select(constant(part.type, -1), part.merged(r, address, scratch, offset));
      },
    };
  }

  /** word(address, number) → one of the words. */
  addWord(module: ModuleCode): Callee {
    const { part, words, complex } = this;
    const long = part.type === 'i64';
    return define(module, ['i32', 'i32'], 'i32', (r, address, word) => {
      const scratch = r.local(part.type);
      const key = r.local(part.type);
      const read = (offset: number): Value => part.merged(r, address, scratch, offset);
      const half = (upper: Value): Value => (long ? key.shr(upper.shl(5).wide()).low() : key);
      if (!complex) {
        r.set(key, read(0));
        r.return(half(word));
      } else {
        const partWords = (words - 1) / 2;
        r.if(word.eq(words - 1), () => {
          const nan = (offset: number): Value => part.isNaN(read(offset)) ?? constant('i32', 0);
          r.return(nan(0).shl(1).or(nan(part.bytes)));
        });
        r.if(
          word.lt(partWords),
          () => r.set(key, read(part.bytes)),
          () => r.set(key, read(0)),
        );
        r.return(half(word.and(partWords - 1)));
      }
      r.f.i32(0); // never reached; the function's type wants it
    });
  }

  /** less(address, address) → does the first element come before the second? */
  addLess(module: ModuleCode, word: Callee): Callee {
    const { part, words, complex } = this;
    return define(module, ['i32', 'i32'], 'i32', (r, a, b) => {
      if (!complex) {
        const [scratch, x] = [r.local(part.type), r.local(part.type)];
        r.set(x, part.merged(r, a, scratch));
        r.return(x.lt(part.merged(r, b, scratch)));
      } else {
        const [x, y, left] = [r.local('i32'), r.local('i32'), r.let(constant('i32', words))];
        r.loop((again) => {
          r.bump(left, -1);
          r.set(x, r.call(word, a, left));
          r.set(y, r.call(word, b, left));
          r.if(x.ne(y), () => r.return(x.lt(y)));
          again.when(left);
        });
        r.return(0);
      }
      r.f.i32(0); // never reached
    });
  }
}
