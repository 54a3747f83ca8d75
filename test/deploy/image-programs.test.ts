import { expect, test } from 'vitest';
import type { BuiltImage } from '#deploy/emulated/image/container-engine.ts';
import { runPrograms } from '#deploy/emulated/image/image-programs.ts';

const FILE = 'fargate/Dockerfile';
/** What each program of a whole image says, by a word of its command. */
const ENDS: Readonly<Record<string, readonly [exitCode: number, said: string]>> = {
  ohlc: [1, '{"reason":"KAFKA_BROKERS: expected host:port, got none"}'],
  '--help': [0, 'Usage: archive-loader [options]'],
  parquet: [0, 'loaded\n'],
  getuid: [0, '1000 EROFS written\n'],
};

function imageWith(changed: typeof ENDS = {}): BuiltImage {
  return {
    id: 'sha256:0',
    user: '1000:1000',
    command: ['node', 'ohlc'],
    run: (command) => {
      const [, end] =
        Object.entries({ ...ENDS, ...changed }).find(([word]) => command.join(' ').includes(word)) ?? [];
      const [exitCode, stdout] = end ?? [127, 'no such program'];
      return { exitCode, stdout, stderr: '' };
    },
  };
}

test('an image whose programs do what they have to is told of, program by program', () => {
  const said = runPrograms(imageWith(), FILE);
  expect(said).toHaveLength(4);
  expect(said[0]).toBe(
    'its command, without settings: exit code 1, KAFKA_BROKERS: expected host:port, got none',
  );
});

test.each<readonly [string, typeof ENDS, string]>([
  ['an exporter that starts without settings', { ohlc: [0, 'listening'] }, 'its command'],
  ['an exporter that fails for another reason', { ohlc: [1, "Cannot find module 'kafkajs'"] }, 'kafkajs'],
  ['a loader that does not start', { '--help': [1, 'Usage: none'] }, 'exit with 0'],
  ['packages that are not there', { parquet: [1, 'no such file: libduckdb.so'] }, 'libduckdb.so'],
  ['a user that is root', { getuid: [0, '0 EROFS written\n'] }, 'got 0 and: 0 EROFS'],
  ['a root that can be written to', { getuid: [0, '1000 written written\n'] }, 'written written'],
  ['a scratch folder that belongs to root', { getuid: [0, '1000 EROFS EACCES\n'] }, 'EACCES'],
])('%s fails the build', (_, changed, said) => {
  expect(() => runPrograms(imageWith(changed), FILE)).toThrow(said);
});

test('an image of which nobody says what to run is refused', () => {
  expect(() => runPrograms(imageWith(), 'other/Dockerfile')).toThrow('expected programs to run of the image');
});
