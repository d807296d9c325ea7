// A capture file of real gRPC traffic, for the bench: `node grpc-file.ts make FILE CALLS MESSAGES` records grpc-js talking to
// grpc-js, CALLS unary calls (64 at a time) and one server stream of MESSAGES, 100 bytes each. Prints {frames}.
// capture-file.ts loads it.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Client, credentials, Metadata, Server, ServerCredentials } from '@grpc/grpc-js';
import { createCapture } from '../../src-main/capture/capture.ts';
import { Direction } from '../../src-main/core/record.ts';
import type { ConnectionRecorder } from '../../src-main/core/recorder.ts';

const [action, file = '', callsText = '0', messagesText = '0'] = process.argv.slice(2);
const IN_FLIGHT = 64;
/** chat.Message {user, text} of 100 bytes. */
const MESSAGE = Buffer.concat([
  Buffer.from([0x0a, 5]),
  Buffer.from('User1'),
  Buffer.from([0x12, 91]),
  Buffer.alloc(91, 'text '),
]);
const same = (bytes: Buffer): Buffer => bytes;
const codec = {
  requestSerialize: same,
  requestDeserialize: same,
  responseSerialize: same,
  responseDeserialize: same,
};
const method = (name: string, responseStream: boolean) => ({
  path: `/chat.ChatService/${name}`,
  requestStream: false,
  responseStream,
  ...codec,
});
const service = { send: method('SendMessage', false), watch: method('Watch', true) };

async function serve(messages: number): Promise<{ port: number; server: Server }> {
  const server = new Server();
  server.addService(service, {
    send: (call: { request: Buffer }, answer: (error: null, message: Buffer) => void) => answer(null, call.request),
    watch: async (call: NodeJS.EventEmitter & { write(message: Buffer): boolean; end(): void }) => {
      for (let i = 0; i < messages; i++) if (!call.write(MESSAGE)) await once(call, 'drain');
      call.end();
    },
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { port, server };
}

/** Listens for one client, passes its bytes to `port` and back, and records them as a proxy does. Resolves with its port. */
async function tap(port: number, record: () => ConnectionRecorder, now: () => number): Promise<number> {
  const relay = createServer((client) => {
    relay.close();
    const server = connect(port, '127.0.0.1');
    const recorder = record();
    const pass = (from: Socket, to: Socket, direction: Direction) => {
      from.on('data', (chunk: Buffer) => {
        recorder.chunk(direction, chunk, now());
        to.write(chunk);
      });
      from.on('end', () => {
        recorder.end(direction, now());
        to.end();
      });
    };
    pass(client, server, Direction.clientToServer);
    pass(server, client, Direction.serverToClient);
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  return (relay.address() as AddressInfo).port;
}

async function make(calls: number, messages: number): Promise<void> {
  const capture = createCapture(file);
  const { recorder } = capture;
  const { port, server } = await serve(messages);
  const open = () =>
    recorder.connection(
      {
        transport: 'tcp',
        client: { address: '127.0.0.1', port: 40_000 },
        server: { address: '127.0.0.1', port: 50_051 },
        decrypted: false,
        dissectAs: { protocol: 'auto' },
      },
      recorder.now(),
    );
  const tapped = await tap(port, open, () => recorder.now());
  const client = new Client(`127.0.0.1:${tapped}`, credentials.createInsecure());
  const metadata = new Metadata();
  metadata.set('x-user', 'maria');
  const send = () =>
    new Promise<void>((resolve, reject) =>
      client.makeUnaryRequest(service.send.path, same, same, MESSAGE, metadata, (error) =>
        error ? reject(error) : resolve(),
      ),
    );
  let begun = 0;
  const sendOn = async () => {
    while (begun++ < calls) await send();
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, sendOn));
  const stream = client.makeServerStreamRequest(service.watch.path, same, same, MESSAGE);
  stream.resume();
  await once(stream, 'end');
  client.close();
  server.forceShutdown();
  await capture.finish();
  process.stdout.write(`${JSON.stringify({ frames: capture.counts.frames })}\n`);
  await capture.dispose();
}

if (action === 'make') await make(Number(callsText), Number(messagesText));
else throw new Error(`no such measurement: ${action}`);
