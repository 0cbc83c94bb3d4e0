// Half of the elementwise rows; the other half is in the file beside this one, so that two processes share the work.
import { sweepElementwise } from './_elementwise.ts';

sweepElementwise(1, 2);
