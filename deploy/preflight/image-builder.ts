import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Stage } from '#lib/stage/stage.ts';
import { ok, problem, reasonOf } from './finding.ts';
import type { Finding } from './finding.ts';

const WHAT = 'image builder';

/** Whether the CDK can build the containers' images here, where the stage has them built here. */
export async function checkImageBuilder(
  { exporter }: Pick<Stage, 'exporter'>,
  docker: string | undefined,
): Promise<readonly Finding[]> {
  if (exporter.image.from !== 'asset') return [ok(WHAT, `none needed: images from ${exporter.image.from}`)];
  const program = docker ?? 'docker';
  try {
    // of Docker it also asks the engine; what stands in for it need not know the command
    await promisify(execFile)(program, [docker === undefined ? 'version' : '--version'], { timeout: 20_000 });
    return [ok(WHAT, program)];
  } catch (error) {
    return [
      problem(
        WHAT,
        `${program}: ${reasonOf(error)}`,
        "start Docker, or name what builds images in its place by CDK_DOCKER, or have them built in the account: exporter.image { from: 'codebuild' } in lib/stages.ts",
      ),
    ];
  }
}
