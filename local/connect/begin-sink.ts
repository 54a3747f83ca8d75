import { forgetChannelOffsets } from '#connectors/begin-epoch.ts';
import type { CandleSink } from '#connectors/candle-sink.ts';
import { putSink, sinkStatus } from './connect-rest.ts';

type Execute = Parameters<typeof forgetChannelOffsets>[0];

/** Makes the sink, or brings its configuration up to date. One that is new begins a new epoch. */
export async function beginSink(restUrl: string, sink: CandleSink, execute: Execute): Promise<void> {
  const status = await sinkStatus(restUrl, sink.name);
  if (status.kind === 'absent') await forgetChannelOffsets(execute, sink.landingTable);
  await putSink(restUrl, sink);
}
