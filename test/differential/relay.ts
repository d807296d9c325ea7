// A relay in front of a server nobody here wrote, which records what passes into a capture.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Capture } from '../../src-main/capture/capture.ts';
import { Direction } from '../../src-main/core/record.ts';
import type { ConnectionRecorder } from '../../src-main/core/recorder.ts';
import { afterwards } from '../endpoints/loopback.ts';

/** The server's port in the capture, whatever the real one was. */
export const RECORDED_PORT = 50_051;

export function openConnection(capture: Capture, clientPort: number): ConnectionRecorder {
  const address = '127.0.0.1';
  const ends = { client: { address, port: clientPort }, server: { address, port: RECORDED_PORT } };
  const { recorder } = capture;
  const info = { transport: 'tcp', ...ends, decrypted: false, dissectAs: { protocol: 'auto' } } as const;
  return recorder.connection(info, recorder.now());
}

/** Listens on the port it answers, for a server on `port`. */
export async function openTap(port: number, capture: Capture): Promise<number> {
  const relay = createServer((client) => {
    const server = connect(port, '127.0.0.1');
    const connection = openConnection(capture, client.remotePort!);
    const pass = (from: Socket, to: Socket, direction: Direction) => {
      from.on('data', (chunk) => {
        connection.chunk(direction, chunk, capture.recorder.now());
        to.write(chunk);
      });
      from.on('end', () => to.end());
      from.on('error', () => to.destroy());
      from.on('close', () => {
        connection.end(direction, capture.recorder.now());
        to.destroy();
      });
    };
    pass(client, server, Direction.clientToServer);
    pass(server, client, Direction.serverToClient);
    afterwards(() => {
      client.destroy();
      server.destroy();
    });
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  afterwards(() => relay.close());
  return (relay.address() as AddressInfo).port;
}
