// Captures of more connections than may be open at the same time, and what comes for one that has ended.
import { expect, test } from 'vitest';
import { PcapngReader } from '../../src-main/capture/formats/pcapng-reader.ts';
import { CaptureIndex } from '../../src-main/capture/index/capture-index.ts';
import { PacketTracker } from '../../src-main/capture/packets/packet-tracker.ts';
import { AppendFile } from '../../src-main/capture/storage/append-file.ts';
import { StaticFile } from '../../src-main/capture/storage/byte-store.ts';
import { Direction } from '../../src-main/core/record.ts';
import { loadedBytes, summariesOf, temporaryFile, temporaryFolder, wireText } from './files.ts';
import { pcapng, tcp } from './packets.ts';

/** Reads a file of packets with so many conversations open at most, and returns what the connections carried. */
function read(packets: readonly Uint8Array[], maxOpen: number): { events: string[]; connections: string[] } {
  const bytes = pcapng(packets);
  const file = new StaticFile(temporaryFile('many.pcapng', bytes));
  const folder = temporaryFolder();
  const index = new CaptureIndex(file, new AppendFile(`${folder}/index`), new AppendFile(`${folder}/derived`));
  const tracker = new PacketTracker(index, new Map([[80, { protocol: 'tcp', framing: { kind: 'none' } }]]), maxOpen);
  new PcapngReader(tracker).read(bytes, 0, bytes.length, 0);
  tracker.end();
  const events: string[] = [];
  const connections = index.state.connections.map(() => '');
  for (let seq = 0; seq < index.count; seq++) {
    const record = index.state.records.read(seq);
    if (record.connection === 0) {
      events.push(JSON.parse(new TextDecoder().decode(index.derived(record))).text);
    } else if (record.direction === Direction.clientToServer) {
      connections[record.connection - 1] += new TextDecoder().decode(index.bytes(record));
    }
  }
  return { events, connections };
}

const client = (port: number) => ({ fromPort: port, toPort: 80 });
const opening = (port: number) => tcp({ ...client(port), seq: 0, flags: 'S' });
const word = (port: number, at: number, payload: string) => tcp({ ...client(port), seq: 1 + at, flags: 'PA', payload });

test('those that were silent longest end when too many are open, and nothing that is said gets lost', () => {
  const ports = Array.from({ length: 40 }, (_, i) => 2000 + i);
  const packets = [
    opening(1000),
    ...ports.flatMap((port, i) => [opening(port), word(port, 0, `${port}`), word(1000, 2 * i, '..')]),
    word(2000, 4, ' again'),
    word(2000, 10, '!'),
  ];
  const { events, connections } = read(packets, 16);
  expect(events).toEqual([
    'More than 16 conversations are open at the same time: those that were silent longest are taken for ended.',
    expect.stringMatching(/^\d+ times in this file, shown once: conversations taken for ended\.$/),
  ]);
  // The one that talks all the time is one connection; the first one comes back.
  expect(connections).toEqual(['..'.repeat(40), ...ports.map(String), ' again!']);
});

test('those that have ended make room for others', () => {
  const packets = Array.from({ length: 50 }, (_, i) => [
    opening(2000 + i),
    word(2000 + i, 0, 'x'),
    tcp({ ...client(2000 + i), seq: 2, flags: 'R' }),
  ]).flat();
  const { events, connections } = read([opening(1000), word(1000, 0, 'a'), ...packets, word(1000, 1, 'b')], 16);
  expect(events).toEqual([]);
  expect(connections).toEqual(['ab', ...new Array(50).fill('x')]);
});

test('packets that come late for one that has ended are not another; those of its successor are', async () => {
  const server = { from: '10.0.0.2', to: '10.0.0.1', fromPort: 80, toPort: 2000 };
  const end = (seq: number) => [
    tcp({ ...client(2000), seq, flags: 'FA', ack: 1 }),
    tcp({ ...server, seq: 0, flags: 'SA', ack: 1 }),
    tcp({ ...server, seq: 1, flags: 'FA', ack: seq + 1 }),
  ];
  const capture = await loadedBytes(
    pcapng([
      opening(2000),
      word(2000, 0, 'first'),
      ...end(6),
      word(2000, 0, 'first'),
      tcp({ ...client(2000), seq: 7, ack: 2 }),
      tcp({ ...client(2000), seq: 7, flags: 'R' }),
      opening(2000),
      word(2000, 0, 'second'),
      ...end(7),
      word(2000, 100, 'later'),
    ]),
  );
  expect([1, 2, 3, 4].map((connection) => wireText(capture, connection, 1))).toEqual(['first', 'second', 'later', '']);
  expect(summariesOf(capture)).not.toContain('Reset by the client.');
});
