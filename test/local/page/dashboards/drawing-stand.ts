import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { SECURITY_HEADERS } from '#local/page/guards.ts';
import type { Sample } from './panel-samples.ts';

/** A page that draws these samples by their names, under the policy of the local page. */
export async function startDrawingStand(samples: Readonly<Record<string, Sample>>) {
  const files = await bundle(samples);
  const server = createServer((request, response) => {
    const file = files.get(request.url ?? '');
    response.writeHead(file ? 200 : 204, { ...SECURITY_HEADERS, 'Content-Type': file?.type ?? 'text/plain' });
    response.end(file?.text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    url: `http://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function bundle(samples: Readonly<Record<string, Sample>>) {
  const root = fileURLToPath(new URL('../../../../', import.meta.url));
  const { outputFiles } = await build({
    stdin: { contents: script(samples), resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    outdir: '/',
    format: 'esm',
    target: 'es2023',
    logLevel: 'silent',
  });
  const text = (end: string) => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? '';
  return new Map([
    ['/', { type: 'text/html; charset=utf-8', text: HTML }],
    ['/app.js', { type: 'text/javascript; charset=utf-8', text: text('.js') }],
    ['/app.css', { type: 'text/css; charset=utf-8', text: text('.css') + LAYOUT }],
  ]);
}

const HTML = `<!doctype html><html lang="en"><title>Samples</title><meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/app.css"><main><h1>Samples</h1></main><script type="module" src="/app.js"></script>`;

const LAYOUT = `body { margin: 8px; background: var(--ground); color: var(--text); font-family: sans-serif; }
main { display: grid; grid-template-columns: minmax(0, 720px); gap: 8px; }
section { padding: 8px; background: var(--surface); }`;

/** What the tests speak to: \`stand.draw\`, \`stand.drawn\` and what the drawings asked of their host. */
function script(samples: Readonly<Record<string, Sample>>): string {
  return `
import '#local/page/browser/dashboards/dashboards.css';
import { drawingOf } from '#local/page/browser/dashboards/panels.ts';
const samples = ${JSON.stringify(samples)};
const stand = { samples, drawingOf, drawn: {}, pointed: [], zoomed: [] };
globalThis.stand = stand;
const host = {
  resolveUrl: (url, at) => url.replace('\${__value.raw}', at ? String(at.field.values[at.row]) : ''),
  pointAt: (timeMs) => stand.pointed.push(timeMs),
  zoomTo: (fromMs, toMs) => stand.zoomed.push([fromMs, toMs]),
};
for (const [name, { panel, data, height }] of Object.entries(samples)) {
  const section = document.createElement('section');
  const body = document.createElement('div');
  body.id = name;
  body.style.height = height + 'px';
  section.append(body);
  document.querySelector('main').append(section);
  stand.drawn[name] = drawingOf(panel.type)(body, panel, data, host);
}
stand.ready = true;
`;
}
