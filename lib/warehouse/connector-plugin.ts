import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssetHashType, BundlingOutput, DockerImage } from 'aws-cdk-lib';
import * as connect from 'aws-cdk-lib/aws-kafkaconnect';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import type { Stage } from '#lib/stage/stage.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SOURCES = join(ROOT, 'connectors');

/**
 * The connector and what it needs, in a zip of some 170 MB. Built only where assets are (no test, no look at another stack),
 * of jars that are downloaded once and held against their committed SHA-256 each time. Its identity is that of the lists
 * and sources, so that a machine that has not built it knows whether it was published.
 */
export class ConnectorPlugin extends Construct {
  readonly name: string;
  readonly arn: string;
  readonly revision: number;

  constructor(scope: Construct, id: string, { stage }: { readonly stage: Stage }) {
    super(scope, id);
    const hash = hashOfSources();
    const zip = new Asset(this, 'Zip', {
      path: SOURCES,
      assetHash: hash,
      assetHashType: AssetHashType.CUSTOM,
      bundling: {
        // never used: what is local either succeeds or throws
        image: DockerImage.fromRegistry('none'),
        outputType: BundlingOutput.ARCHIVED,
        local: {
          tryBundle: (outputDir) => {
            buildInto(outputDir);
            return true;
          },
        },
      },
    });
    // every change is a replacement, and names are there once in an account
    this.name = `crypto-market-${stage.name}-candle-sink-${hash.slice(0, 8)}`;
    const plugin = new connect.CfnCustomPlugin(this, 'Plugin', {
      name: this.name,
      description: 'The Snowflake connector, and what reads its key from Secrets Manager',
      contentType: 'ZIP',
      location: { s3Location: { bucketArn: zip.bucket.bucketArn, fileKey: zip.s3ObjectKey } },
    });
    this.arn = plugin.attrCustomPluginArn;
    this.revision = plugin.attrRevision;
  }
}

/** In a process of its own, as a synthesis can't wait for a promise. What it says of a wrong byte is what the person sees. */
function buildInto(folder: string): void {
  const program = join(ROOT, 'local', 'connector-plugin.ts');
  execFileSync(process.execPath, [program, '--into', folder], { stdio: ['ignore', 'ignore', 'inherit'] });
}

function hashOfSources(): string {
  const hash = createHash('sha256');
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /(SHA256SUMS|\.xml|\.java)$/.test(name),
  );
  for (const name of files.toSorted()) hash.update(name).update(readFileSync(join(SOURCES, name)));
  return hash.digest('hex');
}
