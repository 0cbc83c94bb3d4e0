// Writes WebAssembly: a byte buffer for function bodies and the few module sections kernels need. No opcodes here
// (opcodes.ts) and no meaning. Source: WebAssembly Core Specification 2.0, chapter 5 (binary format).

export type WasmType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';

export const wasmTypes = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const satisfies Record<
  WasmType,
  number
>;

const float64 = new Float64Array(1);
const float32 = new Float32Array(1);
const float64Bytes = new Uint8Array(float64.buffer); // engines with WebAssembly run on little-endian machines
const float32Bytes = new Uint8Array(float32.buffer);

/** An append-only byte buffer with the encodings of the format. */
export class Bytes {
  #bytes: Uint8Array<ArrayBuffer>;
  length = 0;
  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
  }
  /** What was written so far; a view, good until the next write. */
  get data(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.length);
  }
  // Makes room for `more` bytes and says where they start.
  #room(more: number): number {
    const at = this.length;
    this.length = at + more;
    if (this.length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.length));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    return at;
  }
  byte(b: number): this {
    const at = this.#room(1);
    this.#bytes[at] = b;
    return this;
  }
  unsigned(value: number): this {
    let v = value;
    while (v >= 128) {
      this.byte((v % 128) | 128);
      v = Math.floor(v / 128);
    }
    return this.byte(v);
  }
  signed(value: bigint | number): this {
    if (typeof value === 'bigint') return this.#signedBig(value);
    let v = value | 0;
    while (v < -64 || v > 63) {
      this.byte((v & 127) | 128);
      v >>= 7;
    }
    return this.byte(v & 127);
  }
  #signedBig(value: bigint): this {
    let v = value;
    while (v < -64n || v > 63n) {
      this.byte(Number(v & 127n) | 128);
      v >>= 7n;
    }
    return this.byte(Number(v & 127n));
  }
  f32(value: number): this {
    float32[0] = value;
    return this.append(float32Bytes);
  }
  f64(value: number): this {
    float64[0] = value;
    return this.append(float64Bytes);
  }
  name(text: string): this {
    this.unsigned(text.length); // names here are ASCII
    for (let i = 0; i < text.length; i++) this.byte(text.charCodeAt(i));
    return this;
  }
  append(b: ArrayLike<number>): this {
    const at = this.#room(b.length);
    this.#bytes.set(b, at);
    return this;
  }
  /** What `write` writes, after its length in bytes (always five of them: the length is known only afterwards). */
  sized(write: () => void): this {
    const at = this.#room(5);
    write();
    let v = this.length - at - 5;
    for (let i = 0; i < 5; i++) {
      this.#bytes[at + i] = (v & 127) | (i < 4 ? 128 : 0);
      v >>>= 7;
    }
    return this;
  }
}

/** One function under construction: parameters come first among the locals. */
export class FunctionCode {
  readonly params: readonly WasmType[];
  readonly results: readonly WasmType[];
  readonly locals: WasmType[] = [];
  /** The buffer that instructions go to; a lowering may point it elsewhere for a while. */
  code = new Bytes();
  constructor(params: readonly WasmType[], results: readonly WasmType[] = []) {
    this.params = params;
    this.results = results;
  }
  local(type: WasmType): number {
    this.locals.push(type);
    return this.params.length + this.locals.length - 1;
  }
  get(local: number): this {
    this.code.byte(0x20).unsigned(local);
    return this;
  }
  set(local: number): this {
    this.code.byte(0x21).unsigned(local);
    return this;
  }
  tee(local: number): this {
    this.code.byte(0x22).unsigned(local);
    return this;
  }
  i32(value: number): this {
    this.code.byte(0x41).signed(value | 0);
    return this;
  }
  op(...bytes: number[]): this {
    if (bytes.length === 1) this.code.byte(bytes[0]);
    else this.code.append(bytes);
    return this;
  }
  simd(opcode: number): this {
    this.code.byte(0xfd).unsigned(opcode);
    return this;
  }
  /** Alignment (log2) and offset of a memory instruction; alignment is only a hint, kept at 0. */
  memarg(offset: number): this {
    this.code.byte(0).unsigned(offset);
    return this;
  }
  shuffle(lanes: readonly number[]): this {
    this.simd(13).code.append(lanes);
    return this;
  }
  call(index: number): this {
    this.code.byte(0x10).unsigned(index);
    return this;
  }
  block(): this {
    return this.op(0x02, 0x40);
  }
  loop(): this {
    return this.op(0x03, 0x40);
  }
  if(): this {
    return this.op(0x04, 0x40);
  }
  else(): this {
    return this.op(0x05);
  }
  end(): this {
    return this.op(0x0b);
  }
  br(depth: number): this {
    return this.op(0x0c, depth);
  }
  brIf(depth: number): this {
    return this.op(0x0d, depth);
  }
  return(): this {
    return this.op(0x0f);
  }
  /** local += constant (i32). */
  bump(local: number, by: number): this {
    return this.get(local).i32(by).op(0x6a).set(local);
  }
  /** local += other local (i32). */
  bumpBy(local: number, by: number): this {
    return this.get(local).get(by).op(0x6a).set(local);
  }
}

interface Export {
  readonly name: string;
  readonly index: number;
}

/** A module of functions over one imported memory `m.m`. */
export class ModuleCode {
  readonly functions: FunctionCode[] = [];
  readonly exports: Export[] = [];
  add(f: FunctionCode, exportAs?: string): number {
    const index = this.functions.push(f) - 1;
    if (exportAs !== undefined) this.exports.push({ name: exportAs, index });
    return index;
  }
  encode(sharedMemory: boolean): Uint8Array<ArrayBuffer> {
    const { functions } = this;
    const out = new Bytes(256 + functions.reduce((sum, f) => sum + f.code.length + 64, 0));
    const section = (id: number, items: number, write: (i: number) => void): void => {
      out.byte(id).sized(() => {
        out.unsigned(items);
        for (let i = 0; i < items; i++) write(i);
      });
    };
    const typeList = (list: readonly WasmType[]): void => {
      out.unsigned(list.length);
      for (const t of list) out.byte(wasmTypes[t]);
    };
    out.append([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
    section(1, functions.length, (i) => {
      out.byte(0x60);
      typeList(functions[i].params);
      typeList(functions[i].results);
    });
    section(2, 1, () => {
      out.name('m').name('m').byte(0x02);
      if (sharedMemory) out.byte(0x03).unsigned(0).unsigned(65536);
      else out.byte(0x00).unsigned(0);
    });
    section(3, functions.length, (i) => out.unsigned(i));
    section(7, this.exports.length, (i) => {
      const { name, index } = this.exports[i];
      out.name(name).byte(0x00).unsigned(index);
    });
    section(10, functions.length, (i) => {
      out.sized(() => {
        writeLocals(out, functions[i].locals);
        out.append(functions[i].code.data).byte(0x0b);
      });
    });
    return out.data.slice();
  }
}

// Neighbours of one type share an entry.
function writeLocals(out: Bytes, locals: readonly WasmType[]): void {
  let runs = 0;
  for (let i = 0; i < locals.length; i++) if (i === 0 || locals[i] !== locals[i - 1]) runs++;
  out.unsigned(runs);
  for (let from = 0; from < locals.length; ) {
    let to = from + 1;
    while (to < locals.length && locals[to] === locals[from]) to++;
    out.unsigned(to - from).byte(wasmTypes[locals[from]]);
    from = to;
  }
}
