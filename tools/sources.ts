// Reading the project's own sources for the checks: file lists, code without comments and strings, import arrows.
// Not a parser: one scan that knows comments and quotes, which is what the checks need and no more.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Path, from the project's root with forward slashes, to text. */
export type Sources = ReadonlyMap<string, string>;

/** All TypeScript files under the folders that exist. */
export function readSources(...folders: readonly string[]): Sources {
  const sources = new Map<string, string>();
  for (const folder of folders) {
    if (!existsSync(folder)) continue;
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name).replaceAll('\\', '/');
      if (entry.isFile() && /\.ts$/.test(path) && !/\.d\.ts$/.test(path)) sources.set(path, readFileSync(path, 'utf8'));
    }
  }
  return new Map([...sources].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const opaque = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|`(?:\\[\s\S]|[^`\\])*`|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g;

/** The text with comments removed and strings emptied, lines kept. */
export function codeOf(text: string): string {
  return text.replace(opaque, (token) => {
    const lines = '\n'.repeat(token.split('\n').length - 1);
    return token.startsWith('/') ? lines : `''${lines}`;
  });
}

export interface Import {
  readonly specifier: string;
  /** Erased at run time: `import type`, `export type`, `typeof import('…')`. */
  readonly typeOnly: boolean;
  /** `import('…')` */
  readonly dynamic: boolean;
  readonly line: number;
}

/** Every module the text names in an import, an export or a dynamic import. */
export function importsOf(text: string): Import[] {
  const imports: Import[] = [];
  let last = 0;
  let code = '';
  for (const token of text.matchAll(opaque)) {
    code += text.slice(last, token.index);
    last = token.index + token[0].length;
    if (token[0].startsWith('/')) continue;
    const statement = /(?:^|[;\s}<(])((?:import|export)\b[^;]*?\bfrom\s*|import\s*|(?:typeof\s+)?import\s*\(\s*)$/.exec(
      code,
    );
    if (statement !== null) {
      imports.push({
        specifier: token[0].slice(1, -1),
        typeOnly: /^(?:import|export)\s+type\b|^typeof\b/.test(statement[1]),
        dynamic: statement[1].trimEnd().endsWith('('),
        line: text.slice(0, token.index).split('\n').length,
      });
    }
    code = ''; // a statement never starts before the string that ends the one before
  }
  return imports;
}
