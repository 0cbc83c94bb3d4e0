// Outcomes as JUnit XML, which CI services read. Source of the format: https://github.com/testmoapp/junitxml.
import type { Outcome } from './command.ts';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
// Control characters are not allowed in XML 1.0 at all.
const text = (s: string): string => s.replace(/[&<>"]/g, (c) => entities[c]).replace(/\p{Cc}/gu, ' ');

export function junit(suite: string, outcomes: readonly Outcome[]): string {
  const failures = outcomes.filter((o) => o.failure !== undefined).length;
  const cases = outcomes.map(({ name, failure }) =>
    failure === undefined
      ? `  <testcase classname="${text(suite)}" name="${text(name)}"/>\n`
      : `  <testcase classname="${text(suite)}" name="${text(name)}"><failure message="${text(failure)}"/></testcase>\n`,
  );
  const head = `<testsuite name="${text(suite)}" tests="${outcomes.length}" failures="${failures}">`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${head}\n${cases.join('')}</testsuite>\n`;
}
