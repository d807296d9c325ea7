// The other side of each bundled sample, played by programs that nobody here wrote: python3-websockets, grpcio, sockets of
// Python, socat, ncat, openssl. The samples are judged by them as `wirescope run` runs them, and as the app does.
import { equal } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Peer, type Peers, PYTHON } from '../e2e/peers.ts';
import { unusedPort } from '../endpoints/unused-port.ts';

export const samplesFolder = join(import.meta.dirname, '../../fixtures/samples');

export interface SamplePair {
  /** Paths of the session files, without their extension. */
  client: string;
  server: string;
  /** Names the port between them. */
  variable: string;
  /** The program that plays the server, for a person. */
  servedBy: string;
  /** Starts it; resolves with its port. */
  serve(counterparts: Counterparts): Promise<number>;
  /** The program that plays the client, for a person. */
  calledBy: string;
  /** Has it say what the server's script waits for. Rejects unless it is answered as it should be. */
  call(counterparts: Counterparts, port: number): Promise<void>;
  /** Connections that `call` makes, if they are more than one: its last is the one that counts. */
  connections?: number;
}

export const SAMPLE_PAIRS: readonly SamplePair[] = [
  {
    ...{ client: 'chat/client', server: 'chat/server', variable: 'chatPort' },
    ...webSocket('chat', 'ws', '/'),
  },
  {
    ...{ client: 'channels/client', server: 'channels/server', variable: 'channelsPort' },
    ...webSocket('channels', 'ws', '/ws/chat/lobby/'),
  },
  {
    ...{ client: 'login/client', server: 'login/server', variable: 'loginPort' },
    ...webSocket('login', 'ws', '/'),
  },
  {
    ...{ client: 'tls/chat-client', server: 'tls/chat-server', variable: 'secureChatPort' },
    ...webSocket('chat', 'wss', '/'),
  },
  {
    ...{ client: 'chat-service/client', server: 'chat-service/mock', variable: 'chatServicePort' },
    servedBy: 'grpcio',
    serve: (counterparts) => counterparts.grpcServer({}),
    calledBy: 'grpcio',
    call: (counterparts, port) => counterparts.grpcClient('chat-service', port),
  },
  {
    ...{ client: 'greeter/client', server: 'greeter/mock', variable: 'greeterPort' },
    servedBy: 'grpcio',
    serve: (counterparts) => counterparts.grpcServer({}),
    calledBy: 'grpcio',
    call: (counterparts, port) => counterparts.grpcClient('greeter', port),
  },
  {
    ...{ client: 'tls/greeter-client', server: 'tls/greeter-mock', variable: 'secureGreeterPort' },
    servedBy: 'grpcio',
    serve: (counterparts) => counterparts.grpcServer(counterparts.certificate),
    calledBy: 'grpcio, which trusts the authority that openssl sees',
    call: (counterparts, port) => counterparts.grpcClient('greeter', port, counterparts.authorityOf(port)),
    connections: 2,
  },
  {
    ...{ client: 'tcp-ack/client', server: 'tcp-ack/server', variable: 'tcpPort' },
    servedBy: 'ncat, whose answers end no line',
    serve: (counterparts) => counterparts.ncatServer(),
    calledBy: 'ncat',
    call: (counterparts, port) => counterparts.ncatClient(port),
  },
  {
    ...{ client: 'tls/tcp-ack-client', server: 'tls/tcp-ack-server', variable: 'secureTcpPort' },
    servedBy: 'socat',
    serve: (counterparts) => counterparts.socatTlsServer(),
    calledBy: 'openssl',
    call: (counterparts, port) => counterparts.opensslClient(port),
  },
  {
    ...{ client: 'udp-ack/client', server: 'udp-ack/server', variable: 'udpPort' },
    servedBy: 'socat',
    serve: (counterparts) => counterparts.socatUdpServer(),
    calledBy: 'sockets of Python',
    call: (counterparts, port) => counterparts.udpClient(port),
  },
];

function webSocket(kind: string, scheme: 'ws' | 'wss', path: string) {
  return {
    servedBy: 'python3-websockets',
    serve: (counterparts: Counterparts) => counterparts.webSocketServer(scheme === 'wss'),
    calledBy: 'python3-websockets',
    call: (counterparts: Counterparts, port: number) =>
      counterparts.webSocketClient(kind, `${scheme}://127.0.0.1:${port}${path}`),
  };
}

const UDP_CLIENT = `
import socket, sys
peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
peer.settimeout(10)
peer.connect(('127.0.0.1', int(sys.argv[1])))
for text in [b'one', b'two']:
    peer.send(text)
    assert peer.recv(100) == b'ACK'
print('ok')
`;

const script = (name: string) => join(import.meta.dirname, name);

/** Makes what the programs need, in a folder: the types of the sample services, a certificate of 127.0.0.1. */
export function prepareCounterparts(folder: string): void {
  try {
    execFileSync(PYTHON, ['-c', 'import grpc, google.protobuf, websockets']);
    const protos = join(samplesFolder, 'protos');
    execFileSync('protoc', ['-I', protos, '-o', join(folder, 'types.pb'), 'chat.proto', 'greeter.proto']);
  } catch (error) {
    const packages = 'protobuf-compiler, python3-grpcio, python3-protobuf and python3-websockets';
    throw new Error(`${packages} are needed: scripts/install-judges.sh`, { cause: error });
  }
  const { cert, key } = certificateIn(folder);
  const kind = ['-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  const name = ['-subj', '/CN=samples', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', ['req', ...kind, ...name, '-keyout', key, '-out', cert], { stdio: 'pipe' });
}

/** Files in PEM. */
function certificateIn(folder: string): { cert: string; key: string } {
  return { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
}

export class Counterparts {
  readonly #peers: Peers;
  readonly #folder: string;
  /** Files in PEM. */
  readonly certificate: { cert: string; key: string };

  /** `folder`: as `prepareCounterparts` has left it. */
  constructor(peers: Peers, folder: string) {
    this.#peers = peers;
    this.#folder = folder;
    this.certificate = certificateIn(folder);
  }

  webSocketServer(isSecure: boolean): Promise<number> {
    const { cert, key } = this.certificate;
    return this.#python(script('sample_websocket.py'), 'server', ...(isSecure ? [cert, key] : [])).port();
  }

  async webSocketClient(kind: string, url: string): Promise<void> {
    await this.#python(script('sample_websocket.py'), 'client', kind, url).says('ok\n');
  }

  /** `options`: see grpc_services.py. */
  grpcServer(options: object): Promise<number> {
    return this.#python(script('grpc_services.py'), this.#types, JSON.stringify(options)).port();
  }

  async grpcClient(kind: string, port: number, ...authority: string[]): Promise<void> {
    const address = `127.0.0.1:${port}`;
    await this.#python(script('sample_grpc_client.py'), this.#types, address, kind, ...authority).says('ok\n');
  }

  async ncatServer(): Promise<number> {
    const port = await unusedPort();
    const answer = 'while read line; do printf ACK; done';
    await this.#peers
      .start('ncat', '-v', '-l', '127.0.0.1', String(port), '--sh-exec', answer)
      .complains('Listening on');
    return port;
  }

  async ncatClient(port: number): Promise<void> {
    const ncat = this.#peers.start('ncat', '127.0.0.1', String(port));
    ncat.write('one\ntwo\r\nthree\n');
    ncat.endInput();
    equal(await ncat.ended(), 'ACK\nACK\nACK\n');
  }

  socatTlsServer(): Promise<number> {
    const { cert, key } = this.certificate;
    const listen = `OPENSSL-LISTEN:0,bind=127.0.0.1,cert=${cert},key=${key},verify=0`;
    return this.#peers.start('socat', '-d', '-d', listen, 'EXEC:sed -u s/.*/ACK/').socatPort();
  }

  async opensslClient(port: number): Promise<void> {
    const openssl = this.#peers.start('openssl', 's_client', '-quiet', '-connect', `127.0.0.1:${port}`);
    openssl.write('one\n');
    await openssl.says('ACK\n');
    await openssl.stop();
  }

  async socatUdpServer(): Promise<number> {
    const port = await unusedPort();
    const listen = `UDP4-RECVFROM:${port},bind=127.0.0.1,fork`;
    const socat = this.#peers.start('socat', '-d', '-d', listen, 'SYSTEM:head -c 1 >/dev/null; printf ACK');
    await socat.complains('receiving on');
    return port;
  }

  async udpClient(port: number): Promise<void> {
    await this.#python('-c', UDP_CLIENT, String(port)).says('ok\n');
  }

  /** File with the authority of a server's throw-away certificate, in PEM: the last that it sends. Connects for it. */
  authorityOf(port: number): string {
    const shown = execFileSync('openssl', ['s_client', '-showcerts', '-connect', `127.0.0.1:${port}`], {
      input: '',
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const certificates = String(shown).match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs) ?? [];
    const path = join(this.#folder, 'authority.pem');
    writeFileSync(path, `${certificates.at(-1)}\n`);
    return path;
  }

  get #types(): string {
    return join(this.#folder, 'types.pb');
  }

  #python(...args: string[]): Peer {
    return this.#peers.start(PYTHON, ...args);
  }
}
