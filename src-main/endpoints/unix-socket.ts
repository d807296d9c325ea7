// The way to a peer on this machine through a socket of the file system. What comes after is the caller's, as with
// connectStream.
import { connect } from 'node:net';
import type { Peer } from '../core/recorder.ts';
import { targetAddress } from './address.ts';
import type { ConnectedStream, ConnectOptions } from './connect.ts';
import { cancelled, endpointError } from './problems.ts';
import { whenConnected } from './when-connected.ts';

/** A capture names the ends of a connection by address and port; here they stand for a socket that has neither. */
const SERVER: Peer = { address: '127.0.0.1', port: 50_051 };
const FIRST_PORT = 49_152;
const PORTS = 65_536 - FIRST_PORT;
let made = 0;

/** Connects to a `unix:` target. Rejects with an EndpointError; leaves no socket behind. */
export async function connectUnix(options: ConnectOptions): Promise<ConnectedStream> {
  const { target, host, signal, timeoutMs, onStep } = options;
  const { recorder } = host;
  const address = targetAddress(target);
  recorder.event({ type: 'connecting', severity: 'info', text: `Connecting to ${address}` }, recorder.now());
  if (signal.aborted) throw cancelled();
  onStep(address);
  const socket = await whenConnected(connect({ path: host.path(target.path) }), address, timeoutMs, signal).catch(
    (error) => {
      throw endpointError(error, { step: 'connect', address });
    },
  );
  const local = { address: SERVER.address, port: FIRST_PORT + (made++ % PORTS) };
  return {
    socket,
    local,
    remote: SERVER,
    trust: { lock: 'none' },
    openedAt: recorder.now(),
    connectedEvent: {
      type: 'connected',
      severity: 'info',
      text: `Connected to ${address}`,
      fields: { remote: address, 'recorded as': `${SERVER.address}:${SERVER.port}` },
    },
  };
}
