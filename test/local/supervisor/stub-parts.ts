import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ask } from '#local/supervisor/ask.ts';
import type { Part } from '#local/supervisor/part.ts';
import type { Screen } from '#local/supervisor/screen.ts';
import { freePorts } from '#test/local/free-ports.ts';

/** What a stub does: it serves, writes its signal into a file, and obeys files that tell it to misbehave. */
const STUB = `
  const { createServer } = require('node:http');
  const { appendFileSync, existsSync } = require('node:fs');
  const [name, port, folder] = process.argv.slice(1);
  console.log(name + ' starts');
  if (existsSync(folder + '/' + name + '.broken')) { console.error('out of flour'); process.exit(4); }
  process.on('SIGTERM', () => {
    appendFileSync(folder + '/stopped', name + '\\n');
    if (!existsSync(folder + '/' + name + '.deaf')) process.exit(0);
  });
  createServer((_, response) => response.end('ok')).listen(Number(port), '127.0.0.1');`;

/** A part that is a small HTTP server, with the files that make it misbehave. */
export async function stubPart(
  folder: string,
  name: string,
  options: Partial<Omit<Part, 'name' | 'prepare'>> = {},
) {
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const part: Part = {
    name,
    half: 'live',
    dependsOn: [],
    ports: [port],
    url,
    prepare: () => Promise.resolve({ command: [process.execPath, '-e', STUB, name, String(port), folder] }),
    check: async () => ({ kind: (await ask(url)).status === 200 ? 'ready' : 'down' }),
    ...options,
  };
  return {
    part,
    breakIt: () => writeFile(join(folder, `${name}.broken`), ''),
    mendIt: () => rm(join(folder, `${name}.broken`)),
    deafenIt: () => writeFile(join(folder, `${name}.deaf`), ''),
  };
}

/** A screen that remembers. */
export function rememberingScreen() {
  const said: string[] = [];
  const tables: string[] = [];
  const screen: Screen = {
    say: (text) => said.push(text),
    note: () => {},
    showTable: (lines, hasChanged) => {
      if (hasChanged) tables.push(lines.join('\n'));
    },
  };
  return { screen, said, tables };
}
