// The law of the capture: whatever is recorded, the file read again gives the same records with the same bytes.
import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Capture } from '../../src-main/capture/capture.ts';
import type { DissectAs } from '../../src-main/core/protocol.ts';
import type { Direction } from '../../src-main/core/record.ts';
import type { ConnectionRecorder } from '../../src-main/core/recorder.ts';
import { liveCapture, loadedCapture, recordsOf, summariesOf } from './files.ts';
import { concat } from './packets.ts';
import { ANSWER, frame, REQUEST } from './websocket.ts';

const START = 1_700_000_000_000_000;

const transports: readonly { transport: 'tcp' | 'udp'; dissectAs: DissectAs }[] = [
  { transport: 'tcp', dissectAs: { protocol: 'auto' } },
  { transport: 'tcp', dissectAs: { protocol: 'websocket' } },
  { transport: 'tcp', dissectAs: { protocol: 'tcp', framing: { kind: 'none' } } },
  { transport: 'tcp', dissectAs: { protocol: 'tcp', framing: { kind: 'lines' } } },
  {
    transport: 'tcp',
    dissectAs: {
      protocol: 'tcp',
      framing: { kind: 'length-prefix', bytes: 2, littleEndian: true, includesItself: false },
    },
  },
  { transport: 'udp', dissectAs: { protocol: 'udp' } },
];

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.constantFrom(REQUEST, ANSWER, concat(REQUEST, REQUEST), concat(ANSWER, frame(1, 'hello'), frame(9, ''))),
  fc.string({ maxLength: 10 }).map((text) => frame(1, text)),
  fc.constant(new Uint8Array(80_000).fill(65)),
);
const direction = fc.constantFrom<Direction>(1, 2);
const which = fc.nat(7);
const step = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('open' as const),
      kind: fc.nat(5),
      v6: fc.boolean(),
      decrypted: fc.boolean(),
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('chunk' as const), which, direction, bytes }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('event' as const), which, text: fc.string({ maxLength: 20 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('end' as const), which, direction }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const), which, reset: fc.boolean() }) },
);

function record(capture: Capture, steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[]): void {
  const connections: ConnectionRecorder[] = [];
  let at = START;
  for (const each of steps) {
    at += 0.25;
    if (each.do === 'open') {
      const { transport, dissectAs } = transports[each.kind]!;
      const address = each.v6 ? '2001:db8::7' : '192.0.2.7';
      // Two UDP conversations at the same time need other ends; TCP tells them apart by itself only one after the other.
      const client = { address, port: 50_000 + connections.length };
      const server = { address, port: 443 };
      connections.push(
        capture.recorder.connection({ transport, client, server, decrypted: each.decrypted, dissectAs }, at),
      );
      continue;
    }
    const connection = connections[each.which % Math.max(1, connections.length)];
    if (each.do === 'event') {
      const event = { type: 'info', severity: 'warning', text: each.text } as const;
      if (connection) connection.event(event, at);
      else capture.recorder.event(event, at);
    } else if (each.do === 'chunk') connection?.chunk(each.direction, each.bytes, at);
    else if (each.do === 'end') connection?.end(each.direction, at);
    else connection?.close(at, each.reset);
  }
}

function contents(capture: Capture): unknown {
  const records = recordsOf(capture);
  const { counts, traffic } = capture;
  return {
    records,
    counts,
    traffic,
    summaries: summariesOf(capture),
    bytes: records.map(({ seq }) => capture.view(seq).bytes(300)),
    derived: records.map(({ seq }) => capture.view(seq).derived()),
  };
}

test('what was recorded is what is read', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
      const capture = liveCapture();
      record(capture, steps);
      await capture.finish();
      const live = contents(capture);
      const proven = await loadedCapture(capture.path, { recordedHere: true });
      expect(contents(proven)).toEqual(live);
      rmSync(`${capture.path}.index`);
      const read = await loadedCapture(capture.path);
      expect(contents(read)).toEqual(live);
      await Promise.all([capture.dispose(), proven.dispose(), read.dispose()]);
    }),
    { numRuns: 50 },
  );
});
