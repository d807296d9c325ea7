// TLS without keys: what its records and handshake messages say, and what is wrong with them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { protocolById } from '../../../src-main/core/dissect/registry.ts';
import { openStack } from '../../../src-main/core/dissect/stack.ts';
import { tlsProtocol } from '../../../src-main/core/dissect/tls/detail.ts';
import { TLS_NOTES, TlsNote } from '../../../src-main/core/dissect/tls/format.ts';
import type { Field } from '../../../src-main/core/field.ts';
import {
  chunkingLaw,
  type Dissected,
  dissect,
  FUZZ_RUNS,
  FUZZ_TIMEOUT_MS,
  mutated,
  type OpenDissector,
  pieceLengths,
  type Segment,
  totality,
} from '../../fuzz/laws.ts';
import * as t from './tls-records.ts';

const open: OpenDissector = (sink) => openStack('tcp', { protocol: 'auto' }, sink);
const forced: OpenDissector = (sink) => openStack('tcp', { protocol: 'tls' }, sink);
const protocolOf = (id: number) => protocolById(id)!;

const kinds = ({ records }: Dissected): string[] => records.map((r) => protocolOf(r.protocol).types[r.type]!);
const summaries = (dissected: Dissected): string[] =>
  dissected.records.map((r) => protocolOf(r.protocol).summary(dissected.view(r.seq)));
const notes = ({ records }: Dissected, seq: number): string[] =>
  Object.entries(TlsNote)
    .filter(([, bit]) => (records[seq]!.notes & bit) !== 0)
    .map(([name]) => name);

function values(dissected: Dissected, seq: number, name: string): unknown[] {
  const found: unknown[] = [];
  const visit = (field: Field): void => {
    if (field.name === name) found.push(field.display ?? field.value);
    field.children?.forEach(visit);
  };
  tlsProtocol.detail(dissected.view(seq), 100_000).fields.forEach(visit);
  return found;
}

describe('a handshake of TLS 1.3', () => {
  const hello = t.clientHello(
    t.bytesOf(t.serverName('example.test'), t.alpn('h2', 'http/1.1'), t.offeredVersions(0x0a0a, 0x0304, 0x0303)),
  );
  const whole = dissect(open, [
    t.client(t.record(22, hello, 0x0301)),
    t.server(t.record(22, t.serverHello()), t.changeCipherSpec, t.record(23, new Uint8Array(40))),
    t.client(t.changeCipherSpec, t.record(23, new Uint8Array(60)), t.record(23, new Uint8Array(20))),
  ]);

  it('is a row for each record', () => {
    expect(kinds(whole)).toEqual([
      'handshake',
      'handshake',
      'change cipher spec',
      'application data',
      'change cipher spec',
      'application data',
      'application data',
    ]);
    expect(summaries(whole)).toEqual([
      'Client Hello · example.test · h2, http/1.1 · up to TLS 1.3',
      'Server Hello · TLS 1.3 · TLS_AES_128_GCM_SHA256',
      'Change Cipher Spec',
      '40 bytes encrypted',
      'Change Cipher Spec',
      '60 bytes encrypted',
      '20 bytes encrypted',
    ]);
    for (const { seq } of whole.records) expect(notes(whole, seq)).toEqual([]);
    expect(whole.records[1]!.link).toBe(0);
  });

  it('has its fields under names of Wireshark, at their bytes', () => {
    expect(values(whole, 0, 'tls.handshake.extensions_server_name')).toEqual(['example.test']);
    expect(values(whole, 0, 'tls.handshake.extensions_alpn_str')).toEqual(['h2', 'http/1.1']);
    expect(values(whole, 0, 'tls.handshake.extensions.supported_version')).toEqual([
      'GREASE (2570)',
      'TLS 1.3 (772)',
      'TLS 1.2 (771)',
    ]);
    expect(values(whole, 0, 'tls.handshake.ciphersuite')).toEqual([
      'TLS_AES_128_GCM_SHA256 (4865)',
      'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 (49195)',
    ]);
    expect(values(whole, 0, 'tls.record.version')).toEqual(['TLS 1.0']);
    expect(values(whole, 1, 'tls.handshake.type')).toEqual(['Server Hello (2)']);
    const { fields, sources } = tlsProtocol.detail(whole.view(0), 100_000);
    const all = fields.flatMap((field) => field.children ?? []).flatMap((field) => [field, ...(field.children ?? [])]);
    const name = all.find((field) => field.name === 'tls.handshake.extensions_server_name')!;
    const bytes = sources[name.source ?? 0]!.bytes.subarray(name.start, name.start + name.length);
    expect(new TextDecoder().decode(bytes)).toBe('example.test');
  });
});

describe('handshake messages and records', () => {
  const certificate = t.message(11, t.vector(3, t.vector(3, new Uint8Array(300)), t.vector(3, new Uint8Array(200))));

  it('one message in many records, and many in one', () => {
    const flight = t.bytesOf(t.serverHello(0xc02b, []), certificate, t.message(14, []));
    const cuts = [0, 2, 30, 60, 400, flight.length];
    const records = cuts.slice(1).map((to, i) => t.record(22, flight.subarray(cuts[i], to)));
    const dissected = dissect(forced, [t.server(...records)]);
    expect(summaries(dissected)).toEqual([
      'Server Hello (2 bytes)',
      'Server Hello (30 of 47 bytes)',
      'Server Hello · TLS 1.2 · TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, Certificate (13 of 513 bytes)',
      'Certificate (353 of 513 bytes)',
      'Certificate (2 certificates), Server Hello Done',
    ]);
    expect(values(dissected, 4, 'tls.handshake.certificate_length')).toEqual([300, 200]);
    const detail = tlsProtocol.detail(dissected.view(4), 100_000);
    expect(detail.sources.map((source) => [source.label, source.bytes.length])).toEqual([
      ['Wire', 5 + flight.length - 400],
      ['Message', certificate.length],
    ]);
    expect(detail.sources[1]!.bytes).toEqual(certificate);
  });

  it('a message that is too long is passed over', () => {
    const long = t.message(11, new Uint8Array(300_000));
    const records = Array.from({ length: 19 }, (_, i) => t.record(22, long.subarray(i * 16_000, (i + 1) * 16_000)));
    const dissected = dissect(open, [t.server(...records, t.record(22, t.message(14, [])))]);
    expect(notes(dissected, 0)).toEqual(['messageTooLong']);
    expect(summaries(dissected).slice(-2)).toEqual(['Certificate (300004 of 300004 bytes)', 'Server Hello Done']);
  });
});

describe('what is wrong', () => {
  const hello = t.client(t.record(22, t.clientHello(t.offeredVersions(0x0304, 0x0303))));
  it.each<[string, Segment[], number, string[]]>([
    ['an alert of three bytes', [hello, t.server(t.record(21, [2, 40, 0]))], 1, ['badAlert']],
    ['a fatal alert', [hello, t.server(t.record(21, [2, 40]))], 1, ['fatalAlert']],
    ['a strange change of the cipher spec', [hello, t.server(t.record(20, [2]))], 1, ['badChangeCipherSpec']],
    ['an empty handshake record', [hello, t.server(t.record(22, []))], 1, ['emptyRecord']],
    ['a record after close_notify', [hello, t.client(t.record(21, [1, 0]), t.record(23, [1, 2]))], 2, ['afterClose']],
    ['a record too long', [hello, t.server(t.record(22, t.message(11, new Uint8Array(20_000))))], 1, ['recordTooLong']],
    [
      'an alert inside a message',
      [hello, t.server(t.record(22, [2, 0, 0, 70]), t.record(21, [1, 0]))],
      2,
      ['interleaved'],
    ],
    ['a hello that ends early', [hello, t.server(t.record(22, t.message(2, [3, 3, 1])))], 1, ['malformedMessage']],
    [
      'extensions that end early',
      [hello, t.server(t.record(22, t.serverHello(0x1301, [0, 43, 0, 9])))],
      1,
      ['malformedMessage'],
    ],
    ['TLS 1.0', [hello, t.server(t.record(22, t.serverHello(0xc02b, t.chosenVersion(0x0301))))], 1, ['oldVersion']],
    ['a broken suite', [hello, t.server(t.record(22, t.serverHello(0x0005, [])))], 1, ['weakSuite']],
    ['a suite that is not AEAD', [hello, t.server(t.record(22, t.serverHello(0xc013, [])))], 1, ['unsupportedSuite']],
    [
      'a downgrade',
      [hello, t.server(t.record(22, t.serverHello(0xc02b, [], t.bytesOf(new Uint8Array(24), 'DOWNGRD', [1]))))],
      1,
      ['downgrade'],
    ],
    ['Heartbleed', [hello, t.client(t.record(24, [1, 0x40, 0, 1]))], 1, ['heartbeatOverread']],
    ['an answer that is no TLS', [hello, t.server('HTTP/1.1 400 Bad Request\r\n\r\n')], 1, ['unreadable']],
    ['bytes that end inside', [hello, t.server(t.record(22, [1, 2], 0x0303, 9))], 1, ['truncated']],
    ['bytes that end inside a header', [hello, t.server([22, 3])], 1, ['unreadable']],
    ['a capture that begins late', [t.server(t.record(23, new Uint8Array(30)))], 0, ['joinedLate']],
  ])('%s', (_, segments, seq, expected) => {
    expect(notes(totality(open, segments, protocolOf), seq)).toEqual(expected);
  });

  it('finds records again behind a gap', () => {
    const data = (n: number) => t.record(23, new Uint8Array(n));
    const inside = totality(
      open,
      [t.server(data(30), [23, 3, 3, 0, 50]), { ...t.server(new Uint8Array(10)), gapBefore: 40 }, t.server(data(7))],
      protocolOf,
    );
    expect(inside.records.map(({ start, length }) => [start, length])).toEqual([
      [0, 35],
      [35, 55],
      [90, 12],
    ]);
    expect(notes(inside, 1)).toEqual(['gap']);
    const across = dissect(open, [
      t.server(data(30), [23, 3, 3, 0, 50]),
      { ...t.server([9, 9], data(7)), gapBefore: 60 },
    ]);
    expect(kinds(across)).toEqual(['application data', 'application data', 'raw', 'application data']);
    expect(notes(across, 1)).toEqual(['truncated']);
    expect(notes(across, 2)).toEqual(['gap', 'unreadable']);
  });

  it('every note is explained', () => {
    expect(TLS_NOTES.length).toBeLessThanOrEqual(32);
    for (const { text, source } of TLS_NOTES) expect(`${text}${source}`).toMatch(/^[A-Z].*[.)\d]$/);
  });
});

describe('laws', () => {
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.constantFrom(t.clientHello(t.serverName('a.b')), t.serverHello(), t.serverHello(0xc02b, []), t.message(14, [])),
    fc.tuple(fc.nat(30), fc.uint8Array({ maxLength: 30 })).map(([type, bytes]) => t.message(type, bytes)),
  );
  const one = fc
    .tuple(fc.constantFrom(20, 21, 22, 22, 22, 23, 23, 24, 25), body, fc.constantFrom(0x0301, 0x0303, 0x0303, 0x0205))
    .map(([type, bytes, version]) => t.record(type, bytes, version));
  const segment = fc
    .tuple(
      fc.constantFrom(t.client, t.server),
      fc.array(one, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(0, 0, 0, 1, 40),
    )
    .map(([of, records, gapBefore]) => ({ ...of(...records), ...(gapBefore > 0 && { gapBefore }) }));
  const conversation = fc.array(segment, { minLength: 1, maxLength: 6 });

  const parameters = { numRuns: FUZZ_RUNS, size: 'max' } as fc.Parameters<unknown>;

  it(
    'chunking, with gaps too',
    () => {
      fc.assert(
        fc.property(mutated(conversation), pieceLengths, (segments, lengths) => {
          chunkingLaw(forced, segments, lengths);
        }),
        parameters,
      );
    },
    FUZZ_TIMEOUT_MS,
  );

  it.each([
    ['auto', open],
    ['tls', forced],
  ])(
    'totality: %s',
    (_, each) => {
      fc.assert(
        fc.property(mutated(conversation), (segments) => {
          totality(
            each,
            segments.map(({ direction, bytes }) => ({ direction, bytes })),
            protocolOf,
          );
        }),
        parameters,
      );
    },
    FUZZ_TIMEOUT_MS,
  );
});
