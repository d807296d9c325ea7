// The way to a peer on this machine through a socket of the file system. What comes after is the caller's, as with
// connectStream.
import { connect, type Socket } from 'node:net';
import type { Peer } from '../core/recorder.ts';
import { targetAddress } from './address.ts';
import type { ConnectedStream, ConnectOptions } from './connect.ts';
import { cancelled, endpointError, timedOut } from './problems.ts';

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
  const socket = await dial(host.path(target.path), address, timeoutMs, signal);
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

/** One connection, paused. */
function dial(path: string, address: string, timeoutMs: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path });
    const settle = () => {
      clearTimeout(timer);
      socket.off('error', fail).off('connect', succeed);
      signal.removeEventListener('abort', abandon);
    };
    const fail = (error: Error) => {
      settle();
      socket.destroy();
      reject(endpointError(error, { step: 'connect', address }));
    };
    const succeed = () => {
      settle();
      socket.pause();
      resolve(socket);
    };
    const abandon = () => fail(cancelled());
    const timer = setTimeout(() => fail(timedOut(`${address} did not answer`, timeoutMs)), timeoutMs);
    // An error without a listener would end the process, also between two steps.
    socket
      .on('error', () => {})
      .on('error', fail)
      .on('connect', succeed);
    signal.addEventListener('abort', abandon);
  });
}
