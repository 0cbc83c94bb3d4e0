// The public namespace of Orthant, by re-export only. Nothing is implemented here and nothing in src/ imports this
// file.
export * from './base/errors.ts';
