// tshark and protoc against our reading of protobuf messages in gRPC: without a schema and with one, field by field, and
// `wirescope read` with Wireshark's names as `tshark -T fields` prints them.
import { execFile, execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Capture } from '../../src-main/capture/capture.ts';
import { hex } from '../../src-main/core/dissect/bytes.ts';
import { GRPC_ID, GrpcType } from '../../src-main/core/dissect/grpc/format.ts';
import type { Detail, Field } from '../../src-main/core/field.ts';
import { decodePayload } from '../../src-main/core/payload/decode.ts';
import { realParts } from '../../src-main/engine/real-parts.ts';
import { parseRead } from '../../src-main/headless/command-line.ts';
import { read } from '../../src-main/headless/read.ts';
import { liveCapture, recordsOf, temporaryFolder } from '../capture/files.ts';
import {
  ANSWER,
  CALL,
  data,
  ENDS,
  fromClient,
  fromServer,
  headers,
  message,
  START,
} from '../core/dissect/http2-frames.ts';
import { CHAT_TYPES } from '../core/dissect/types.ts';

const run = promisify(execFile);
const PORT = 50_051;

/** What CHAT_TYPES say, as a .proto. */
const PROTO = `
syntax = "proto3";
package chat;
message Message {
  string user = 1; string text = 2; int32 n = 3; repeated int32 list = 4; Message inner = 5; double d = 6; bytes b = 7;
  map<string, int32> m = 8; sint64 s = 9; Color c = 10; bool f = 11; fixed32 x = 12; repeated string names = 13;
  float fl = 14; uint64 u = 15;
}
enum Color { RED = 0; BLUE = 1; }
message Response { string status = 1; string message = 2; }
service ChatService { rpc SendMessage(Message) returns (Response); }
`;

/** Messages in protoc's text format. */
const REQUESTS = [
  'user: "User1" text: "Hello!"',
  'n: -5 s: -3 u: 18446744073709551615 x: 4294967295 d: -0.5 fl: 0.25 f: true c: BLUE',
  'list: 1 list: 300 list: -1',
  'inner { user: "in" inner { user: "deeper" n: 7 } } names: "p" names: "q"',
  'm { key: "k" value: 7 } m { key: "l" value: -1 } b: "\\000\\377\\001"',
  'text: "José 日本 🎉" s: 9223372036854775807 n: 2147483647',
];
const RESPONSES = ['status: "ok"', 'status: "ok" message: "two\\nlines"'];

let protos = '';
beforeAll(() => {
  for (const [tool, install] of [
    ['tshark', 'tshark'],
    ['protoc', 'protobuf-compiler'],
  ] as const) {
    try {
      execFileSync(tool, ['--version']);
    } catch {
      throw new Error(`This test needs ${tool}: apt-get install ${install}`);
    }
  }
});

function protoc(...args: string[]): (input: string | Uint8Array) => Buffer {
  return (input) => execFileSync('protoc', [`--proto_path=${protos}`, ...args, 'chat.proto'], { input });
}

/** A capture file of one call with these messages. */
async function record(): Promise<Capture> {
  protos = temporaryFolder();
  writeFileSync(join(protos, 'chat.proto'), PROTO);
  const encoded = (type: string, texts: string[]) => texts.map((text) => protoc(`--encode=${type}`)(text));
  const capture = liveCapture();
  const address = '127.0.0.1';
  const ends = { client: { address, port: 40_000 }, server: { address, port: PORT } };
  const info = { transport: 'tcp', ...ends, decrypted: false, dissectAs: { protocol: 'auto' } } as const;
  const connection = capture.recorder.connection(info, capture.recorder.now());
  const segments = [
    ...START,
    fromClient(headers(1, CALL)),
    ...encoded('chat.Message', REQUESTS).map((bytes) => fromClient(data(1, message(bytes)))),
    fromServer(headers(1, ANSWER)),
    ...encoded('chat.Response', RESPONSES).map((bytes) => fromServer(data(1, message(bytes)))),
    fromServer(headers(1, { 'grpc-status': '0' }, ENDS)),
  ];
  for (const { direction, bytes } of segments) connection.chunk(direction, bytes, capture.recorder.now());
  connection.close(capture.recorder.now());
  await capture.finish();
  return capture;
}

const NAMES = /^protobuf\.(message\.name|field\.(name|number|wiretype|value(\.[a-z0-9]+)?))$/;

/** `name value` of every field of one message, in order. */
async function readByTshark(path: string, ...options: string[]): Promise<string[][]> {
  const args = ['-r', path, '-d', `tcp.port==${PORT},http2`, '-Y', 'protobuf', '-T', 'json', '--no-duplicate-keys'];
  const { stdout } = await run('tshark', [...args, ...options.flatMap((option) => ['-o', option])]);
  const packets = JSON.parse(stdout) as { _source: { layers: { protobuf: unknown } } }[];
  return packets.flatMap(({ _source: { layers } }) => [layers.protobuf].flat()).map(toldByTshark);
}

function toldByTshark(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, value]) =>
    [value].flat().flatMap((each) => {
      if (typeof each !== 'string') return toldByTshark(each);
      if (!NAMES.test(name)) return [];
      const isBytes = name === 'protobuf.field.value' || name === 'protobuf.field.value.repeated';
      return [`${name} ${isBytes ? each.replaceAll(':', '') : each.replace(/^<UNKNOWN>.*/, '')}`];
    }),
  );
}

function messagesOf(capture: Capture): Detail[] {
  return recordsOf(capture)
    .filter(({ protocol, type }) => protocol === GRPC_ID && type === GrpcType.message)
    .map(({ seq }) => capture.detail(seq, 100_000));
}

/** The same of our fields. */
function toldByUs({ fields, sources }: Detail): string[] {
  const bytesOf = ({ source = 0, start, length }: Field) => hex(sources[source]!.bytes.subarray(start, start + length));
  const visit = (field: Field): string[] => {
    const { name, value, children = [] } = field;
    const isBytes = name === 'protobuf.field.value' || name === 'protobuf.field.value.repeated';
    const text = isBytes ? bytesOf(field) : value === true ? '1' : String(value);
    return [...(NAMES.test(name) ? [`${name} ${text}`] : []), ...children.flatMap(visit)];
  };
  return fields.flatMap(visit);
}

describe('without a schema', () => {
  it('the same fields, numbers and bytes as tshark', async () => {
    const capture = await record();
    // It names even what has no name.
    const plain = (line: string) => !/\.name $/.test(line);
    const ours = messagesOf(capture).map(toldByUs);
    const theirs = (await readByTshark(capture.path)).map((lines) => lines.filter(plain));
    expect(theirs).toHaveLength(REQUESTS.length + RESPONSES.length);
    expect(theirs.flat().length).toBeGreaterThan(80);
    expect(ours).toEqual(theirs);
  });
});

describe('with a schema', () => {
  it('the same names and values as tshark, in messages within messages too', async () => {
    const capture = await record();
    capture.explainWith(CHAT_TYPES);
    const theirs = await readByTshark(capture.path, `uat:protobuf_search_paths:"${protos}","TRUE"`);
    // It makes a name for the entries of a map.
    const isEntry = (line: string) => /MapEntry$/.test(line);
    expect(theirs.flat().filter(isEntry)).toHaveLength(2);
    expect(theirs.flat().filter((line) => /value\.[a-z]/.test(line)).length).toBeGreaterThan(30);
    const ours = messagesOf(capture).map(toldByUs);
    expect(ours).toEqual(theirs.map((lines) => lines.filter((line) => !isEntry(line))));
  });

  it('the same text as protoc', async () => {
    const capture = await record();
    capture.explainWith(CHAT_TYPES);
    const told = recordsOf(capture).flatMap(({ seq, protocol, type }) => {
      if (protocol !== GRPC_ID || type !== GrpcType.message) return [];
      const payload = capture.payload(seq, 10_000)!;
      const text = protoc(`--decode=${payload.messageType!}`)(payload.bytes).toString();
      const names = [...text.matchAll(/^(\w+)/gm)].map(([name]) => name);
      const tree = decodePayload(payload, 'auto').tree!;
      // A packed field is one field on the wire and several lines of text.
      const labels = tree.map(({ label }) => label.replace(/\[.*/, ''));
      return [{ theirs: [...new Set(names)], ours: [...new Set(labels)] }];
    });
    expect(told).toHaveLength(REQUESTS.length + RESPONSES.length);
    for (const { ours, theirs } of told) expect(ours).toEqual(theirs);
  });
});

describe('wirescope read', () => {
  const FIELDS = [
    'http2.type',
    'http2.streamid',
    'http2.length',
    'http2.flags',
    'http2.header.name',
    'http2.header.value',
  ];

  it('prints the frames that `tshark -T fields` prints', async () => {
    const { path } = await record();
    let out = '';
    const args = [path, '--level', 'frame', '--filter', 'http2 && !http2.magic', '--fields', FIELDS.join(',')];
    await read(parseRead(args), realParts, {
      async write(text) {
        out += text;
        return true;
      },
    });
    const ours = out.split('\n').slice(0, -1);
    const wanted = FIELDS.flatMap((field) => ['-e', field]);
    const options = ['-d', `tcp.port==${PORT},http2`, '-Y', 'http2', '-T', 'fields', '-E', 'aggregator=|'];
    const { stdout } = await run('tshark', ['-r', path, ...options, ...wanted]);
    // It has a line for each packet: the frames of one stand side by side.
    const column = (lines: string[], index: number, separator: string) =>
      lines.flatMap((line) => (line.split('\t')[index] ?? '').split(separator)).filter((cell) => cell !== '');
    const theirs = stdout.split('\n');
    for (const [index, name] of FIELDS.entries()) {
      const numbers = (cells: string[]) => (name === 'http2.flags' ? cells.map((cell) => String(Number(cell))) : cells);
      const expected = column(theirs, index, '|');
      expect(numbers(column(ours, index, ',')), name).toEqual(numbers(expected));
    }
  });
});
