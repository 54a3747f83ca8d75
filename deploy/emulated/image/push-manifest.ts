import { createHash } from 'node:crypto';
import { assetName, findImage } from './image-record.ts';

/** Under `registry/repository:tag`; moto has no more of a registry than this. */
export async function pushManifest(image: string, folder: string): Promise<void> {
  const { AWS_ENDPOINT_URL = '', AWS_REGION } = process.env;
  const [, repositoryName, imageTag = ''] = /^[^/]+\/([^:]+):(.+)$/.exec(image) ?? [];
  const record = findImage(folder, assetName(imageTag));
  if (record === undefined) throw new Error(`expected ${image} to be built before it is pushed`);
  const imageManifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    config: {
      mediaType: 'application/vnd.docker.container.image.v1+json',
      size: 2,
      digest:
        record.kind === 'built' ? record.id : `sha256:${createHash('sha256').update(image).digest('hex')}`,
    },
    layers: [],
  });
  const answer = await fetch(AWS_ENDPOINT_URL, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AmazonEC2ContainerRegistry_V20150921.PutImage',
      authorization: `AWS4-HMAC-SHA256 Credential=testing/20260101/${AWS_REGION}/ecr/aws4_request, SignedHeaders=host, Signature=none`,
    },
    body: JSON.stringify({ repositoryName, imageTag, imageManifest }),
  });
  if (!answer.ok)
    throw new Error(`expected ${image} to be taken, got ${answer.status}: ${await answer.text()}`);
}
