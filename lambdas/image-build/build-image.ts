import { setTimeout as sleep } from 'node:timers/promises';
import { BatchGetBuildsCommand, StartBuildCommand } from '@aws-sdk/client-codebuild';
import type { CodeBuildClient } from '@aws-sdk/client-codebuild';

/**
 * Runs the project once and waits for its end, throwing unless it went well. For an image that
 * is there already, the build has nothing to do.
 */
export async function buildImage(client: CodeBuildClient, project: string, pauseMs: number): Promise<void> {
  const { build } = await client.send(new StartBuildCommand({ projectName: project }));
  const id = build?.id;
  if (id === undefined)
    throw new Error(`expected a build of ${project} to start, got an answer without its id`);
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one question after the other
    const { builds = [] } = await client.send(new BatchGetBuildsCommand({ ids: [id] }));
    const [state] = builds;
    if (state === undefined) throw new Error(`expected the build ${id}, CodeBuild knows of none`);
    if (state.buildStatus === 'SUCCEEDED') return;
    if (state.buildStatus !== 'IN_PROGRESS') {
      throw new Error(
        `expected the image's build ${id} to succeed, it is ${state.buildStatus} in ${state.currentPhase}: ` +
          `read its log, ${state.logs?.deepLink ?? 'which CodeBuild did not name'}`,
      );
    }
    // oxlint-disable-next-line no-await-in-loop
    await sleep(pauseMs);
  }
}
