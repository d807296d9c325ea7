// One measured run: `node traffic.ts baseline|product CASE COUNT`. Prints operations per second as JSON.
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, credentials } from '@grpc/grpc-js';
import WebSocket from 'ws';
import { createCapture } from '../../src-main/capture/capture.ts';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import type { Endpoint, EndpointHost, OutgoingMessage } from '../../src-main/endpoints/endpoint.ts';
import { loadEndpoint } from '../../src-main/endpoints/load.ts';
import { benchSchema, type GRPC_METHODS, rawMethod } from './grpc-methods.ts';

const [side = '', scenario = '', countText = '0'] = process.argv.slice(2);
const count = Number(countText);
const MESSAGE_BYTES = 100;

async function startPeer(kind: string): Promise<{ port: number; stop(): void }> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'peer.ts'), kind, String(count)],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { port: JSON.parse(line.toString()).port, stop: () => child.stdin.end() };
}

const now = () => Number(process.hrtime.bigint()) / 1e9;

/** The product's side: an endpoint on a capture on disk, as a session has it. */
async function withEndpoint(
  config: Partial<SessionConfig>,
  use: (endpoint: Endpoint, capture: ReturnType<typeof createCapture>) => Promise<void>,
  connectionsChanged: () => void = () => {},
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'wirescope-bench-'));
  const capture = createCapture(join(folder, 'bench.pcapng'));
  const host: EndpointHost = {
    recorder: capture.recorder,
    stateChanged: () => {},
    connectionsChanged,
    content: async () => ({ bytes: new Uint8Array(0), text: false }),
    path: (relative) => relative,
    schema: async () => benchSchema,
  };
  const whole: SessionConfig = { wirescope: 1, name: 'bench', role: 'client', protocol: 'websocket', ...config };
  const endpoint = (await loadEndpoint(whole))(whole, host);
  const started = now();
  await endpoint.start();
  await use(endpoint, capture);
  await capture.flush();
  const seconds = now() - started;
  await endpoint.stop();
  await capture.finish();
  await capture.dispose();
  rmSync(folder, { recursive: true, force: true });
  return seconds;
}

/** Resolves when `done()` holds; asked whenever the capture has grown. */
function until(capture: ReturnType<typeof createCapture>, done: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = capture.onGrowth(() => {
      if (!done()) return;
      stop();
      resolve();
    });
    if (done()) {
      stop();
      resolve();
    }
  });
}

interface Scenario {
  /** The kind of peer (peer.ts); of the product another one, if the peer is what is measured. */
  peer: string;
  productPeer?: string;
  /** Operations per second against the peer on this port. */
  baseline(port: number): Promise<number>;
  product(port: number): Promise<number>;
}

const websocketReceive: Omit<Scenario, 'peer'> = {
  async baseline(port) {
    const started = now();
    const client = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
    let received = 0;
    await new Promise<void>((resolve) => {
      client.on('message', () => {
        received += 1;
        if (received === count) resolve();
      });
    });
    const seconds = now() - started;
    client.terminate();
    return count / seconds;
  },
  async product(port) {
    const seconds = await withEndpoint(
      { target: `ws://127.0.0.1:${port}`, websocket: { compression: false } },
      (_endpoint, capture) => until(capture, () => capture.traffic.serverToClient.messages >= count),
    );
    return count / seconds;
  },
};

/** Reads a TCP source to its end with a bare socket. */
async function countBytes(port: number, take: (chunk: Buffer) => void): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  let bytes = 0;
  socket.on('data', (chunk) => {
    bytes += chunk.length;
    take(chunk);
  });
  await once(socket, 'end');
  return bytes;
}

async function tcpReceive(port: number): Promise<number> {
  const bytes = count * 65_536;
  const seconds = await withEndpoint({ protocol: 'tcp', target: `tcp://127.0.0.1:${port}` }, (_endpoint, capture) =>
    until(capture, () => capture.traffic.serverToClient.bytes >= bytes),
  );
  return bytes / seconds;
}

const grpcMessage = Buffer.alloc(MESSAGE_BYTES, 'x');

/** A message that begins a call of the method, or goes into an open one. */
const grpcSend = (method: keyof typeof GRPC_METHODS): OutgoingMessage => ({
  bytes: grpcMessage,
  text: false,
  call: { method: `bench.Bench/${method}`, metadata: {}, config: {} },
});

const bareClient = (port: number) => new Client(`127.0.0.1:${port}`, credentials.createInsecure());

/** Ends when all calls have. */
async function withGrpcCalls(port: number, use: (endpoint: Endpoint) => Promise<void>): Promise<number> {
  let look = () => {};
  return withEndpoint(
    { protocol: 'grpc', target: `grpc://127.0.0.1:${port}` },
    async (endpoint) => {
      await use(endpoint);
      await new Promise<void>((resolve) => {
        look = () => {
          if (endpoint.calls?.every((call) => call.ended?.code === 0)) resolve();
        };
        look();
      });
    },
    () => look(),
  );
}

/** Calls per second of a bare client with 64 calls in flight. */
async function callUnary(port: number): Promise<number> {
  const client = bareClient(port);
  const { path, requestSerialize, responseDeserialize } = rawMethod('Send', false, false);
  const started = now();
  let begun = 0;
  const worker = async () => {
    while (begun++ < count) {
      await new Promise<void>((resolve, reject) => {
        client.makeUnaryRequest(path, requestSerialize, responseDeserialize, grpcMessage, (error) =>
          error ? reject(error) : resolve(),
        );
      });
    }
  };
  await Promise.all(Array.from({ length: 64 }, worker));
  return count / (now() - started);
}

const grpcScenarios: { [scenario: string]: Scenario } = {
  'grpc-unary': {
    peer: 'grpc',
    baseline: callUnary,
    async product(port) {
      const seconds = await withGrpcCalls(port, async (endpoint) => {
        // The client itself has 64 calls under way at most.
        for (let sent = 0; sent < count; sent++) await endpoint.send(grpcSend('Send'), 'last');
      });
      return count / seconds;
    },
  },
  'grpc-mock-unary': { peer: 'grpc', productPeer: 'grpc-mock', baseline: callUnary, product: callUnary },
  'grpc-server-stream': {
    peer: 'grpc',
    async baseline(port) {
      const client = bareClient(port);
      const { path, requestSerialize, responseDeserialize } = rawMethod('Watch', false, true);
      const started = now();
      const stream = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, grpcMessage);
      stream.on('data', () => {});
      await once(stream, 'end');
      return count / (now() - started);
    },
    async product(port) {
      const seconds = await withGrpcCalls(port, async (endpoint) => {
        await endpoint.send(grpcSend('Watch'), 'last');
      });
      return count / seconds;
    },
  },
  'grpc-bidi': {
    peer: 'grpc',
    async baseline(port) {
      const client = bareClient(port);
      const { path, requestSerialize, responseDeserialize } = rawMethod('Talk', true, true);
      const started = now();
      const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
      stream.on('data', () => {});
      const ended = once(stream, 'end');
      for (let sent = 0; sent < count; sent++) if (!stream.write(grpcMessage)) await once(stream, 'drain');
      stream.end();
      await ended;
      return count / (now() - started);
    },
    async product(port) {
      const seconds = await withGrpcCalls(port, async (endpoint) => {
        await endpoint.control({ type: 'invoke', call: grpcSend('Talk').call! }, 'last');
        const message = { bytes: grpcMessage, text: false };
        let waiting: Promise<number>[] = [];
        for (let sent = 0; sent < count; sent++) {
          waiting.push(endpoint.send(message, 'last'));
          if (waiting.length === 100) {
            await Promise.all(waiting);
            waiting = [];
          }
        }
        await endpoint.control({ type: 'halfClose' }, 'last');
      });
      return count / seconds;
    },
  },
};

const scenarios: { [scenario: string]: Scenario } = {
  'websocket-receive': { peer: 'ws-source', ...websocketReceive },
  'websocket-flood': { peer: 'ws-flood', ...websocketReceive },
  'websocket-send': {
    peer: 'ws-sink',
    async baseline(port) {
      const client = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
      await once(client, 'open');
      const message = 'x'.repeat(MESSAGE_BYTES);
      const started = now();
      const answered = once(client, 'message');
      for (let sent = 0; sent < count; sent++) {
        client.send(message);
        if (client.bufferedAmount > 1 << 20) await new Promise((resolve) => setImmediate(resolve));
      }
      await answered;
      const seconds = now() - started;
      client.terminate();
      return count / seconds;
    },
    async product(port) {
      const seconds = await withEndpoint(
        { target: `ws://127.0.0.1:${port}`, websocket: { compression: false } },
        async (endpoint, capture) => {
          const message = { bytes: Buffer.alloc(MESSAGE_BYTES, 'x'), text: true };
          let waiting: Promise<number>[] = [];
          for (let sent = 0; sent < count; sent++) {
            waiting.push(endpoint.send(message, 'all'));
            if (waiting.length === 1000) {
              await Promise.all(waiting);
              waiting = [];
            }
          }
          await Promise.all(waiting);
          await until(capture, () => capture.traffic.serverToClient.messages >= 1);
        },
      );
      return count / seconds;
    },
  },
  'tcp-receive': {
    peer: 'tcp-source',
    async baseline(port) {
      const started = now();
      const bytes = await countBytes(port, () => {});
      return bytes / (now() - started);
    },
    product: tcpReceive,
  },
  'tcp-written': {
    peer: 'tcp-source',
    async baseline(port) {
      const folder = mkdtempSync(join(tmpdir(), 'wirescope-bench-'));
      const file = openSync(join(folder, 'bytes'), 'w');
      const started = now();
      const bytes = await countBytes(port, (chunk) => writeSync(file, chunk));
      const seconds = now() - started;
      closeSync(file);
      rmSync(folder, { recursive: true, force: true });
      return bytes / seconds;
    },
    product: tcpReceive,
  },
  ...grpcScenarios,
  'udp-receive': {
    peer: 'udp-source',
    async baseline(port) {
      const socket = createSocket({ type: 'udp4', recvBufferSize: 4 << 20 });
      socket.connect(port, '127.0.0.1');
      await once(socket, 'connect');
      socket.send('hello');
      const started = now();
      let received = 0;
      await new Promise<void>((resolve) => {
        socket.on('message', (datagram) => {
          if (datagram.length === MESSAGE_BYTES) received += 1;
          else resolve();
        });
      });
      const seconds = now() - started;
      socket.close();
      return received / seconds;
    },
    async product(port) {
      let received = 0;
      const seconds = await withEndpoint(
        { protocol: 'udp', target: `udp://127.0.0.1:${port}` },
        async (endpoint, capture) => {
          await endpoint.send({ bytes: Buffer.from('hello'), text: true }, 'all');
          // The farewell is the only datagram of another size.
          await until(capture, () => {
            const { messages, bytes } = capture.traffic.serverToClient;
            received = messages;
            return bytes % MESSAGE_BYTES !== 0;
          });
        },
      );
      return received / seconds;
    },
  },
};

const chosen = scenarios[scenario];
if (!chosen || (side !== 'baseline' && side !== 'product')) throw new Error(`no such measurement: ${side} ${scenario}`);
const peer = await startPeer(side === 'product' ? (chosen.productPeer ?? chosen.peer) : chosen.peer);
const perSecond = await chosen[side](peer.port);
peer.stop();
process.stdout.write(`${JSON.stringify(perSecond)}\n`, () => process.exit(0));
