// Golden vectors: bytes from the RFCs (and a few made by hand) with the records they must become.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hex, utf8 } from '../../../src-main/core/dissect/bytes.ts';
import { websocketProtocol as protocol } from '../../../src-main/core/dissect/websocket/detail.ts';
import { WebSocketFlag, WebSocketNote } from '../../../src-main/core/dissect/websocket/format.ts';
import { openWebSocket } from '../../../src-main/core/dissect/websocket/websocket.ts';
import { Direction, Level } from '../../../src-main/core/record.ts';
import { chunkingLaw, type Segment } from '../../fuzz/laws.ts';

interface Golden {
  source: string;
  deflate: { clientNoContextTakeover: boolean; serverNoContextTakeover: boolean } | null;
  records: {
    type: string;
    levels: string[];
    start: number;
    length: number;
    size: number;
    flags: string[];
    notes: string[];
    link?: number;
    text?: string;
    hex?: string;
    summary: string;
  }[];
}

const folder = new URL('../../../fixtures/websocket/', import.meta.url);
const names = readdirSync(fileURLToPath(folder))
  .filter((name) => name.endsWith('.hex'))
  .map((name) => name.slice(0, -4));

function readSegments(name: string): Segment[] {
  const lines = readFileSync(new URL(`${name}.hex`, folder), 'utf8').split('\n');
  return lines
    .filter((line) => /^[cs] /.test(line))
    .map((line) => ({
      direction: line[0] === 'c' ? Direction.clientToServer : Direction.serverToClient,
      bytes: Uint8Array.from(line.slice(2).match(/[0-9a-f]{2}/g) ?? [], (pair) => Number.parseInt(pair, 16)),
    }));
}

/** Names of the bits set in `bits`. */
function bitNames(names: { readonly [name: string]: number }, bits: number): string[] {
  return Object.keys(names).filter((name) => (bits & names[name]!) !== 0);
}

describe('WebSocket golden vectors', () => {
  it.each(names)('%s', (name) => {
    const golden = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Golden;
    const agreement = { deflate: golden.deflate ?? undefined, otherExtension: false };
    const dissected = chunkingLaw((sink) => openWebSocket(sink, agreement), readSegments(name), [1, 2, 5]);
    const found = dissected.records.map((record, seq) => {
      const view = dissected.view(seq);
      const payload = protocol.payload(view, 1000);
      return {
        type: protocol.types[record.type],
        levels: Object.entries(Level).flatMap(([level, bit]) => (record.levels & bit ? [level] : [])),
        start: record.start,
        length: record.length,
        size: record.size,
        flags: bitNames(WebSocketFlag, record.flags),
        notes: bitNames(WebSocketNote, record.notes),
        link: record.link,
        text: payload?.text ? utf8(payload.bytes) : undefined,
        hex: payload && !payload.text ? hex(payload.bytes) : undefined,
        summary: protocol.summary(view),
      };
    });
    expect(found).toHaveLength(golden.records.length);
    for (const [i, expected] of golden.records.entries()) {
      expect(found[i]).toMatchObject({ link: -1, ...expected, flags: expect.arrayContaining(expected.flags) });
      expect(found[i]!.flags).toHaveLength(expected.flags.length);
    }
  });
});
