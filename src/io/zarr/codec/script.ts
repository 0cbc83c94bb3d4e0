// The text of a thread for WebAssembly codecs, in a module of its own: 1.4 MB that are loaded when it is needed, not before.

export { default } from './thread.ts?bundled';
