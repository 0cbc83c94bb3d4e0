// What `Symbol.dispose` and `Symbol.asyncDispose` become in the built package: the engine's, or the registered symbols
// that TypeScript's and esbuild's lowering of `using` fall back to.
const symbols = Symbol;
export const disposeSymbol = symbols.dispose ?? Symbol.for('Symbol.dispose');
export const asyncDisposeSymbol = symbols.asyncDispose ?? Symbol.for('Symbol.asyncDispose');
