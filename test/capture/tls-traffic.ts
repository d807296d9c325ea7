// Real TLS conversations on loopback for tests: a relay between a client and a server of node:tls records the ciphertext of
// both directions into a capture, and the client hands out its secrets as a key log.
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import tls, { type ConnectionOptions, type TLSSocket, type TlsOptions } from 'node:tls';
import { Direction } from '../../src-main/core/record.ts';
import { afterwards } from '../endpoints/loopback.ts';
import { type CertificateFiles, makeSelfSigned } from '../endpoints/test-certificates.ts';
import { liveCapture, temporaryFile } from './files.ts';

/** The server's port in the capture file, whatever the real one was: here tshark expects TLS. */
const TLS_PORT = 443;

/** One of the conversations of a capture file. */
export interface TlsTraffic {
  /** The capture file. */
  path: string;
  keyLog: string;
  /** The key log as a file. */
  keyLogPath: string;
  /** What passed, in order. */
  chunks: { direction: Direction; bytes: Uint8Array }[];
}

let certificate: Promise<CertificateFiles> | undefined;

/** One for all tests of a file: an ECDSA key and the name `example.test`. */
export function testCertificate(): Promise<CertificateFiles> {
  certificate ??= makeSelfSigned({ names: ['example.test', '127.0.0.1'] });
  return certificate;
}

/** Listens on loopback until the end of the test and resolves with the port. */
export async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterwards(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** A relay to `port`. The capture is complete once the connection has closed. */
export class TlsTap {
  readonly chunks: TlsTraffic['chunks'] = [];
  readonly #capture = liveCapture();
  readonly #keyLog: string[] = [];
  readonly #closed: Promise<void>[] = [];
  readonly #pieceBytes: number;
  #port = 0;

  /** @param pieceBytes longest piece that is recorded in one go */
  constructor(pieceBytes = Number.POSITIVE_INFINITY) {
    this.#pieceBytes = pieceBytes;
  }

  /** Resolves with the port of the relay. */
  async open(port: number): Promise<number> {
    const relay = createServer((client) => {
      this.#closed.push(this.#relay(client, connect(port, '127.0.0.1')));
    });
    this.#port = await listening(relay);
    return this.#port;
  }

  /** Remembers a line of the key log. */
  onKeyLog = (line: Buffer): void => {
    this.#keyLog.push(line.toString('latin1'));
  };

  async finish(): Promise<TlsTraffic> {
    await Promise.all(this.#closed);
    await this.#capture.finish();
    const keyLog = this.#keyLog.join('');
    const keyLogPath = temporaryFile('keys.log');
    writeFileSync(keyLogPath, keyLog);
    return { path: this.#capture.path, keyLog, keyLogPath, chunks: this.chunks };
  }

  #relay(client: Socket, server: Socket): Promise<void> {
    const { recorder } = this.#capture;
    const address = '127.0.0.1';
    const ends = { client: { address, port: client.remotePort! }, server: { address, port: TLS_PORT } };
    const info = { transport: 'tcp', ...ends, decrypted: false, dissectAs: { protocol: 'auto' } } as const;
    const connection = recorder.connection(info, recorder.now());
    const pass = (from: Socket, to: Socket, direction: Direction): Promise<void> =>
      new Promise((resolve) => {
        from.on('data', (bytes) => {
          this.chunks.push({ direction, bytes: new Uint8Array(bytes) });
          for (let at = 0; at < bytes.length; at += this.#pieceBytes) {
            connection.chunk(direction, bytes.subarray(at, at + this.#pieceBytes), recorder.now());
          }
          to.write(bytes);
        });
        from.on('end', () => to.end());
        from.on('error', () => to.destroy());
        from.on('close', () => {
          connection.end(direction, recorder.now());
          to.destroy();
          resolve();
        });
      });
    afterwards(() => {
      client.destroy();
      server.destroy();
    });
    return Promise.all([
      pass(client, server, Direction.clientToServer),
      pass(server, client, Direction.serverToClient),
    ]).then(() => {});
  }
}

export interface ConversationOptions {
  client?: ConnectionOptions;
  server?: TlsOptions;
  pieceBytes?: number;
}

/** A conversation of one connection; it is over when `talk` has resolved. */
export async function converse(
  talk: (client: TLSSocket, server: TLSSocket) => Promise<void>,
  { client: clientOptions, server: serverOptions, pieceBytes }: ConversationOptions = {},
): Promise<TlsTraffic> {
  const tap = new TlsTap(pieceBytes);
  const { cert, key } = await testCertificate();
  const server = tls.createServer({ cert, key, ...serverOptions });
  const accepted = once(server, 'secureConnection') as Promise<[TLSSocket]>;
  const port = await tap.open(await listening(server));
  const client = tls.connect({
    port,
    host: '127.0.0.1',
    servername: 'example.test',
    rejectUnauthorized: false,
    ...clientOptions,
  });
  client.on('keylog', tap.onKeyLog);
  await once(client, 'secureConnect');
  const [peer] = await accepted;
  await talk(client, peer);
  client.end();
  return tap.finish();
}

/** Says `text` from one to the other, and waits until it has arrived. */
export async function say(from: TLSSocket, to: TLSSocket, text: string): Promise<void> {
  let heard = '';
  const done = new Promise<void>((resolve) => {
    const hear = (bytes: Buffer): void => {
      heard += bytes.toString('latin1');
      if (heard.length < text.length) return;
      to.off('data', hear);
      resolve();
    };
    to.on('data', hear);
  });
  from.write(text, 'latin1');
  await done;
}
