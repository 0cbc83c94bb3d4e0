import type { Plan } from './plan.ts';
export interface Explanation {
  readonly text: string;
}
export const explain = (_: Plan): Explanation => ({ text: '' });
