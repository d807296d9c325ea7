// How calls of gRPC end: by a status, a reset, and what is wrong with either.
import { describe, expect, it } from 'vitest';
import { Frame } from '../../../src-main/core/dissect/http2/format.ts';
import { answer, call, field, goOn, grpc, HELLO, last, records, told, trailers } from './grpc-dialogue.ts';
import {
  ANSWER,
  bytesOf,
  data,
  ENDS,
  frame,
  fromClient,
  fromServer,
  headers,
  literal,
  message,
  uint32,
} from './http2-frames.ts';

describe('a call that is reset', () => {
  const reset = (error: number) => frame(Frame.rstStream, 0, 1, uint32(error));

  it('ends its messages, and with what the error stands for', () => {
    const dissected = goOn(fromClient(call(), data(1, message(HELLO, 0, 100)), reset(8)));
    expect(told(dissected).slice(1)).toEqual([
      'message {1: "hello"} truncated',
      'reset 1 CANCELLED: RST_STREAM 8 CANCEL, client→server',
    ]);
    expect(field(dissected, last(dissected), 'grpc.status_code')!.value).toBe(1);
    expect(field(dissected, last(dissected), 'grpc.reset_error')).toMatchObject({ value: 8, start: 9, length: 4 });
    expect(last(dissected).link).toBe(records(dissected)[0]!.seq);
  });

  it.each([
    [0, '13 INTERNAL'],
    [1, '13 INTERNAL'],
    [5, '2 UNKNOWN'],
    [7, '14 UNAVAILABLE'],
    [11, '8 RESOURCE_EXHAUSTED'],
    [12, '7 PERMISSION_DENIED'],
    [0xffff_ffff, '2 UNKNOWN'],
  ])('by the server with error %i', (error, status) => {
    expect(told(goOn(fromClient(call()), fromServer(reset(error)))).at(-1)).toMatch(new RegExp(`^reset ${status}: `));
  });

  it('by its client at the deadline', () => {
    const dissected = goOn(fromClient(call({ 'grpc-timeout': '1m' })), fromClient(reset(8)));
    expect(told(dissected).at(-1)).toMatch(/^reset 4 DEADLINE_EXCEEDED: .* deadlinePassed$/);
    const early = goOn(fromClient(call({ 'grpc-timeout': '1S' })), fromClient(reset(8)));
    expect(told(early).at(-1)).toBe('reset 1 CANCELLED: RST_STREAM 8 CANCEL, client→server');
  });

  it('behind its status: says nothing more', () => {
    const dissected = goOn(fromClient(call()), fromServer(answer(), trailers()), fromClient(reset(8)));
    expect(told(dissected).at(-1)).toBe('status 0 OK');
  });

  it('before its server knows: what still comes is for nobody', () => {
    const late = fromServer(answer(), data(1, message(HELLO)), trailers());
    const dissected = goOn(fromClient(call(), reset(8)), late);
    expect(told(dissected).slice(1)).toEqual(['reset 1 CANCELLED: RST_STREAM 8 CANCEL, client→server']);
  });

  it('without a whole error', () => {
    const dissected = goOn(fromClient(call()), fromServer(frame(Frame.rstStream, 0, 1, [0])));
    expect(told(dissected).at(-1)).toMatch(/^reset 13 INTERNAL/);
  });
});

describe('the end of a call', () => {
  const request = fromClient(call(), data(1, message(HELLO), 1));

  it('later than its timeout', () => {
    const late = goOn(fromClient(call({ 'grpc-timeout': '999u' })), fromServer(answer(), trailers()));
    expect(told(late).at(-1)).toBe('status 0 OK deadlinePassed');
    const inTime = goOn(fromClient(call({ 'grpc-timeout': '1m' })), fromServer(answer(), trailers()));
    expect(told(inTime).at(-1)).toBe('status 0 OK');
  });

  it.each<[string, Uint8Array, string]>([
    [
      'trailers',
      h(answer(), trailers({ 'grpc-status': '5', 'grpc-message': 'no%20caf%C3%A9' })),
      'status 5 NOT_FOUND: no café',
    ],
    ['trailers only', headers(1, { ...ANSWER, 'grpc-status': '12' }, ENDS), 'status 12 UNIMPLEMENTED'],
    ['no status', h(answer(), trailers({ 'x-a': '1' })), 'status no status missingStatus'],
    ['no trailers', h(answer(), data(1, message(HELLO), 1)), 'status no status missingStatus'],
    [
      'two of them',
      h(answer(), frame(Frame.headers, 5, 1, bytesOf(literal('grpc-status', '0'), literal('grpc-status', '1')))),
      'status 0 OK duplicateStatus',
    ],
    ['one in front, one at the end', h(answer({ 'grpc-status': '0' }), trailers()), 'status 0 OK duplicateStatus'],
    ['a status beyond 16', h(answer(), trailers({ 'grpc-status': '17' })), 'status 17 badStatus'],
    ['a status that is no number', h(answer(), trailers({ 'grpc-status': 'OK' })), 'status OK badStatus'],
    [
      'a message that is not encoded',
      h(answer(), trailers({ 'grpc-status': '2', 'grpc-message': '50% \xff' })),
      'status 2 UNKNOWN: 50% \ufffd badStatusMessage',
    ],
    [
      'something else in between has answered',
      h(headers(1, { ':status': '502', 'content-type': 'text/html' }), data(1, '<html>', 1)),
      'status no status missingStatus',
    ],
    [
      'a refusal without a body',
      headers(1, { ':status': '404' }, ENDS),
      'status no status, HTTP 404 httpStatus missingStatus',
    ],
  ])('%s', (_, bytes, expected) => {
    expect(told(goOn(request, { ...fromServer(bytes) })).at(-1)).toBe(expected);
  });

  describe('its details', () => {
    const any = bytesOf([0x0a, 11], 'x.y/chat.Who', [0x12, 3, 0x0a, 1, 0x61]);
    any[1] = 12;
    const details = bytesOf([8, 5, 0x12, 2], 'no', [0x1a, any.length], any);
    const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replace(/=+$/, '');
    const ended = (more: { [name: string]: string }) => goOn(request, fromServer(answer(), trailers(more)));

    it.each([
      ['base64', base64(details)],
      ['raw bytes behind a NUL', `\0${String.fromCharCode(...details)}`],
    ])('as %s', (_, value) => {
      const dissected = ended({ 'grpc-status': '5', 'grpc-status-details-bin': value });
      expect(told(dissected).at(-1)).toBe('status 5 NOT_FOUND');
      const status = last(dissected);
      expect(field(dissected, status, 'grpc.status_details')!.value).toBe('Who');
      expect(field(dissected, status, 'grpc.status_details.code')!.value).toBe(5);
      expect(field(dissected, status, 'grpc.status_details.message')!.value).toBe('no');
      expect(field(dissected, status, 'grpc.status_details.type')!.value).toBe('x.y/chat.Who');
      const { sources } = grpc.detail(dissected.view(status.seq), 1000);
      const found = field(dissected, status, 'protobuf.field.value')!;
      expect([...sources[found.source!]!.bytes.subarray(found.start, found.start + found.length)]).toEqual([0x61]);
    });

    it.each([
      ['another code', base64(bytesOf([8, 6]))],
      ['no status', base64(bytesOf([8]))],
      ['a length past the end', base64(bytesOf([0x12, 100]))],
      ['a detail that is cut', base64(bytesOf([8, 5, 0x1a, 2, 0x0a, 9]))],
    ])('with %s', (_, value) => {
      const dissected = ended({ 'grpc-status': '5', 'grpc-status-details-bin': value });
      expect(told(dissected).at(-1)).toBe('status 5 NOT_FOUND badDetails');
    });

    it('that are not base64', () => {
      const dissected = ended({ 'grpc-status': '5', 'grpc-status-details-bin': '!' });
      expect(told(dissected).at(-1)).toBe('status 5 NOT_FOUND badBinary');
    });
  });

  it.each<[string, { [name: string]: string }, string]>([
    ['binary metadata that is not base64', { 'x-bin': 'a b!' }, 'badBinary'],
    ['a path without a method', { ':path': '/x' }, 'badRequest'],
    ['GET', { ':method': 'GET' }, 'badRequest'],
    ['te missing', { te: '' }, 'badRequest'],
    ['a timeout of nine digits', { 'grpc-timeout': '123456789S' }, 'badTimeout'],
    ['a timeout without a unit', { 'grpc-timeout': '10' }, 'badTimeout'],
  ])('a request with %s', (_, more, note) => {
    expect(told(goOn(fromClient(call(more))))[0]).toMatch(new RegExp(` ${note}$`));
  });
});

function h(...parts: Uint8Array[]): Uint8Array {
  return bytesOf(...parts);
}
