import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeZip } from '#local/connect/write-zip.ts';
import { CONNECT_JARS_FOLDER, ROOT, SECRET_PROVIDER_JARS_FOLDER, TOOLS_FOLDER } from './folders.ts';
import { javacPath } from './prerequisites.ts';
import { runCommand } from './run-command.ts';
import type { SetupStep } from './step.ts';

const SOURCE = join(ROOT, 'connectors', 'secret-provider', 'SecretTextProvider.java');
const CLASS = 'market/crypto/connect/SecretTextProvider.class';

/** Our own jar of the plugin; another source is another file. */
export const SECRET_PROVIDER_JAR = join(
  TOOLS_FOLDER,
  'secret-provider',
  `secret-provider-${createHash('sha256').update(readFileSync(SOURCE)).digest('hex').slice(0, 12)}.jar`,
);

/** After the jars that it is compiled against. */
export const SECRET_PROVIDER: SetupStep = {
  name: 'Secret provider (compiled)',
  needs: ['javac'],
  check: async () => {
    try {
      await access(SECRET_PROVIDER_JAR);
      return { kind: 'present' };
    } catch {
      return { kind: 'missing', detail: 'not compiled' };
    }
  },
  install: async () => {
    const folder = await mkdtemp(join(TOOLS_FOLDER, 'compiling-'));
    try {
      const classPath = [CONNECT_JARS_FOLDER, SECRET_PROVIDER_JARS_FOLDER]
        .map((jars) => join(jars, '*'))
        .join(':');
      // for the Java of MSK Connect, whatever compiles it
      await runCommand(javacPath(), ['--release', '17', '-cp', classPath, '-d', folder, SOURCE]);
      await writeZip(SECRET_PROVIDER_JAR, [
        {
          // by this a worker finds it
          name: 'META-INF/services/org.apache.kafka.common.config.provider.ConfigProvider',
          read: () => Promise.resolve(Buffer.from('market.crypto.connect.SecretTextProvider\n')),
        },
        { name: CLASS, read: () => readFile(join(folder, CLASS)) },
      ]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
