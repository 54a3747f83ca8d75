import { join } from 'node:path';
import { IgnoreMode } from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { IDependable } from 'constructs';
import type { Stage } from '#lib/stage/stage.ts';
import { AccountBuiltImage } from './account-built-image.ts';

export interface PipelineImageProps {
  readonly stage: Stage;
  readonly key: kms.IKey;
}

/** The one image of all that runs on Fargate: `fargate/Dockerfile`, from where the stage says. */
export class PipelineImage extends Construct {
  readonly image: ecs.ContainerImage;
  /** What has to be there before a task can start. */
  readonly dependencies: readonly IDependable[] = [];

  constructor(scope: Construct, id: string, { stage, key }: PipelineImageProps) {
    super(scope, id);
    const { image } = stage.exporter;
    switch (image.from) {
      case 'asset':
        this.image = ecs.ContainerImage.fromDockerImageAsset(
          new DockerImageAsset(this, 'Asset', {
            ...IMAGE_SOURCE,
            file: DOCKERFILE,
            platform: Platform.LINUX_ARM64,
          }),
        );
        break;
      case 'registry':
        this.image = imageOfRegistry(this, image.name);
        break;
      case 'codebuild': {
        const built = new AccountBuiltImage(this, 'Built', {
          stage,
          key,
          source: IMAGE_SOURCE,
          dockerfile: DOCKERFILE,
        });
        this.image = built.image;
        this.dependencies = [built];
        break;
      }
    }
  }
}

const DOCKERFILE = 'fargate/Dockerfile';

/** Nothing but what the Dockerfile copies: so another file is no other image. `.dockerignore` says the same to Docker. */
const IMAGE_SOURCE = {
  directory: join(import.meta.dirname, '..', '..'),
  exclude: ['*', '!package.json', '!package-lock.json', '!domain', '!remote-write', '!snowflake', '!fargate'],
  ignoreMode: IgnoreMode.DOCKER,
};

/** Private registries of ECR ask for rights, which a repository grants. */
function imageOfRegistry(scope: Construct, name: string): ecs.ContainerImage {
  const ecr = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([^:@]+)@(sha256:[0-9a-f]{64})$/.exec(name);
  if (!ecr) return ecs.ContainerImage.fromRegistry(name);
  const [, account = '', region = '', repositoryName = '', digest = ''] = ecr;
  const repository = Repository.fromRepositoryAttributes(scope, 'Repository', {
    repositoryName,
    repositoryArn: `arn:aws:ecr:${region}:${account}:repository/${repositoryName}`,
  });
  return ecs.ContainerImage.fromEcrRepository(repository, digest);
}
