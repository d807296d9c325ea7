// The other side of a benchmark, in a process of its own: sends or swallows as fast as it can. Prints its port, ends with
// its parent's standard input.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:http';
import { createServer as createTcpServer, type Socket } from 'node:net';
import {
  Server as GrpcServer,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { WebSocketServer } from 'ws';
import { GRPC_METHODS, rawMethod } from './grpc-methods.ts';

const [kind = '', countText = '0'] = process.argv.slice(2);
const count = Number(countText);
const MESSAGE_BYTES = 100;

/** A text frame of a server with `MESSAGE_BYTES` of payload. */
const frame = Buffer.concat([Buffer.from([0x81, MESSAGE_BYTES]), Buffer.alloc(MESSAGE_BYTES, 'x')]);

/** Writes `piece` `times` times with back-pressure, then calls `done`. */
function flood(socket: Socket, piece: Buffer, times: number, done: () => void): void {
  let left = times;
  const more = () => {
    while (left > 0) {
      left -= 1;
      if (!socket.write(piece)) {
        socket.once('drain', more);
        return;
      }
    }
    done();
  };
  more();
}

function say(port: number): void {
  process.stdout.write(`${JSON.stringify({ port })}\n`);
}

const perPiece = 600;

const kinds: { [kind: string]: () => void | Promise<void> } = {
  /** A server as people write it: one `send` a message. */
  'ws-source': () => {
    const server: WebSocketServer = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false }, () =>
      say((server.address() as { port: number }).port),
    );
    const message = 'x'.repeat(MESSAGE_BYTES);
    server.on('connection', (client) => {
      let left = count;
      const more = () => {
        for (; left > 0 && client.bufferedAmount < 1 << 20; left--) client.send(message);
        if (left > 0) setImmediate(more);
      };
      more();
    });
  },
  /** Frames made beforehand, so that only the receiver is slow: harder than any peer there is. */
  'ws-flood': () => {
    const http = createServer();
    const server = new WebSocketServer({ server: http, perMessageDeflate: false });
    server.on('connection', (_client, request) => {
      const piece = Buffer.concat(Array.from({ length: perPiece }, () => frame));
      flood(request.socket, piece, Math.ceil(count / perPiece), () => {});
    });
    http.listen(0, '127.0.0.1', () => say((http.address() as { port: number }).port));
  },
  'ws-sink': () => {
    const http = createServer();
    http.on('upgrade', (request, socket) => {
      const accept = new WebSocketServer({ noServer: true, perMessageDeflate: false });
      accept.handleUpgrade(request, socket, Buffer.alloc(0), (client) => {
        const raw = (client as unknown as { _socket: Socket })._socket;
        // Only bytes count here: a masked frame of this size is 6 + MESSAGE_BYTES long.
        raw.removeAllListeners('data');
        let left = count * (6 + MESSAGE_BYTES);
        raw.on('data', (chunk: Buffer) => {
          left -= chunk.length;
          if (left <= 0) raw.write(frame);
        });
        raw.resume();
      });
    });
    http.listen(0, '127.0.0.1', () => say((http.address() as { port: number }).port));
  },
  'tcp-source': () => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => {});
      flood(socket, Buffer.alloc(65_536, 'x'), count, () => socket.end());
    });
    server.listen(0, '127.0.0.1', () => say((server.address() as { port: number }).port));
  },
  /** Unary echoes, Watch sends the messages, Talk echoes each. */
  grpc: () => {
    const server = new GrpcServer();
    const message = Buffer.alloc(MESSAGE_BYTES, 'x');
    const definition = Object.fromEntries(
      Object.entries(GRPC_METHODS).map(([name, [client, server]]) => [name, rawMethod(name, client, server)]),
    );
    server.addService(definition, {
      send: (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => answer(null, call.request),
      watch: (call: ServerWritableStream<Buffer, Buffer>) => {
        let left = count;
        const more = () => {
          while (left > 0) {
            left -= 1;
            if (!call.write(message)) {
              call.once('drain', more);
              return;
            }
          }
          call.end();
        };
        more();
      },
      talk: (call: ServerDuplexStream<Buffer, Buffer>) => {
        call.on('data', (part: Buffer) => {
          if (call.write(part)) return;
          call.pause();
          call.once('drain', () => call.resume());
        });
        call.on('end', () => call.end());
        call.on('error', () => {});
      },
    });
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (_error, port) => say(port));
  },
  /** Ours, echoing. */
  'grpc-mock': async () => say(await (await import('./grpc-mock.ts')).startMock()),
  'udp-source': () => {
    const socket = createSocket('udp4');
    const datagram = Buffer.alloc(MESSAGE_BYTES, 'x');
    socket.once('message', (_hello, peer) => {
      let left = count;
      const burst = () => {
        for (let i = 0; i < 64 && left > 0; i++, left--) socket.send(datagram, peer.port, peer.address);
        if (left > 0) setImmediate(burst);
        else for (let i = 0; i < 20; i++) setTimeout(() => socket.send('end', peer.port, peer.address), i * 10);
      };
      burst();
    });
    socket.bind(0, '127.0.0.1', () => say(socket.address().port));
  },
};

void kinds[kind]?.();
process.stdin.on('end', () => process.exit(0)).resume();
