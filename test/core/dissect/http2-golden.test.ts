// Golden vectors: connections of HTTP/2 and gRPC, byte by byte, with the records they must become.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hex, utf8 } from '../../../src-main/core/dissect/bytes.ts';
import { GrpcFlag, GrpcNote, statusOf } from '../../../src-main/core/dissect/grpc/format.ts';
import {
  HTTP2_ID,
  Http2Flag,
  Http2Note,
  STREAM_STATES,
  statesOf,
} from '../../../src-main/core/dissect/http2/format.ts';
import { openHttp2 } from '../../../src-main/core/dissect/http2/http2.ts';
import { protocolById } from '../../../src-main/core/dissect/registry.ts';
import { Direction, Level } from '../../../src-main/core/record.ts';
import { chunkingLaw, type Segment, totality } from '../../fuzz/laws.ts';

interface Golden {
  source: string;
  records: { [what: string]: unknown }[];
}

const root = new URL('../../../fixtures/', import.meta.url);
const names = ['http2', 'grpc'].flatMap((folder) =>
  readdirSync(fileURLToPath(new URL(folder, root)))
    .filter((name) => name.endsWith('.hex'))
    .map((name) => `${folder}/${name.slice(0, -4)}`),
);

/** Lines `c …` and `s …` are what client and server send in one go; `#` begins a comment. */
function readSegments(name: string): Segment[] {
  const lines = readFileSync(new URL(`${name}.hex`, root), 'utf8').split('\n');
  return lines
    .filter((line) => /^[cs] /.test(line))
    .map((line) => ({
      direction: line[0] === 'c' ? Direction.clientToServer : Direction.serverToClient,
      bytes: Uint8Array.from(
        line
          .slice(2)
          .replace(/#.*/, '')
          .match(/[0-9a-f]{2}/g) ?? [],
        (pair) => Number.parseInt(pair, 16),
      ),
    }));
}

/** Names of the bits set in `bits`. */
function bitNames(all: { readonly [name: string]: number }, bits: number): string[] {
  return Object.keys(all).filter((name) => (bits & all[name]!) !== 0);
}

describe('HTTP/2 and gRPC golden vectors', () => {
  it.each(names)('%s', (name) => {
    const golden = JSON.parse(readFileSync(new URL(`${name}.json`, root), 'utf8')) as Golden;
    const dissected = chunkingLaw(openHttp2, readSegments(name), [1, 2, 5]);
    const found = dissected.records.map((record, seq) => {
      const protocol = protocolById(record.protocol)!;
      const view = dissected.view(seq);
      const payload = protocol.payload(view, 1000);
      const isHttp2 = record.protocol === HTTP2_ID;
      const { before, after } = statesOf(record.flags);
      return {
        type: protocol.types[record.type],
        direction: record.direction === Direction.clientToServer ? 'c' : 's',
        stream: record.stream,
        levels: Object.entries(Level).flatMap(([level, bit]) => (record.levels & bit ? [level] : [])),
        start: record.start,
        length: record.length,
        size: record.size,
        flags: bitNames(isHttp2 ? Http2Flag : GrpcFlag, record.flags),
        state: isHttp2 && after > 0 ? [STREAM_STATES[before], STREAM_STATES[after]] : undefined,
        notes: bitNames(isHttp2 ? Http2Note : GrpcNote, record.notes),
        link: record.link,
        status: isHttp2 ? undefined : statusOf(record.flags),
        text: payload?.text ? utf8(payload.bytes) : undefined,
        hex: payload && !payload.text ? hex(payload.bytes) : undefined,
        summary: protocol.summary(view),
      };
    });
    expect(found).toHaveLength(golden.records.length);
    for (const [i, expected] of golden.records.entries()) {
      expect(found[i], `record ${i}`).toMatchObject({ notes: [], ...expected });
    }
  });

  it.each(names)('%s, cut off at every byte', (name) => {
    const segments = readSegments(name);
    const total = segments.reduce((sum, { bytes }) => sum + bytes.length, 0);
    for (let length = 0; length < total; length++) {
      let left = length;
      const cut = segments.map((segment) => {
        const bytes = segment.bytes.subarray(0, left);
        left -= bytes.length;
        return { ...segment, bytes };
      });
      totality(openHttp2, cut, (id) => protocolById(id)!);
    }
  });
});
