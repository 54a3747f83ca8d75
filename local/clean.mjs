// Removes what `npm start` and `npm test` downloaded. Plain JavaScript: the node modules may be gone.
import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lockHolder } from './setup/lock.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const HELP = `npm run clean [-- --data]

Removes .tools, where downloads are. With --data also .local, where the pipeline's data, logs and state are.
The node modules stay: delete node_modules yourself if you want them gone.`;

const args = process.argv.slice(2);
const unknown = args.filter((arg) => !['--data', '--help', '-h'].includes(arg));
if (unknown.length > 0) end(2, `expected nothing, --data or --help, got ${unknown.join(' ')}`);
if (args.includes('--help') || args.includes('-h')) end(0, HELP);
for (const [folder, file] of [
  ['.local', 'supervisor.lock'],
  ['.tools', 'setup.lock'],
]) {
  const holder = lockHolder(join(ROOT, folder, file));
  if (holder !== undefined)
    end(
      1,
      `expected nothing to run, got process ${holder.pid}, which uses ${folder}: stop it first by \`kill ${holder.pid}\``,
    );
}
for (const folder of args.includes('--data') ? ['.tools', '.local'] : ['.tools']) {
  const existed = existsSync(join(ROOT, folder));
  rmSync(join(ROOT, folder), { recursive: true, force: true });
  console.log(existed ? `removed ${folder}` : `${folder} was not there`);
}

function end(code, message) {
  (code === 0 ? console.log : console.error)(message);
  process.exit(code);
}
