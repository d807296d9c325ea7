// HTTP/1.1: the handshake of RFC 6455, bodies, and whatever is wrong with heads.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { composeFrame } from '../../../src-main/core/compose/websocket.ts';
import { utf8 } from '../../../src-main/core/dissect/bytes.ts';
import { httpProtocol } from '../../../src-main/core/dissect/http/detail.ts';
import { HTTP_NOTES, HttpFlag, HttpNote } from '../../../src-main/core/dissect/http/format.ts';
import { openHttp } from '../../../src-main/core/dissect/http/http.ts';
import { acceptFor, base64, sha1 } from '../../../src-main/core/dissect/http/sha1.ts';
import { protocolById } from '../../../src-main/core/dissect/registry.ts';
import type { Field } from '../../../src-main/core/field.ts';
import { Direction, Level } from '../../../src-main/core/record.ts';
import { chunkingLaw, type Dissected, dissect, type Segment, totality } from '../../fuzz/laws.ts';

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const ACCEPT = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';

function client(text: string, ...more: Uint8Array[]): Segment {
  return { direction: Direction.clientToServer, bytes: join(text, more) };
}
function server(text: string, ...more: Uint8Array[]): Segment {
  return { direction: Direction.serverToClient, bytes: join(text, more) };
}
function join(text: string, more: Uint8Array[]): Uint8Array {
  return Uint8Array.from([...new TextEncoder().encode(text), ...more.flatMap((bytes) => [...bytes])]);
}
function head(start: string, ...headers: string[]): string {
  return [start, ...headers, '', ''].join('\r\n');
}
function upgrade(...headers: string[]): string {
  const own = ['Host: a.test', 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13'];
  return head('GET /ws HTTP/1.1', ...own, `Sec-WebSocket-Key: ${KEY}`, ...headers);
}
function agree(...headers: string[]): string {
  const own = ['Upgrade: websocket', 'Connection: keep-alive, Upgrade', `Sec-WebSocket-Accept: ${ACCEPT}`];
  return head('HTTP/1.1 101 Switching Protocols', ...own, ...headers);
}

function run(...segments: Segment[]): Dissected {
  totality(openHttp, segments, (id) => protocolById(id)!);
  return chunkingLaw(openHttp, segments, [1, 7, 40]);
}
function noteNames(bits: number): string[] {
  return Object.keys(HttpNote).filter((name) => bits & HttpNote[name as keyof typeof HttpNote]);
}
/** `type: note note` of each record. */
function rows(dissected: Dissected): string[] {
  return dissected.records.map(({ protocol, type, notes }) => {
    const definition = protocolById(protocol)!;
    return [definition.types[type], ...(protocol === 1 ? noteNames(notes) : [])].join(' ');
  });
}
function byName(fields: readonly Field[]): Map<string, Field> {
  return new Map(fields.flatMap((field) => [[field.name, field] as const, ...byName(field.children ?? [])]));
}

describe('the handshake of RFC 6455', () => {
  const golden = JSON.parse(
    readFileSync(new URL('../../../fixtures/http/rfc6455-handshake.json', import.meta.url), 'utf8'),
  ) as {
    segments: { from: 'client' | 'server'; text: string }[];
    records: {
      type: string;
      levels: string[];
      flags: string[];
      notes: string[];
      link?: number;
      summary: string;
      fields: { [name: string]: [value: string | number, start: number, length: number] };
    }[];
  };
  const dissected = run(...golden.segments.map(({ from, text }) => (from === 'client' ? client : server)(text)));

  it.each(golden.records.map((record, seq) => [record.type, seq, record] as const))('%s', (_, seq, expected) => {
    const record = dissected.records[seq]!;
    expect(httpProtocol.types[record.type]).toBe(expected.type);
    expect(Object.entries(Level).flatMap(([name, bit]) => (record.levels & bit ? [name] : []))).toEqual(
      expected.levels,
    );
    expect(record.flags).toBe(HttpFlag.upgrade);
    expect(noteNames(record.notes)).toEqual(expected.notes);
    expect(record.link).toBe(expected.link ?? -1);
    expect(httpProtocol.summary(dissected.view(seq))).toBe(expected.summary);
    const fields = byName(httpProtocol.detail(dissected.view(seq), 10_000).fields);
    for (const [name, [value, start, length]] of Object.entries(expected.fields)) {
      expect(fields.get(name), name).toMatchObject({ value, start, length });
    }
  });
});

describe('an upgrade', () => {
  const frame = composeFrame({ opcode: 1, payload: new TextEncoder().encode('hi') });
  const masked = composeFrame({
    opcode: 1,
    payload: new TextEncoder().encode('hi'),
    maskingKey: new Uint8Array(4).fill(7),
  });

  it('hands over frames coalesced with the 101, at their places in the stream', () => {
    const request = upgrade();
    const dissected = run(client(request), server(agree(), frame), client('', masked));
    expect(rows(dissected)).toEqual(['request', 'response', 'text', 'text']);
    expect(dissected.records[2]).toMatchObject({ protocol: 2, notes: 0, start: agree().length, length: 4 });
    expect(dissected.records[3]).toMatchObject({ protocol: 2, notes: 0, start: request.length, length: 8 });
  });

  it('hands over what the client sent too early, with its time', () => {
    const dissected = run(client(upgrade(), masked), server(agree()));
    expect(rows(dissected)).toEqual(['request', 'response earlyBytes', 'text']);
    expect(dissected.records[2]).toMatchObject({ at: 1000, start: upgrade().length });
  });

  it('negotiates compression with its parameters', () => {
    const offer = 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits';
    const answer =
      'Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_max_window_bits=10';
    const hello = Uint8Array.from([0xc1, 0x07, 0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]);
    const dissected = run(client(upgrade(offer)), server(agree(answer), hello, hello));
    expect(rows(dissected)).toEqual(['request', 'response', 'text', 'text']);
    expect(dissected.records[3]).toMatchObject({ size: 5, notes: 0 });
  });

  it.each([
    ['client_max_window_bits=7', ['badWindowBits'], ['badWindowBits']],
    ['client_max_window_bits=16', ['badWindowBits'], ['badWindowBits']],
    ['server_max_window_bits=08', ['badWindowBits'], ['badWindowBits']],
    ['server_max_window_bits=NaN', ['badWindowBits'], ['badWindowBits']],
    ['server_max_window_bits="15"', [], []],
    ['client_max_window_bits', [], ['badWindowBits']],
    ['server_no_context_takeover=1', ['badDeflateParameter'], ['badDeflateParameter']],
    ['something', ['badDeflateParameter'], ['badDeflateParameter']],
    ['server_no_context_takeover; server_no_context_takeover', ['badDeflateParameter'], ['badDeflateParameter']],
  ])('checks %s', (parameter, inOffer, inAnswer) => {
    const extension = `Sec-WebSocket-Extensions: permessage-deflate; ${parameter}`;
    const dissected = run(client(upgrade(extension)), server(agree(extension)));
    expect(rows(dissected)).toEqual([['request', ...inOffer].join(' '), ['response', ...inAnswer].join(' ')]);
  });

  it.each([
    ['wrongAccept', head('HTTP/1.1 101 x', 'Upgrade: websocket', 'Connection: upgrade', 'Sec-WebSocket-Accept: no')],
    ['missingAccept', head('HTTP/1.1 101 x', 'Upgrade: websocket', 'Connection: upgrade')],
    ['missingConnection', head('HTTP/1.1 101 x', 'Upgrade: websocket', `Sec-WebSocket-Accept: ${ACCEPT}`)],
    ['subprotocolNotOffered', agree('Sec-WebSocket-Protocol: chat')],
    ['extensionNotOffered', agree('Sec-WebSocket-Extensions: permessage-deflate')],
    ['extensionNotOffered unknownExtension', agree('Sec-WebSocket-Extensions: x-other')],
    ['upgradeRefused', head('HTTP/1.1 403 Forbidden', 'Content-Length: 0')],
  ])('notes %s', (note, answer) => {
    expect(rows(run(client(upgrade()), server(answer)))).toEqual(['request', `response ${note}`]);
  });

  it.each([
    ['badKey', upgrade().replace(KEY, 'short')],
    ['badVersion', upgrade().replace('13', '8')],
    ['upgradeMethod', upgrade().replace('GET', 'POST')],
    ['missingHost', upgrade().replace('Host: a.test\r\n', '')],
    ['duplicateHeader', upgrade('Host: b.test')],
    ['foldedHeader', upgrade('X-Long: a', ' b')],
    ['badHeader', upgrade('X-Long : a')],
    ['badHeader', upgrade('no colon at all')],
    ['leadingEmptyLine', `\r\n${upgrade()}`],
  ])('notes %s', (note, request) => {
    expect(rows(run(client(request)))).toEqual([`request ${note}`]);
  });

  it('takes LF alone for a line end and says so', () => {
    const dissected = run(client(upgrade().replaceAll('\r\n', '\n')), server(agree(), frame));
    expect(rows(dissected)).toEqual(['request bareLineFeed', 'response', 'text']);
  });

  it('passes interim answers', () => {
    const hints = head('HTTP/1.1 103 Early Hints', 'Link: </x>');
    const dissected = run(client(upgrade()), server(hints + agree(), frame));
    expect(rows(dissected)).toEqual(['request', 'response', 'response', 'text']);
    expect(dissected.records.map((record) => record.link)).toEqual([-1, 0, 0, -1]);
  });

  it('goes on with HTTP after a refusal', () => {
    const again = head('GET / HTTP/1.1', 'Host: a.test');
    const dissected = run(client(upgrade() + again), server(`${head('HTTP/1.1 400 Bad', 'Content-Length: 2')}no`));
    expect(rows(dissected)).toEqual(['request', 'response upgradeRefused', 'request', 'body']);
  });

  it('works without its request, and tells the unasked', () => {
    expect(rows(run(server(agree(), frame)))).toEqual(['response responseWithoutRequest', 'text']);
    const plain = head('GET / HTTP/1.1', 'Host: a.test');
    expect(rows(run(client(plain), server(agree(), frame)))).toEqual(['request', 'response unaskedUpgrade', 'text']);
  });

  it('shows the bytes of a protocol it does not know', () => {
    const request = head('GET / HTTP/1.1', 'Host: a.test', 'Upgrade: h2c', 'Connection: Upgrade');
    const answer = head('HTTP/1.1 101 x', 'Upgrade: h2c', 'Connection: Upgrade');
    const dissected = run(client(request), server(`${answer}abc`), client('PRI'));
    expect(rows(dissected)).toEqual(['request', 'response otherProtocol', 'raw', 'raw']);
  });
});

describe('bodies', () => {
  const ask = client(head('GET / HTTP/1.1', 'Host: a.test'));

  it('have a length', () => {
    const dissected = run(ask, server(`${head('HTTP/1.1 200 OK', 'Content-Length: 5')}hello`), ask);
    expect(rows(dissected)).toEqual(['request', 'response', 'body', 'request']);
    expect(httpProtocol.payload(dissected.view(2), 100)).toMatchObject({ total: 5 });
    expect(httpProtocol.summary(dissected.view(2))).toBe('hello');
  });

  it('have chunks and trailers', () => {
    const chunks = '5;name=value\r\nhello\r\n00A\n0123456789\n0\r\nX-Sum: 1\r\n\r\n';
    const dissected = run(
      ask,
      server(head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked') + chunks),
      ask,
      server(head('HTTP/1.1 204 No Content')),
    );
    expect(rows(dissected)).toEqual(['request', 'response', 'chunk', 'chunk', 'trailers', 'request', 'response']);
    const texts = [2, 3].map((seq) => utf8(httpProtocol.payload(dissected.view(seq), 100)!.bytes));
    expect(texts).toEqual(['hello', '0123456789']);
    const trailer = httpProtocol.detail(dissected.view(4), 100).fields[0];
    expect(trailer).toMatchObject({ name: 'http.chunked_trailer_part', label: 'X-Sum', start: 3, length: 10 });
  });

  it('last until the stream ends', () => {
    const dissected = run(ask, server(`${head('HTTP/1.0 200 OK')}rest`));
    expect(rows(dissected)).toEqual(['request', 'response', 'body']);
    expect(dissected.records[2]!.flags).toBe(0);
  });

  it('are absent where the method or status says so', () => {
    const headRequest = client(head('HEAD / HTTP/1.1', 'Host: a.test'));
    const length = 'Content-Length: 5';
    const dissected = run(
      headRequest,
      server(head('HTTP/1.1 200 OK', length)),
      ask,
      server(head('HTTP/1.1 304 x', length)),
    );
    expect(rows(dissected)).toEqual(['request', 'response', 'request', 'response']);
  });

  it('are cut into records of 64 KiB', () => {
    const body = new Uint8Array(150_000);
    const dissected = dissect(openHttp, [server(head('HTTP/1.1 200 OK', 'Content-Length: 150000'), body)]);
    expect(dissected.records.slice(1).map((record) => record.length)).toEqual([65_536, 65_536, 18_928]);
  });

  it.each([
    ['lengthAndEncoding', ['Content-Length: 5', 'Transfer-Encoding: chunked'], '0\r\n\r\n', ['trailers']],
    ['badContentLength', ['Content-Length: 5x'], 'rest', ['body']],
    ['duplicateHeader badContentLength', ['Content-Length: 5', 'Content-Length: 6'], 'rest', ['body']],
    ['duplicateHeader', ['Content-Length: 4', 'Content-Length: 4'], 'rest', ['body']],
  ])('note %s', (note, headers, body, after) => {
    expect(rows(run(ask, server(head('HTTP/1.1 200 OK', ...headers) + body)))).toEqual([
      'request',
      `response ${note}`,
      ...after,
    ]);
  });

  it('note chunks that are none, and go on', () => {
    const answer = head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked');
    const bad = run(ask, server(`${answer}zz\r\n`), ask, server(head('HTTP/1.1 204 No Content')));
    expect(rows(bad)).toEqual(['request', 'response', 'raw badChunk', 'request', 'response']);
    expect(rows(run(ask, server(`${answer}3\r\nabcX`)))).toEqual([
      'request',
      'response',
      'chunk badChunk',
      'raw truncated',
    ]);
    expect(rows(run(ask, server(`${answer}fffffffffffffffff\r\n`)))).toEqual(['request', 'response', 'raw badChunk']);
  });
});

describe('what is no HTTP', () => {
  it('becomes raw records, a line each, and HTTP goes on after it', () => {
    const dissected = run(client(`hello\r\nworld\n${head('GET / HTTP/1.1', 'Host: a.test')}`));
    expect(rows(dissected)).toEqual(['raw notHttp', 'raw notHttp', 'request']);
    expect(dissected.records[0]!.levels).toBe(Level.event | Level.frame);
  });

  it('is cut at 64 KiB without a line end', () => {
    const dissected = dissect(openHttp, [client('', new Uint8Array(70_000))]);
    expect(rows(dissected)).toEqual(['raw notHttp', 'raw truncated']);
    expect(dissected.records.map((record) => record.length)).toEqual([65_536, 4464]);
  });

  it('may be a head of more than 256 KiB', () => {
    const lines = `X: ${'y'.repeat(1000)}\r\n`.repeat(300);
    const dissected = dissect(openHttp, [client(`GET / HTTP/1.1\r\n${lines}\r\n${upgrade()}`)]);
    expect(rows(dissected)[0]).toBe('request headTooLarge');
    expect(dissected.records[0]!.length).toBe(262_144);
    expect(rows(dissected).at(-1)).toBe('request leadingEmptyLine');
  });

  it('survives 100,000 folded lines', () => {
    const dissected = dissect(openHttp, [client(`GET / HTTP/1.1\r\nX: a\r\n${' b\r\n'.repeat(50_000)}\r\n`)]);
    expect(rows(dissected)).toEqual(['request foldedHeader missingHost']);
  });

  it('leaves a truncated head when the stream ends', () => {
    const whole = upgrade();
    for (let length = 1; length < whole.length; length++) {
      const dissected = dissect(openHttp, [client(whole.slice(0, length))]);
      expect(dissected.records).toHaveLength(1);
      expect(noteNames(dissected.records[0]!.notes)).toContain('truncated');
    }
  });

  it('says where bytes are missing', () => {
    const answer = server(head('HTTP/1.1 200 OK', 'Content-Length: 10'));
    const dissected = dissect(openHttp, [answer, { ...server('end'), gapBefore: 7 }]);
    expect(rows(dissected)).toEqual(['response responseWithoutRequest', 'body gap']);
  });

  it('tells requests of a server', () => {
    expect(rows(run(server(head('GET / HTTP/1.0'))))).toEqual(['request wrongDirection']);
  });
});

describe('definitions', () => {
  it('fit into the bits of a record', () => {
    expect(HTTP_NOTES.length).toBeLessThanOrEqual(31);
  });
});

describe('sha1', () => {
  it('is what OpenSSL computes', () => {
    for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 1000]) {
      const bytes = Uint8Array.from({ length }, (_, i) => i);
      expect(base64(sha1(bytes))).toBe(createHash('sha1').update(bytes).digest('base64'));
    }
    expect(acceptFor(KEY)).toBe(ACCEPT);
  });
});

it('shows headers that are called like a property of every object', () => {
  const dissected = run(client(head('GET / HTTP/1.1', 'Host: a', 'Constructor: 1', '__proto__: 2', 'toString: 3')));
  const detail = httpProtocol.detail(dissected.view(0), 65_536);
  expect(() => structuredClone(detail)).not.toThrow();
  expect([...byName(detail.fields).keys()].every((name) => name.startsWith('http'))).toBe(true);
});
