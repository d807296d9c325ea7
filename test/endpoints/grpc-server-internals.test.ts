// The contract with grpc-js: what the mock server reaches behind its public face must be there, at this very version.
import { readFileSync } from 'node:fs';
import { Server, type ServerInterceptingCallInterface } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import { admitEveryMethod } from '../../src-main/endpoints/grpc/server-internals.ts';
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

it('finds the stream of a call, and statuses that the library sends by itself', async () => {
  const { endpoint, target } = await mockServer({ grpc: { maxReceiveBytes: 1 } });
  await expect(new Caller(target).unary('Greeter/SayHello', Buffer.alloc(2))).rejects.toThrow('RESOURCE_EXHAUSTED');
  expect(endpoint.calls).toMatchObject([{ ended: { code: 8, message: expect.stringContaining('larger than max') } }]);
  const { BaseServerInterceptingCall } = (await import('@grpc/grpc-js/build/src/server-interceptors.js')) as {
    BaseServerInterceptingCall: { prototype: ServerInterceptingCallInterface };
  };
  expect(BaseServerInterceptingCall.prototype.sendStatus.length).toBe(1);
});
