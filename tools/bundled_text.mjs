// `import text from './thread.ts?bundled'`: a module with all it imports as the text of one script, a style sheet as
// text. For esbuild (build, tools, tests' bundles) and for Vite (Vitest): threads and pages whose code must be part of
// whatever the library is bundled into.
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { build } from 'esbuild';

const suffix = '?bundled';
const modules = /\?bundled$/;

/** Files of packages that went into texts, for their licences. */
export const bundledInputs = new Set();

/** The text of a file's bundle. @param {string} path */
async function textOf(path) {
  const { outputFiles, metafile } = await build({
    entryPoints: [path],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2022',
    legalComments: 'none',
    metafile: true,
    plugins: [bundledText],
    logLevel: 'warning',
  });
  for (const input of Object.keys(metafile.inputs)) bundledInputs.add(input);
  return outputFiles[0].text;
}

/** The file that an import names. @param {string} specifier @param {string} folder */
function fileOf(specifier, folder) {
  const name = specifier.slice(0, -suffix.length);
  return name.startsWith('.') ? resolve(folder, name) : createRequire(resolve(folder, '_')).resolve(name);
}

/** @type {import('esbuild').Plugin} */
export const bundledText = {
  name: 'bundled-text',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: modules }, ({ path, resolveDir }) => ({
      path: fileOf(path, resolveDir),
      namespace: 'bundled-text',
    }));
    onLoad({ filter: /./, namespace: 'bundled-text' }, async ({ path }) => ({
      contents: await textOf(path),
      loader: 'text',
    }));
  },
};

/** The same for Vite. */
export const bundledTextVite = {
  name: 'bundled-text',
  enforce: /** @type {const} */ ('pre'),
  /** @param {string} source @param {string | undefined} importer */
  resolveId(source, importer) {
    if (!modules.test(source) || importer === undefined) return undefined;
    return source.startsWith('\0') ? source : `\0${fileOf(source, dirname(importer))}${suffix}`; // asked again by its id
  },
  /** @param {string} id */
  load: async (id) =>
    id.startsWith('\0') && modules.test(id)
      ? `export default ${JSON.stringify(await textOf(id.slice(1, -suffix.length)))};`
      : undefined,
};
