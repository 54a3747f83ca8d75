import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import protobuf from 'protobufjs';
import { uncompress } from 'snappyjs';

/** Answers 204 at once and keeps the bodies; `GET /counts` reads them by its own idea of the format, and forgets them. */
const PROTO = `
syntax = "proto3";
message WriteRequest { repeated TimeSeries timeseries = 1; }
message TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; }
message Label { string name = 1; string value = 2; }
message Sample { double value = 1; int64 timestamp = 2; }
`;
const WriteRequest = protobuf.parse(PROTO).root.lookupType('WriteRequest');
let bodies: Buffer[] = [];

const server = createServer((request, response) => {
  void (async () => {
    if (request.method === 'POST') {
      bodies.push(await buffer(request));
      response.writeHead(204).end();
    } else {
      const given = bodies;
      bodies = [];
      response.end(JSON.stringify(countsOf(given)));
    }
  })();
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
// a server on TCP has an address with a port
console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);

function countsOf(given: readonly Buffer[]) {
  const series = new Set<string>();
  let [samples, quarters] = [0, 0];
  for (const body of given) {
    // the shape is that of the text above
    const { timeseries } = WriteRequest.decode(uncompress(new Uint8Array(body))) as unknown as {
      readonly timeseries: readonly {
        readonly labels: readonly { readonly name: string; readonly value: string }[];
        readonly samples: readonly { readonly value: number }[];
      }[];
    };
    for (const one of timeseries) {
      series.add(one.labels.map(({ name, value }) => `${name}=${value}`).join());
      samples += one.samples.length;
      for (const { value } of one.samples) quarters += value * 4;
    }
  }
  return { samples, series: series.size, quarters };
}
