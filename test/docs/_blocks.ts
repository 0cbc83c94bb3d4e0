// The pages of documentation and their code blocks, by language.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface CodeBlock {
  readonly path: string;
  /** The first line of the code, counted from 1. */
  readonly line: number;
  readonly code: string;
}

export const pages = [
  'README.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' }).map((path) => join('docs', path)),
].filter((path) => path.endsWith('.md'));

/** All blocks that name this language. */
export const blocksOf = (language: string): CodeBlock[] =>
  pages.flatMap((path) => {
    const text = readFileSync(path, 'utf8');
    return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map((match) => ({
      path,
      code: match[1],
      line: text.slice(0, match.index).split('\n').length + 1,
    }));
  });
