#!/usr/bin/env node
// What the CDK calls in place of Docker: builds an image once for all stages, and pushes a manifest that names it into
// the emulated registry, which keeps no layers.
import { buildImage } from './image/build-image.ts';
import { findImage } from './image/image-record.ts';
import { pushManifest } from './image/push-manifest.ts';

const [verb, ...args] = process.argv.slice(2);
const folder = process.env['EMULATED_IMAGES'];
const name = args.findLast((arg) => !arg.startsWith('-')) ?? '';
if (folder === undefined) throw new Error('expected EMULATED_IMAGES to name a folder, got none');

switch (verb) {
  case 'build':
    await buildImage(args, folder);
    break;
  case 'push':
    await pushManifest(name, folder);
    break;
  case 'inspect':
    // as Docker does of an image that it does not have
    process.exitCode = findImage(folder, name) === undefined ? 1 : 0;
    break;
  case 'login':
  case 'tag':
    break;
  default:
    console.error(`expected build, push, inspect, login or tag, got ${verb}`);
    process.exitCode = 1;
}
