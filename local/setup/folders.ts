import { join } from 'node:path';

/** The repository's own folder. */
export const ROOT = join(import.meta.dirname, '..', '..');

/** Everything downloaded; git-ignored, removed by `npm run clean`. */
export const TOOLS_FOLDER = join(ROOT, '.tools');

/** Data, logs and state of `npm start`; git-ignored. */
export const LOCAL_FOLDER = join(ROOT, '.local');

/** Jars of the broker and of the Connect worker: class paths are `<folder>/*`. */
export const KAFKA_JARS_FOLDER = join(TOOLS_FOLDER, 'kafka-3.9.2');
export const CONNECT_JARS_FOLDER = join(TOOLS_FOLDER, 'connect-3.7.2');

/** Jars of the sink's plugin, of what reads its key on AWS, and the zip of all for MSK Connect. */
export const CONNECTOR_JARS_FOLDER = join(TOOLS_FOLDER, 'snowflake-kafka-connector-2.5.0');
export const SECRET_PROVIDER_JARS_FOLDER = join(TOOLS_FOLDER, 'aws-secretsmanager-2.29.52');
export const CONNECTOR_PLUGIN_FOLDER = join(TOOLS_FOLDER, 'connector-plugin');

/** Prometheus unpacked from Debian's package, and Prometheus built by Go. */
export const PROMETHEUS_PACKAGE_FOLDER = join(TOOLS_FOLDER, 'prometheus');
export const PROMETHEUS_GO_FOLDER = join(TOOLS_FOLDER, 'prometheus-go');

/** The same of Alertmanager. */
export const ALERTMANAGER_PACKAGE_FOLDER = join(TOOLS_FOLDER, 'alertmanager-debian');
export const ALERTMANAGER_GO_FOLDER = join(TOOLS_FOLDER, 'alertmanager-go');

/** Buildah and a static busybox, unpacked from Debian's packages. */
export const BUILDAH_FOLDER = join(TOOLS_FOLDER, 'buildah');

/** One virtual environment a folder. */
export const PYTHON_FOLDER = join(TOOLS_FOLDER, 'python');
