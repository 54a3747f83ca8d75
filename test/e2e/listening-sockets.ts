import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { isOfTheRun } from './planted-secrets.ts';

export interface ListeningSocket {
  readonly command: string;
  readonly address: string;
  readonly port: number;
}

/** Every TCP socket that a process of the run listens on, of IPv4 and IPv6, by what the kernel says. */
export function listeningSockets(): readonly ListeningSocket[] {
  const byInode = new Map(['tcp', 'tcp6'].flatMap((table) => listening(`/proc/net/${table}`)));
  return processesOfTheRun().flatMap((pid) =>
    inodesOf(pid).flatMap((inode) => {
      const socket = byInode.get(inode);
      return socket === undefined
        ? []
        : [{ command: orNothing(() => readFileSync(`/proc/${pid}/comm`, 'utf8')).trim(), ...socket }];
    }),
  );
}

/** 127.0.0.0/8, ::1, and the former as IPv6 writes it. */
export function isLoopback({ address }: ListeningSocket): boolean {
  return /^(?:[0-9A-F]{6}7F|0{24}01000000|0{16}FFFF0000[0-9A-F]{6}7F)$/.test(address);
}

/** Those that were started with the run's environment, and their children: some write their title over it. */
function processesOfTheRun(): readonly string[] {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => [
        pid,
        /^.*\) \S (\d+)/s.exec(orNothing(() => readFileSync(`/proc/${pid}/stat`, 'utf8')))?.[1],
      ]),
  );
  const isOurs = (pid: string | undefined): boolean =>
    pid !== undefined && pid !== '0' && (isMarked(pid) || isOurs(parents.get(pid)));
  return [...parents.keys()].filter(isOurs);
}

function isMarked(pid: string): boolean {
  return isOfTheRun(orNothing(() => readFileSync(`/proc/${pid}/environ`, 'latin1')));
}

/** State 0A is LISTEN; the inode is the tenth column: https://docs.kernel.org/networking/proc_net_tcp.html */
function listening(table: string): readonly (readonly [string, Omit<ListeningSocket, 'command'>])[] {
  return readFileSync(table, 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state]) => state === '0A')
    .map(([, local = '', , , , , , , , inode = '']) => {
      const [address = '', port = ''] = local.split(':');
      return [inode, { address, port: Number.parseInt(port, 16) }] as const;
    });
}

function inodesOf(pid: string): readonly string[] {
  let names: readonly string[] = [];
  orNothing(() => {
    names = readdirSync(`/proc/${pid}/fd`);
    return '';
  });
  return names.flatMap(
    (name) => /^socket:\[(\d+)\]$/.exec(orNothing(() => readlinkSync(`/proc/${pid}/fd/${name}`)))?.[1] ?? [],
  );
}

/** Processes come and go while they are looked at, and some are another user's. */
function orNothing(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
