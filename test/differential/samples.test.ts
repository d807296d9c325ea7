// The bundled samples, against their counterparts among the samples and, each as a user runs it with `wirescope run` in a
// process of its own, against programs nobody here wrote (python3-websockets, grpcio, socat, ncat, openssl, Python's sockets).
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realParts } from '../../src-main/engine/real-parts.ts';
import { parseRun } from '../../src-main/headless/command-line.ts';
import { run } from '../../src-main/headless/run.ts';
import { afterwards, unusedPort } from '../endpoints/loopback.ts';
import { makeAuthority } from '../endpoints/test-certificates.ts';
import { tool } from './tools.ts';

const root = join(import.meta.dirname, '../..');
const samples = join(root, 'fixtures', 'samples');
/** Debian's own: another python3 on the path has no Debian packages. */
const PYTHON = '/usr/bin/python3';
const peers = (name: string) => join(import.meta.dirname, name);

let folder = '';
const inFolder = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wirescope-samples-'));
  try {
    execFileSync(PYTHON, ['-c', 'import grpc, google.protobuf, websockets']);
    const protos = join(samples, 'protos');
    execFileSync('protoc', ['-I', protos, '-o', inFolder('types.pb'), 'chat.proto', 'greeter.proto']);
  } catch (error) {
    const packages = 'protobuf-compiler, python3-grpcio, python3-protobuf and python3-websockets';
    throw new Error(`${packages} are needed: scripts/install-judges.sh`, { cause: error });
  }
  const { cert, key } = await (await makeAuthority()).issue({ names: ['127.0.0.1'] });
  writeFileSync(inFolder('cert.pem'), cert);
  writeFileSync(inFolder('key.pem'), key);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  code: number | null;
  output: string;
}

/** A sample that runs; `port` is where it listens, when it does. */
interface Running {
  ended: Promise<Ended>;
  port: Promise<number>;
}

type Run = (sample: string, ...args: string[]) => Running;

/** `begin` resolves with the exit code and hands over what is printed. */
function running(sample: string, begin: (print: (text: string) => void) => Promise<number | null>): Running {
  let output = '';
  let listens: (port: number) => void = () => {};
  const code = begin((text) => {
    output += text;
    const found = /listening on \S*:(\d+)$/m.exec(output);
    if (found) listens(Number(found[1]));
  });
  const port = new Promise<number>((resolve, reject) => {
    listens = resolve;
    code.then(() => reject(new Error(`${sample} does not listen: ${output}`)), reject);
  });
  port.catch(() => {});
  return { ended: code.then((value) => ({ code: value, output })), port };
}

/** In a process of its own, as a user runs it. */
const spawned: Run = (sample, ...args) => {
  const program = ['--disable-warning=ExperimentalWarning', join(root, 'src-main/cli.ts')];
  const child = spawn(process.execPath, [...program, 'run', join(samples, `${sample}.yaml`), ...args], { cwd: folder });
  afterwards(() => child.kill('SIGKILL'));
  return running(sample, (print) => {
    child.stdout.on('data', (data) => print(String(data)));
    child.stderr.on('data', (data) => print(String(data)));
    return new Promise((resolve) => child.on('close', resolve));
  });
};

/** The same within this process, which takes a tenth of the time. */
const within: Run = (sample, ...args) => {
  const abort = new AbortController();
  afterwards(() => abort.abort());
  return running(sample, (print) => {
    const write = async (text: string) => {
      print(text);
      return true;
    };
    const log = (line: string) => print(`${line}\n`);
    const options = parseRun([join(samples, `${sample}.yaml`), ...args]);
    return run(options, { parts: realParts, output: { write }, log, signal: abort.signal });
  });
};

async function expectPassed({ ended }: Running): Promise<void> {
  const { code, output } = await ended;
  expect(output).toContain('passed in');
  expect([code, output.includes('✗')]).toEqual([0, false]);
}

/** Runs a client sample, which must pass. */
async function passes(sample: string, ...args: string[]): Promise<void> {
  await expectPassed(spawned(sample, ...args));
}

/** Runs a server sample, which must pass, with somebody who talks to it. */
async function serves(sample: string, variable: string, talk: (port: number) => Promise<void>): Promise<void> {
  const server = spawned(sample, '--var', `${variable}=0`);
  await talk(await server.port);
  await expectPassed(server);
}

/** Client, server, and the variable that names the port between them. */
const PAIRS: [client: string, server: string, variable: string][] = [
  ['chat/client', 'chat/server', 'chatPort'],
  ['channels/client', 'channels/server', 'channelsPort'],
  ['login/client', 'login/server', 'loginPort'],
  ['chat-service/client', 'chat-service/mock', 'chatServicePort'],
  ['greeter/client', 'greeter/mock', 'greeterPort'],
  ['tcp-ack/client', 'tcp-ack/server', 'tcpPort'],
  ['udp-ack/client', 'udp-ack/server', 'udpPort'],
  ['tls/chat-client', 'tls/chat-server', 'secureChatPort'],
  ['tls/tcp-ack-client', 'tls/tcp-ack-server', 'secureTcpPort'],
  ['tls/greeter-client', 'tls/greeter-mock', 'secureGreeterPort'],
];

test('every sample is here', () => {
  const found = readdirSync(samples, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.yaml') && path.includes('/') && !path.startsWith('environments/'))
    .map((path) => path.slice(0, -'.yaml'.length));
  expect(found.sort()).toEqual(PAIRS.flatMap((pair) => pair.slice(0, 2)).sort());
});

test.each(['chat.proto', 'greeter.proto'])('%s is the same as elsewhere', (name) => {
  const text = (path: string) => readFileSync(join(path, name), 'utf8');
  expect(text(join(samples, 'protos'))).toBe(text(join(root, 'protos')));
});

test.each(PAIRS)('%s and %s talk to each other', async (client, server, variable) => {
  const serving = within(server, '--var', `${variable}=0`);
  await expectPassed(within(client, '--var', `${variable}=${await serving.port}`));
  await expectPassed(serving);
});

test('the login runs for everybody in people.csv, and the environment counts', async () => {
  const port = await websocketServer();
  const data = ['--data', join(samples, 'login', 'people.csv')];
  await passes('login/client', ...data, '--env', 'local', '--var', `loginPort=${port}`);
});

/** A server of the WebSocket samples in Python. */
async function websocketServer(...files: string[]): Promise<number> {
  const python = tool(PYTHON, [peers('sample_websocket.py'), 'server', ...files]);
  return Number((await python.says('\n')).trim());
}

async function grpcServer(options: object): Promise<number> {
  const python = tool(PYTHON, [peers('grpc_services.py'), inFolder('types.pb'), JSON.stringify(options)]);
  return Number((await python.says('\n')).trim());
}

describe('clients pass against servers of others', () => {
  test.each([
    ['chat/client', 'chatPort'],
    ['channels/client', 'channelsPort'],
    ['login/client', 'loginPort'],
  ])('%s: python3-websockets', async (client, variable) => {
    await passes(client, '--var', `${variable}=${await websocketServer()}`);
  });

  test('tls/chat-client: python3-websockets', async () => {
    const port = await websocketServer(inFolder('cert.pem'), inFolder('key.pem'));
    await passes('tls/chat-client', '--var', `secureChatPort=${port}`);
  });

  test('chat-service/client and greeter/client: grpcio', async () => {
    const port = await grpcServer({});
    await passes('chat-service/client', '--var', `chatServicePort=${port}`);
    await passes('greeter/client', '--var', `greeterPort=${port}`);
  });

  test('tls/greeter-client: grpcio', async () => {
    const port = await grpcServer({ cert: inFolder('cert.pem'), key: inFolder('key.pem') });
    await passes('tls/greeter-client', '--var', `secureGreeterPort=${port}`);
  });

  test('tcp-ack/client: ncat, whose answers end no line', async () => {
    const port = await unusedPort();
    const answer = 'while read line; do printf ACK; done';
    const ncat = tool('ncat', ['-v', '-l', '127.0.0.1', String(port), '--sh-exec', answer]);
    await ncat.says('Listening on');
    await passes('tcp-ack/client', '--var', `tcpPort=${port}`);
  });

  test('tls/tcp-ack-client: socat', async () => {
    const port = await unusedPort();
    const tls = `cert=${inFolder('cert.pem')},key=${inFolder('key.pem')},verify=0`;
    const listen = `OPENSSL-LISTEN:${port},bind=127.0.0.1,${tls}`;
    const socat = tool('socat', ['-d', '-d', listen, 'EXEC:sed -u s/.*/ACK/']);
    await socat.says('listening on');
    await passes('tls/tcp-ack-client', '--var', `secureTcpPort=${port}`);
  });

  test('udp-ack/client: socat', async () => {
    const port = await unusedPort();
    const socat = tool('socat', [
      '-d',
      '-d',
      `UDP4-RECVFROM:${port},bind=127.0.0.1,fork`,
      'SYSTEM:head -c 1 >/dev/null; printf ACK',
    ]);
    await socat.says('receiving on');
    await passes('udp-ack/client', '--var', `udpPort=${port}`);
  });
});

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

/** The authority of a server's throw-away certificate: the last that it sends. */
function authorityOf(port: number): string {
  const shown = execFileSync('openssl', ['s_client', '-showcerts', '-connect', `127.0.0.1:${port}`], {
    input: '',
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const certificates = String(shown).match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs) ?? [];
  const path = inFolder('authority.pem');
  writeFileSync(path, `${certificates.at(-1)}\n`);
  return path;
}

describe('servers pass with clients of others', () => {
  const python = async (...args: string[]) => {
    expect(await tool(PYTHON, args).output).toBe('ok\n');
  };

  test.each([
    ['chat', 'chat/server', 'chatPort', 'ws', '/'],
    ['channels', 'channels/server', 'channelsPort', 'ws', '/ws/chat/lobby/'],
    ['chat', 'tls/chat-server', 'secureChatPort', 'wss', '/'],
    ['login', 'login/server', 'loginPort', 'ws', '/'],
  ])('%s to %s: python3-websockets', async (kind, server, variable, scheme, path) => {
    await serves(server, variable, (port) =>
      python(peers('sample_websocket.py'), 'client', kind, `${scheme}://127.0.0.1:${port}${path}`),
    );
  });

  test.each([
    ['chat-service', 'chat-service/mock', 'chatServicePort'],
    ['greeter', 'greeter/mock', 'greeterPort'],
  ])('%s to %s: grpcio', async (kind, server, variable) => {
    await serves(server, variable, (port) =>
      python(peers('sample_grpc_client.py'), inFolder('types.pb'), `127.0.0.1:${port}`, kind),
    );
  });

  test('greeter to tls/greeter-mock: grpcio, which trusts the authority that openssl sees', async () => {
    const { ended, port } = spawned('tls/greeter-mock', '--var', 'secureGreeterPort=0', '--connections', '2');
    const address = `127.0.0.1:${await port}`;
    await python(peers('sample_grpc_client.py'), inFolder('types.pb'), address, 'greeter', authorityOf(await port));
    expect((await ended).output).toContain('expect status "OK"');
  });

  test('tcp-ack/server: ncat', async () => {
    await serves('tcp-ack/server', 'tcpPort', async (port) => {
      expect(await tool('ncat', ['127.0.0.1', String(port)], 'one\ntwo\r\nthree\n').output).toBe('ACK\nACK\nACK\n');
    });
  });

  test('tls/tcp-ack-server: openssl', async () => {
    await serves('tls/tcp-ack-server', 'secureTcpPort', async (port) => {
      const openssl = tool('openssl', ['s_client', '-quiet', '-connect', `127.0.0.1:${port}`]);
      openssl.process.stdin.write('one\n');
      await openssl.says('ACK\n');
      openssl.process.kill();
    });
  });

  test('udp-ack/server: sockets of Python', async () => {
    await serves('udp-ack/server', 'udpPort', (port) => python('-c', UDP_CLIENT, String(port)));
  });
});
