import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Dashboard } from './dashboards/dashboard-schema.ts';
import { withNavigation } from './dashboards/navigation.ts';

export interface Asset {
  readonly type: string;
  readonly body: Uint8Array;
}

/** Bundles the browser code in memory: every file that the page may load, by its path. Takes about 0.2 s. */
export async function buildAssets(
  dashboards: ReadonlyMap<string, Dashboard>,
): Promise<ReadonlyMap<string, Asset>> {
  const folder = fileURLToPath(new URL('./browser/', import.meta.url));
  const [bundle, html, dashboardHtml, icon] = await Promise.all([
    build({
      entryPoints: {
        app: `${folder}main.ts`,
        style: `${folder}style.css`,
        dashboard: `${folder}dashboards/main.ts`,
        dashboards: `${folder}dashboards/dashboards.css`,
      },
      bundle: true,
      minify: true,
      write: false,
      outdir: '/',
      format: 'esm',
      target: 'es2023',
      legalComments: 'eof',
      logLevel: 'silent',
    }),
    readFile(`${folder}index.html`, 'utf8'),
    readFile(`${folder}dashboards/dashboard.html`, 'utf8'),
    readFile(`${folder}icon.svg`),
  ]);
  const assets = new Map<string, Asset>([
    ['/', htmlAsset(withNavigation(html, dashboards, '/'))],
    ['/icon.svg', { type: 'image/svg+xml', body: icon }],
  ]);
  for (const uid of dashboards.keys()) {
    assets.set(`/d/${uid}`, htmlAsset(withNavigation(dashboardHtml, dashboards, `/d/${uid}`)));
  }
  for (const file of bundle.outputFiles) {
    const type = file.path.endsWith('.css') ? 'text/css' : 'text/javascript';
    assets.set(file.path.replace(/^.*[\\/]/, '/'), { type: `${type}; charset=utf-8`, body: file.contents });
  }
  return assets;
}

function htmlAsset(html: string): Asset {
  return { type: 'text/html; charset=utf-8', body: Buffer.from(html) };
}
