// What the threads of a process are doing: how many want a processor, how long they ran and how long they waited for
// one. From /proc/…/task; a kernel without schedstat tells only the first. Source: proc(5), Documentation/scheduler/sched-stats.rst.

/** The text of a file; undefined where there is none. Throws what the system says where it may not be read. */
export type Read = (path: string) => string | undefined;
/** The names in a folder; undefined where there is none. */
export type List = (path: string) => readonly string[] | undefined;

export interface ThreadsNow {
  /** Running, or ready to. */
  readonly runnable: number;
  /** Seconds of processor time since each began, of those that live. */
  readonly ran: number;
  /** Seconds in which they were ready and had no processor. */
  readonly waited: number;
}

export function threadsNow(read: Read, list: List): ThreadsNow {
  let [runnable, ran, waited] = [0, 0, 0];
  for (const id of list('/proc/self/task') ?? []) {
    const stat = read(`/proc/self/task/${id}/stat`) ?? '';
    // The name stands in brackets and may hold any character; the state follows.
    if (stat.charAt(stat.lastIndexOf(')') + 2) === 'R') runnable++;
    const [on, off] = (read(`/proc/self/task/${id}/schedstat`) ?? '').split(' ').map(Number);
    if (on >= 0 && off >= 0) {
      ran += on / 1e9;
      waited += off / 1e9;
    }
  }
  return { runnable, ran, waited };
}
