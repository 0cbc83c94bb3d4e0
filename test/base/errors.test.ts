// The tagged errors: names, messages, facts, JSON.
import { expect, test } from 'vitest';
import * as errors from '../../src/base/errors.ts';

const classes = Object.entries(errors);

test.each(classes)('%s carries its own name as tag, in its stack and in instanceof', (name, Class) => {
  const error = new Class('what happened', 'do this', { axis: 3 });
  expect([error.tag, error.name]).toEqual([name, name]);
  expect(error).toBeInstanceOf(errors.OrthantError);
  expect(error).toBeInstanceOf(Error);
  expect(error.message).toBe('what happened\n  fix: do this');
  expect(error.stack?.startsWith(`${name}: what happened`)).toBe(true);
  expect(error.stack?.split('\n')[2]).toContain('errors.test.ts');
});

test('there is a class for each kind of refusal', () => {
  expect(classes.length).toBe(19);
});

test('facts are a frozen copy', () => {
  const facts = { shape: [2, 3] };
  const error = new errors.ShapeError('no', 'yes', facts);
  expect(error.facts).toEqual({ shape: [2, 3] });
  expect(error.facts).not.toBe(facts);
  expect(Object.isFrozen(error.facts)).toBe(true);
});

test('the cause is kept', () => {
  const cause = new Error('inner');
  expect(new errors.FormatError('bad header', 'give an npy file', {}, { cause }).cause).toBe(cause);
});

test('JSON keeps everything, bigints as decimals', () => {
  const error = new errors.PrecisionError('too large', "use item({ as: 'bigint' })", { value: 2n ** 63n, index: 4 });
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    tag: 'PrecisionError',
    what: 'too large',
    fix: "use item({ as: 'bigint' })",
    facts: { value: '9223372036854775808', index: 4 },
  });
});
