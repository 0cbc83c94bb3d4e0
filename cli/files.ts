// Text that the command writes for users: whole or not at all, through the same temporary name and rename as arrays.
import { writeWhole } from '../src/io/sink.ts';
import { runSync } from '../src/io/task.ts';

/** Writes `path` anew. What was there stays when anything fails; system errors pass as they are. */
export function writeText(path: string, text: string): void {
  runSync(writeWhole(path, 'orthant', (sink) => sink.write(new TextEncoder().encode(text))));
}
