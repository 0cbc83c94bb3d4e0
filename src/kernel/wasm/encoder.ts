// Writes WebAssembly: a byte buffer for function bodies and the few module sections kernels need. No opcodes here
// (opcodes.ts) and no meaning. Source: WebAssembly Core Specification 2.0, chapter 5 (binary format).

export type WasmType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';

export const wasmTypes = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const satisfies Record<
  WasmType,
  number
>;

const scratch = new DataView(new ArrayBuffer(8));

/** An append-only byte buffer with the encodings of the format. */
export class Bytes {
  readonly data: number[] = [];
  byte(...b: number[]): this {
    for (const x of b) this.data.push(x);
    return this;
  }
  unsigned(value: number): this {
    let v = value;
    do {
      const low = v % 128;
      v = Math.floor(v / 128);
      this.data.push(v > 0 ? low | 128 : low);
    } while (v > 0);
    return this;
  }
  signed(value: bigint | number): this {
    let v = BigInt(value);
    for (;;) {
      const low = Number(v & 127n);
      v >>= 7n;
      if ((v === 0n && low < 64) || (v === -1n && low >= 64)) {
        this.data.push(low);
        return this;
      }
      this.data.push(low | 128);
    }
  }
  f32(value: number): this {
    scratch.setFloat32(0, value, true);
    for (let i = 0; i < 4; i++) this.data.push(scratch.getUint8(i));
    return this;
  }
  f64(value: number): this {
    scratch.setFloat64(0, value, true);
    for (let i = 0; i < 8; i++) this.data.push(scratch.getUint8(i));
    return this;
  }
  name(text: string): this {
    const encoded = new TextEncoder().encode(text);
    return this.unsigned(encoded.length).append(encoded);
  }
  append(b: ArrayLike<number>): this {
    for (let i = 0; i < b.length; i++) this.data.push(b[i]);
    return this;
  }
  /** A vector: count, then the items. */
  vector(items: readonly Bytes[]): this {
    this.unsigned(items.length);
    for (const item of items) this.append(item.data);
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
    this.code.byte(...bytes);
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
    return this.simd(13).op(...lanes);
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
    const types = this.functions.map((f) => {
      const b = new Bytes().byte(0x60);
      b.unsigned(f.params.length).append(f.params.map((t) => wasmTypes[t]));
      return b.unsigned(f.results.length).append(f.results.map((t) => wasmTypes[t]));
    });
    const memory = new Bytes().name('m').name('m').byte(0x02);
    if (sharedMemory) memory.byte(0x03).unsigned(0).unsigned(65536);
    else memory.byte(0x00).unsigned(0);
    const bodies = this.functions.map((f) => {
      const body = new Bytes().unsigned(f.locals.length);
      for (const t of f.locals) body.byte(1, wasmTypes[t]);
      body.append(f.code.data).byte(0x0b);
      return new Bytes().unsigned(body.data.length).append(body.data);
    });
    const exported = this.exports.map((e) => new Bytes().name(e.name).byte(0x00).unsigned(e.index));
    const out = new Bytes().byte(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);
    const section = (id: number, content: Bytes): void => {
      out.byte(id).unsigned(content.data.length).append(content.data);
    };
    section(1, new Bytes().vector(types));
    section(2, new Bytes().vector([memory]));
    section(3, new Bytes().vector(this.functions.map((_, i) => new Bytes().unsigned(i))));
    section(7, new Bytes().vector(exported));
    section(10, new Bytes().vector(bodies));
    return Uint8Array.from(out.data);
  }
}
