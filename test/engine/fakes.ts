// A fake endpoint that the test drives, over the real capture; and a session host that only remembers.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { createCapture, openCapture } from '../../src-main/capture/capture.ts';
import { Direction } from '../../src-main/core/record.ts';
import type { ConnectionRecorder } from '../../src-main/core/recorder.ts';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import type {
  ConnectionState,
  ControlCommand,
  Endpoint,
  EndpointHost,
  OutgoingMessage,
} from '../../src-main/endpoints/endpoint.ts';
import type { EngineParts } from '../../src-main/engine/parts.ts';
import type { SessionHost } from '../../src-main/engine/session/session.ts';
import type { VariableHost } from '../../src-main/engine/session/variables.ts';
import { SecretMask } from '../../src-main/workspace/secret-mask.ts';
import { SecretStores } from '../../src-main/workspace/secret-store.ts';
import { NO_SCHEMA } from './fake-schema.ts';

export const CLIENT: SessionConfig = {
  wirescope: 1,
  name: 'Client',
  role: 'client',
  protocol: 'tcp',
  target: 'tcp://127.0.0.1:7',
  tcp: { framing: 'lines' },
};

const folders: string[] = [];

/** A folder that is removed after the test. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'wirescope-test-'));
  folders.push(folder);
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Behaves as a TCP client to a peer that the test plays. */
export class FakeEndpoint implements Endpoint {
  readonly config: SessionConfig;
  readonly host: EndpointHost;
  readonly sent: string[] = [];
  readonly commands: ControlCommand[] = [];
  connections: ConnectionState[] = [];
  stops = 0;
  /** What start() waits for. */
  starting: Promise<void> = Promise.resolve();
  /** What send() waits for. */
  sending: Promise<void> = Promise.resolve();
  #recorder: ConnectionRecorder | undefined;
  #abort: (error: Error) => void = () => {};

  constructor(config: SessionConfig, host: EndpointHost) {
    this.config = config;
    this.host = host;
  }

  async start(): Promise<void> {
    this.host.stateChanged({ phase: 'connecting', step: 'TCP' });
    await Promise.race([
      this.starting,
      new Promise<void>((_, reject) => {
        this.#abort = reject;
      }),
    ]);
    const { recorder } = this.host;
    this.#recorder = recorder.connection(
      {
        transport: 'tcp',
        client: { address: '127.0.0.1', port: 40_000 },
        server: { address: '127.0.0.1', port: 7 },
        decrypted: false,
        dissectAs: { protocol: 'tcp', framing: { kind: 'lines' } },
      },
      recorder.now(),
    );
    this.connections = [{ connection: 1, peer: '127.0.0.1:7', openedAt: 1, label: '' }];
    this.host.stateChanged({ phase: 'open', address: '127.0.0.1:7', trust: { lock: 'none' } });
  }

  async stop(): Promise<void> {
    this.stops += 1;
    this.#abort(new Error('stopped'));
    this.host.stateChanged({ phase: 'closing' });
    this.close('Stopped by us');
  }

  async send(message: OutgoingMessage): Promise<number> {
    await this.sending;
    const text = new TextDecoder().decode(message.bytes);
    this.sent.push(text);
    this.#recorder?.chunk(Direction.clientToServer, new TextEncoder().encode(`${text}\n`), this.host.recorder.now());
    return 1;
  }

  async control(command: ControlCommand): Promise<void> {
    this.commands.push(command);
  }

  /** The peer sends a line. */
  receive(line: string): void {
    this.#recorder?.chunk(Direction.serverToClient, new TextEncoder().encode(`${line}\n`), this.host.recorder.now());
  }

  /** The connection ends. */
  close(text: string): void {
    this.#recorder?.close(this.host.recorder.now());
    this.#recorder = undefined;
    this.connections = this.connections.map((connection) => ({ ...connection, closedAt: 2 }));
    this.host.stateChanged({ phase: 'closed', text });
  }
}

export interface FakeParts extends EngineParts {
  /** In the order they were opened. */
  endpoints: FakeEndpoint[];
}

/** `prepare`: called with each endpoint before it is used. */
export function fakeParts(prepare: (endpoint: FakeEndpoint) => void = () => {}): FakeParts {
  const endpoints: FakeEndpoint[] = [];
  return {
    endpoints,
    createCapture,
    openCapture,
    loadSchema: async () => NO_SCHEMA,
    reflect: () => Promise.reject(new Error('Nobody is asked in this test.')),
    loadEndpoint: async () => (config, host) => {
      const endpoint = new FakeEndpoint(config, host);
      prepare(endpoint);
      endpoints.push(endpoint);
      return endpoint;
    },
  };
}

/** Nothing is written down, and no secret has a value. */
const NO_VARIABLES: VariableHost = {
  written: () => [],
  secretsRevision: 0,
  storeOf: () => new SecretStores({ folder: '/nowhere' }).open(null),
  mask: new SecretMask(),
};

export function fakeSessionHost(parts: EngineParts): SessionHost & { folder: string } {
  const folder = scratchFolder();
  let captures = 0;
  return {
    parts,
    folder,
    place: () => ({ in: 'scratch', path: 's.yaml', folder, settings: [] }),
    effective: ({ config }) => config,
    beside: () => ({}),
    variables: () => NO_VARIABLES,
    async newCapture() {
      captures += 1;
      return { path: join(folder, `${captures}.pcapng`), follow() {}, async drop() {} };
    },
    isOwnCapture: () => false,
    changed() {},
    grown() {},
    typed() {},
  };
}

/** A promise and its ends. */
export function deferred(): { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } {
  let resolve: () => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  promise.catch(() => {});
  return { promise, resolve, reject };
}
