// The contract with grpc-js: what the mock server reaches behind its public face must be there, at this very version.
import { readFileSync } from 'node:fs';
import { Metadata, Server, type ServerInterceptingCallInterface } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import {
  acceptsEncoding,
  admitEveryMethod,
  heedHeaders,
  markCompressed,
} from '../../src-main/endpoints/grpc/server-internals.ts';
import { Caller, mockServer } from './grpc-server-peer.ts';

it('is for the version that was looked at', () => {
  const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(devDependencies['@grpc/grpc-js']).toBe('1.14.7');
});

it('finds the look-up of methods', () => {
  const server = new Server();
  expect(typeof (server as unknown as { _retrieveHandler: unknown })._retrieveHandler).toBe('function');
  admitEveryMethod(server);
  server.forceShutdown();
});

it('finds what checks the headers of a call, and what frames its messages', async () => {
  const server = new Server();
  const seen: unknown[] = [];
  const internals = server as unknown as { _verifyContentType(stream: object, headers: object): boolean };
  heedHeaders(server, () => seen.push('web'));
  const stream = { respond: () => seen.push('refused') };
  expect(internals._verifyContentType(stream, { 'content-type': 'text/plain' })).toBe(false);
  expect(seen).toEqual(['refused']);
  expect(internals._verifyContentType(stream, { 'content-type': 'application/grpc-web+proto' })).toBe(false);
  expect(seen).toEqual(['refused', 'refused', 'web']);
  expect(
    internals._verifyContentType(stream, { 'content-type': 'application/grpc', 'grpc-accept-encoding': 'a, b' }),
  ).toBe(true);
  const call = {
    stream,
    serializeMessage: () => Buffer.from([0, 9]),
    sendMetadata: (sent: Metadata) => seen.push(sent.getMap()),
  };
  const incoming = call as unknown as ServerInterceptingCallInterface;
  expect(['a', 'b', 'c'].map((encoding) => acceptsEncoding(incoming, encoding))).toEqual([true, true, false]);
  markCompressed(incoming, 'b');
  call.sendMetadata(new Metadata());
  expect(call.serializeMessage()).toEqual(Buffer.from([1, 9]));
  expect(seen.at(-1)).toEqual({ 'grpc-encoding': 'b' });
  const { BaseServerInterceptingCall } = await import('@grpc/grpc-js/build/src/server-interceptors.js');
  expect(BaseServerInterceptingCall.prototype).toHaveProperty('serializeMessage', expect.any(Function));
  server.forceShutdown();
});

it('finds the stream of a call, and statuses that the library sends by itself', async () => {
  const { endpoint, target } = await mockServer({ grpc: { maxReceiveBytes: 1 } });
  await expect(new Caller(target).unary('Greeter/SayHello', Buffer.alloc(2))).rejects.toThrow('RESOURCE_EXHAUSTED');
  expect(endpoint.calls).toMatchObject([{ ended: { code: 8, message: expect.stringContaining('larger than max') } }]);
  const { BaseServerInterceptingCall } = (await import('@grpc/grpc-js/build/src/server-interceptors.js')) as {
    BaseServerInterceptingCall: { prototype: ServerInterceptingCallInterface };
  };
  expect(BaseServerInterceptingCall.prototype.sendStatus.length).toBe(1);
});
