import { Command, InvalidArgumentError, Option } from 'commander';
import { upsertDashboards } from '#grafana/provision/dashboards.ts';
import { listPrometheusSources } from '#grafana/provision/data-source.ts';
import type { DataSourceRef } from '#grafana/provision/data-source.ts';
import { upsertFolder } from '#grafana/provision/folder.ts';
import { GENERATED_DASHBOARDS } from '#grafana/provision/generated-dashboards.ts';
import { createGrafanaClient, GrafanaError } from '#grafana/provision/grafana-client.ts';

interface Given {
  readonly url: string;
  readonly token: string;
  readonly datasource?: string;
  readonly folder: string;
}

/** As on AWS, so that a Grafana that is moved there keeps its links. */
const FOLDER_UID = 'crypto-market';

const program = new Command('npm run dashboards:push --')
  .description(
    'Puts the dashboards into any Grafana: made where they are missing, overwritten where they are there.',
  )
  .requiredOption('--url <url>', "Grafana's address, as in https://grafana.example.com", parseUrl)
  .addOption(
    new Option('--token <token>', "a service account's token, with the role Editor or Admin")
      .env('GRAFANA_TOKEN')
      .makeOptionMandatory(),
  )
  .option('--datasource <name or uid>', 'which Prometheus they open on (default: the only one there is)')
  .option('--folder <title>', 'the title of their folder', 'Crypto market')
  .addHelpText(
    'after',
    '\nThe token in the environment, not on the command line, stays out of the history of the shell:\n  GRAFANA_TOKEN=... npm run dashboards:push -- --url http://127.0.0.1:3000',
  )
  .allowExcessArguments(false)
  .parse();

try {
  await push(program.opts<Given>());
} catch (error) {
  console.error(explained(error));
  process.exitCode = 1;
}

async function push({ url, token, datasource, folder }: Given): Promise<void> {
  const grafana = createGrafanaClient(url, token, { attempts: 3 });
  const dataSource = choose(await listPrometheusSources(grafana), datasource);
  await upsertFolder(grafana, { uid: FOLDER_UID, title: folder });
  await upsertDashboards(grafana, GENERATED_DASHBOARDS, { folderUid: FOLDER_UID, dataSource });
  console.log(
    `${GENERATED_DASHBOARDS.length} dashboards in folder ${folder}, on data source ${dataSource.name}:`,
  );
  for (const { uid, title } of GENERATED_DASHBOARDS)
    console.log(`  ${title}: ${new URL(`d/${uid}`, url).href}`);
}

function choose(sources: readonly DataSourceRef[], wanted: string | undefined): DataSourceRef {
  const names = sources.map(({ name }) => name).join(', ') || 'none';
  if (wanted === undefined) {
    const [only, ...others] = sources;
    if (only && others.length === 0) return only;
    throw new Error(
      only
        ? `expected one Prometheus data source, got ${names}: choose with --datasource`
        : 'expected a Prometheus data source, got none: add one in Grafana under Connections first',
    );
  }
  const chosen = sources.find(({ uid, name }) => uid === wanted || name === wanted);
  if (!chosen)
    throw new Error(`expected the name or UID of a Prometheus data source (${names}), got ${wanted}`);
  return chosen;
}

function parseUrl(text: string): string {
  const isHttp = URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
  if (!isHttp) throw new InvalidArgumentError('expected an address that begins with http:// or https://');
  return text.endsWith('/') ? text : `${text}/`;
}

function explained(error: unknown): string {
  if (!(error instanceof GrafanaError)) return error instanceof Error ? error.message : String(error);
  switch (error.status) {
    case 0:
      return `${error.message}: is Grafana running there?`;
    case 401:
      return `${error.message}: expected a valid token, made in Grafana under Administration, Service accounts`;
    case 403:
      return `${error.message}: expected a service account with the role Editor or Admin`;
    default:
      return error.message;
  }
}
