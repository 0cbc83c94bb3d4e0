// The monitor's pages as texts: the live page, with its script, its styles and uPlot inside, and the one that asks for
// the token. They ask nobody else for anything, and their policy lets nothing run but these very texts.

import plotStyle from 'uplot/dist/uPlot.min.css?bundled';
import { platform } from '../../base/platform.ts';
import script from './page/client.ts?bundled';
import style from './page/style.css?bundled';

/** A page, and the Content-Security-Policy it is sent with. */
export interface Page {
  readonly html: string;
  readonly policy: string;
}

function hashOf(text: string): string {
  const crypto = platform.builtin<typeof import('node:crypto')>('node:crypto');
  if (crypto === undefined) throw new Error('there is no node:crypto here');
  return `'sha256-${crypto.createHash('sha256').update(text).digest('base64')}'`;
}

const styles = `${plotStyle}${style}`;
const code = script.replaceAll('</script', '<\\/script');

const document = (title: string, body: string): string =>
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${styles}</style>
</head>
<body>
${body}
</body>
</html>
`;

const policyOf = (...more: readonly string[]): string =>
  [
    "default-src 'none'",
    `style-src ${hashOf(styles)}`,
    'img-src data:',
    "base-uri 'none'",
    "frame-ancestors 'none'",
    ...more,
  ].join('; ');

const chart = (id: string, title: string): string => `<figure class="panel" id="${id}">
<figcaption><h2>${title}</h2><p class="note"></p></figcaption>
<div class="chart" role="img" aria-label="${title}"></div>
<details><summary>As a table</summary><div class="wide" tabindex="0" role="region" aria-label="${title}, as a table"><table></table></div></details>
</figure>`;

const table = (id: string, title: string): string => `<section class="panel" id="${id}">
<h2>${title}</h2><p class="note"></p>
<div class="wide" tabindex="0" role="region" aria-label="${title}"><table></table></div>
</section>`;

const tile = (id: string, name: string): string =>
  `<div class="tile" id="${id}"><dt>${name}</dt><dd>–</dd><dd class="note"></dd></div>`;

const body = `<header>
<h1 id="title">Orthant monitor</h1>
<p id="subject" class="note"></p>
<p id="state" role="status" class="state">connecting</p>
<button id="pause" type="button" aria-pressed="false">Pause</button>
</header>
<p id="silence" role="status" hidden></p>
<noscript><p>This page needs JavaScript; <a href="/view">/view</a> has the same figures as JSON.</p></noscript>
<main>
<dl class="tiles" aria-label="Now">
${tile('now-live', 'Arrays')}
${tile('now-rss', 'Process')}
${tile('now-calls', 'Operations')}
${tile('now-busy', 'Time in operations')}
${tile('now-processors', 'Processors used')}
${tile('now-throttled', 'Stopped by the cgroup')}
</dl>
<div class="panels">
${chart('memory', 'Memory')}
${chart('calls', 'Operations per second')}
${chart('time', 'Where the time goes')}
${chart('processors', 'Processors')}
${table('operations', 'Operations of the last minute')}
${table('slow', 'Slowest calls of the last five minutes')}
${table('tags', 'Memory by scope')}
${table('sites', 'Memory by line of code')}
${table('threads', 'Threads')}
${table('log', 'Events')}
</div>
</main>
<script>${code}</script>`;

let made: Page | undefined;

/** The live page. */
export function page(): Page {
  made ??= {
    html: document('Orthant monitor', body),
    policy: policyOf(`script-src ${hashOf(code)}`, "connect-src 'self'", "form-action 'none'"),
  };
  return made;
}

/** The page that asks for the token. */
export function tokenPage(wrong: boolean): Page {
  const form = `<main class="ask"><h1>Orthant monitor</h1>
<p>${wrong ? 'That is not the token.' : 'This monitor has a token; the process that it watches knows it.'}</p>
<form method="get" action="/"><label>Token <input name="token" type="password" autocomplete="off" required autofocus></label>
<button>Show</button></form></main>`;
  return { html: document('Orthant monitor: token', form), policy: policyOf("form-action 'self'") };
}
