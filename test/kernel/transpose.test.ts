// Boxes turned against a plain loop: every width, sizes around a unit and a register, padded and touching rows.

import { describe, expect, it } from 'vitest';
import { addTranspose, type TurnedWidth } from '../../src/kernel/wasm/transpose.ts';
import { allocate, primarySegment } from '../../src/memory/allocate.ts';
import { compiled } from './_machine.ts';

const widths: readonly TurnedWidth[] = [1, 2, 4, 8, 16];

describe('transpose', () => {
  it.each(widths)('elements of %i bytes', (width) => {
    const kernel = compiled((module) => addTranspose(module, width));
    for (const rows of [1, 3, 4, 8, 15, 16, 17, 33]) {
      for (const columns of [1, 2, 7, 8, 16, 19, 40]) {
        for (const padding of [0, 24]) {
          const [fromStep, toStep] = [rows * width + padding, columns * width + padding];
          const from = allocate(columns * fromStep, true);
          const to = allocate(rows * toStep, true);
          const { u8 } = primarySegment();
          for (let i = 0; i < columns * fromStep; i++) u8[from.ptr + i] = (i * 37) % 251;
          kernel.run(rows, columns, from.ptr, fromStep, to.ptr, toStep);
          let wrong = 0;
          for (let r = 0; r < rows; r++)
            for (let c = 0; c < columns; c++)
              for (let b = 0; b < width; b++)
                if (u8[to.ptr + r * toStep + c * width + b] !== u8[from.ptr + c * fromStep + r * width + b]) wrong++;
          expect(wrong, `${rows} × ${columns}, padding ${padding}`).toBe(0);
          from.dispose();
          to.dispose();
        }
      }
    }
  });
});
