import { CustomResource, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IgnoreMode } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { customResourceProvider } from '#lib/custom-resource-provider.ts';
import { nodeFunction } from '#lib/node-function.ts';
import type { Stage } from '#lib/stage/stage.ts';
import type { ImageBuildProperties } from '#lambdas/image-build/env.ts';
import { stageLog } from '#lib/stage-log.ts';

export interface AccountBuiltImageProps {
  readonly stage: Stage;
  readonly key: kms.IKey;
  readonly source: {
    readonly directory: string;
    readonly exclude: string[];
    readonly ignoreMode: IgnoreMode;
  };
  /** Below the source's directory. */
  readonly dockerfile: string;
}

/** An image that is built in the account, once for each state of its source; for who deploys without Docker. */
export class AccountBuiltImage extends Construct {
  readonly image: ecs.ContainerImage;

  constructor(scope: Construct, id: string, { stage, key, source, dockerfile }: AccountBuiltImageProps) {
    super(scope, id);
    const repository = new ecr.Repository(this, 'Repository', {
      encryption: ecr.RepositoryEncryption.KMS,
      encryptionKey: key,
      imageScanOnPush: true,
      imageTagMutability: ecr.TagMutability.IMMUTABLE,
      lifecycleRules: [{ maxImageCount: 10, description: 'enough to go back to' }],
      emptyOnDelete: !stage.isProtected,
      removalPolicy: stage.isProtected ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const { directory, ...filter } = source;
    const asset = new Asset(this, 'Source', { path: directory, ...filter });
    const tag = asset.assetHash.slice(0, 32);
    const project = this.#project({ stage, key, repository, asset, tag, dockerfile });
    const onEvent = nodeFunction(this, 'Function', 'image-build', {
      stage,
      key,
      description: 'Has the image built, and waits until it is there',
      timeout: Duration.minutes(14),
    });
    onEvent.addToRolePolicy(
      new iam.PolicyStatement({
        actions: ['codebuild:StartBuild', 'codebuild:BatchGetBuilds'],
        resources: [project.projectArn],
      }),
    );
    const properties: ImageBuildProperties = { project: project.projectName, tag };
    const build = new CustomResource(this, 'Build', {
      resourceType: 'Custom::ImageBuild',
      serviceToken: customResourceProvider(this, 'Provider', { stage, key, onEvent }).serviceToken,
      properties,
    });
    build.node.addDependency(onEvent.role ?? onEvent, project, repository);
    this.image = ecs.ContainerImage.fromEcrRepository(repository, tag);
  }

  #project(props: {
    readonly stage: Stage;
    readonly key: kms.IKey;
    readonly repository: ecr.Repository;
    readonly asset: Asset;
    readonly tag: string;
    readonly dockerfile: string;
  }): codebuild.Project {
    const { stage, key, repository, asset, tag, dockerfile } = props;
    const logGroup = stageLog(this, 'Logs', { stage, key });
    const role = this.#projectRole({ stage, key, repository, asset, logGroup });
    const uri = repository.repositoryUriForTag(tag);
    const project = new codebuild.Project(this, 'Project', {
      // CDK would let it write other logs and reports too
      role: role.withoutPolicyUpdates(),
      encryptionKey: key,
      timeout: Duration.minutes(13),
      source: codebuild.Source.s3({ bucket: asset.bucket, path: asset.s3ObjectKey }),
      environment: {
        buildImage: codebuild.LinuxArmBuildImage.AMAZON_LINUX_2023_STANDARD_3_0,
        computeType: codebuild.ComputeType.SMALL,
        privileged: true,
      },
      logging: { cloudWatch: { logGroup } },
      buildSpec: codebuild.BuildSpec.fromObject({
        version: '0.2',
        phases: {
          build: {
            commands: [
              `if aws ecr describe-images --repository-name ${repository.repositoryName} --image-ids imageTag=${tag}; then ` +
                'echo "the image is there already"; else ' +
                `aws ecr get-login-password | docker login --username AWS --password-stdin ${repository.registryUri} && ` +
                `docker build --file ${dockerfile} --tag ${uri} . && docker push ${uri}; fi`,
            ],
          },
        },
      }),
    });
    return project;
  }

  #projectRole(props: {
    readonly stage: Stage;
    readonly key: kms.IKey;
    readonly repository: ecr.Repository;
    readonly asset: Asset;
    readonly logGroup: logs.LogGroup;
  }): iam.Role {
    const { stage, key, repository, asset, logGroup } = props;
    const role = new iam.Role(this, 'ProjectRole', {
      assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stage.account } },
      }),
    });
    const allow = (resources: readonly string[], ...actions: readonly string[]) =>
      role.addToPolicy(new iam.PolicyStatement({ actions: [...actions], resources: [...resources] }));
    allow([asset.bucket.arnForObjects(asset.s3ObjectKey)], 's3:GetObject', 's3:GetObjectVersion');
    allow([key.keyArn], 'kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:DescribeKey');
    logGroup.grantWrite(role);
    repository.grantPullPush(role);
    repository.grant(role, 'ecr:DescribeImages');
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'ecr:GetAuthorizationToken takes no resource; what it may push to is one repository',
    });
    return role;
  }
}
