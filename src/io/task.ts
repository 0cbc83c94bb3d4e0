// One algorithm for the blocking and the asynchronous form of a file operation: a generator that yields steps, each of
// which can be done either way, and two drivers. Not a scheduler: steps run one after another.

/** One wait: done at once, or later. */
export interface Step {
  readonly now: () => unknown;
  readonly later: () => Promise<unknown>;
}

/** An operation written once; `yield*` another task or `step(…)` inside it. */
export type Task<R> = Generator<Step, R, unknown>;

/** A wait inside a task, and its result. */
export function* step<T>(now: () => T, later: () => Promise<T>): Task<T> {
  return (yield { now, later }) as T; // the drivers below answer with what the step gave
}

/** Whether the task runs asynchronously, for the few that have to do things differently. */
export const isAsync = (): Task<boolean> =>
  step(
    () => false,
    async () => true,
  );

/** Runs a task to its end without ever returning to the event loop. */
export function runSync<R>(task: Task<R>): R {
  let state = task.next();
  while (!state.done) {
    let value: unknown;
    try {
      value = state.value.now();
    } catch (error) {
      state = task.throw(error);
      continue;
    }
    state = task.next(value);
  }
  return state.value;
}

/** Runs a task to its end, leaving the event loop free while it waits. */
export async function runAsync<R>(task: Task<R>): Promise<R> {
  let state = task.next();
  while (!state.done) {
    let value: unknown;
    try {
      value = await state.value.later();
    } catch (error) {
      state = task.throw(error);
      continue;
    }
    state = task.next(value);
  }
  return state.value;
}
