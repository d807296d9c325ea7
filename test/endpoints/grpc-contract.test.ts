// What our client needs of grpc-js beside its public interface: fails loudly when another version changes that.
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { Duplex } from 'node:stream';
import { Channel, ChannelCredentials, connectivityState } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import packageOfGrpc from '../../node_modules/@grpc/grpc-js/package.json' with { type: 'json' };
import ownPackage from '../../package.json' with { type: 'json' };
import { HandedCredentials, openDecoy } from '../../src-main/endpoints/grpc/credentials.ts';
import { grpcPeer } from './grpc-peer.ts';
import { afterwards } from './loopback.ts';

it('grpc-js is pinned to the version this was written for', () => {
  expect(ownPackage.devDependencies['@grpc/grpc-js']).toBe('1.14.7');
  expect(packageOfGrpc.version).toBe('1.14.7');
});

it('credentials have the private members that ours stand in for, and no others', () => {
  const insecure = ChannelCredentials.createInsecure();
  const own = Object.getOwnPropertyNames(Object.getPrototypeOf(insecure)).filter((name) => name.startsWith('_'));
  expect(own.sort()).toEqual(['_createSecureConnector', '_equals', '_isSecure']);
  const connector = insecure._createSecureConnector({ path: 'x' }, {});
  expect(Object.keys(connector).sort()).toEqual(['connect', 'destroy', 'getCallCredentials', 'waitForReady']);
});

it('grpc-js speaks over the connection that was handed over, not over the one it made', async () => {
  const peer = await grpcPeer();
  const decoy = await openDecoy();
  afterwards(() => decoy.server.close());
  let reached = 0;
  decoy.server.on('connection', () => {
    reached += 1;
  });
  const socket = connectTcp(peer.port, '127.0.0.1');
  await once(socket, 'connect');
  let bytes = 0;
  const handed = new Duplex({
    read: () => socket.resume(),
    write: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      socket.write(chunk, done);
    },
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  socket.on('data', (chunk) => handed.push(chunk));
  const credentials = new HandedCredentials(false);
  credentials.hand(handed);
  const channel = new Channel(`ipv4:127.0.0.1:${decoy.port}`, credentials, { 'grpc.use_local_subchannel_pool': 1 });
  for (;;) {
    const state = channel.getConnectivityState(true);
    if (state === connectivityState.READY) break;
    expect(state).not.toBe(connectivityState.TRANSIENT_FAILURE);
    await new Promise<void>((resolve) => channel.watchConnectivityState(state, Date.now() + 5000, () => resolve()));
  }
  expect(reached).toBe(1);
  // The preface at least (RFC 9113 §3.4).
  expect(bytes).toBeGreaterThan(24);
  channel.close();
});

it('a channel that is closed asks for no connection any more', async () => {
  const decoy = await openDecoy();
  afterwards(() => decoy.server.close());
  const credentials = new HandedCredentials(false);
  const connector = credentials._createSecureConnector();
  const waiting = connector.connect(connectTcp(decoy.port, '127.0.0.1'));
  const failed = expect(waiting).rejects.toThrow('The channel is closed.');
  await new Promise((resolve) => setImmediate(resolve));
  connector.destroy();
  await failed;
});
