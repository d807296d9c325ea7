// A mock server under test, and clients of bare grpc-js that call it with bytes.
import {
  ChannelCredentials,
  Client,
  type ClientDuplexStream,
  type ClientOptions,
  type ClientReadableStream,
  Metadata,
  type ServiceError,
  type StatusObject,
} from '@grpc/grpc-js';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { grpcServer } from '../../src-main/endpoints/grpc/server.ts';
import { loadSchema } from '../../src-main/schemas/load.ts';
import type { LoadedSchema } from '../../src-main/schemas/loaded-schema.ts';
import { FakeHost } from './fake-host.ts';
import { afterwards } from './loopback.ts';

/** `Greeter` without a package, and `chat.ChatService` with every shape of method. */
const mockedSchema = await loadSchema({
  files: ['protos/greeter.proto', 'fixtures/grpc/mock.proto'],
  importPaths: ['protos'],
  folder: process.cwd(),
});

class SchemaHost extends FakeHost {
  readonly #schema: LoadedSchema;
  constructor(schema: LoadedSchema, folder?: string) {
    super(folder);
    this.#schema = schema;
  }
  schema(): Promise<LoadedSchema> {
    return Promise.resolve(this.#schema);
  }
}

export function makeMock(
  config: Partial<SessionConfig> = {},
  random: () => number = () => 0.5,
  schema = mockedSchema,
  maxOpenCalls?: number,
) {
  const host = new SchemaHost(schema);
  const endpoint = grpcServer(random, maxOpenCalls)(
    { wirescope: 1, name: 't', role: 'server', protocol: 'grpc', listen: '127.0.0.1:0', ...config },
    host,
  );
  afterwards(() => endpoint.stop());
  return { endpoint, host, schema };
}

/** A mock server that listens; `target` is where. */
export async function mockServer(config?: Partial<SessionConfig>, random?: () => number, schema?: LoadedSchema) {
  const made = makeMock(config, random, schema);
  await made.endpoint.start();
  const { state } = made.host;
  if (state.phase !== 'open') throw new Error('not open');
  return { ...made, target: state.address, port: Number(state.address.split(':').at(-1)) };
}

const asIs = (bytes: Buffer) => bytes;

/** What a call brought. */
export interface Outcome {
  metadata: Metadata;
  messages: Buffer[];
  status: StatusObject;
}

/** A client that calls methods by their path, with messages as bytes. */
export class Caller {
  readonly client: Client;

  constructor(target: string, credentials = ChannelCredentials.createInsecure(), options: ClientOptions = {}) {
    this.client = new Client(target, credentials, {
      'grpc.max_receive_message_length': -1,
      // Certificates are made for names, and TLS names no addresses.
      'grpc.ssl_target_name_override': 'localhost',
      'grpc.default_authority': 'localhost',
      ...options,
    });
    afterwards(() => this.client.close());
  }

  /** All four shapes: so many messages are sent, then the end, and all that comes back is collected. */
  call(
    path: string,
    messages: readonly Uint8Array[],
    metadata = new Metadata(),
    deadlineMs?: number,
  ): Promise<Outcome> {
    const stream = this.open(path, metadata, deadlineMs);
    for (const message of messages) stream.write(Buffer.from(message));
    stream.end();
    return outcomeOf(stream);
  }

  open(path: string, metadata = new Metadata(), deadlineMs?: number): ClientDuplexStream<Buffer, Buffer> {
    const options = deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs };
    return this.client.makeBidiStreamRequest(`/${path}`, asIs, asIs, metadata, options);
  }

  unary(path: string, message: Uint8Array, metadata = new Metadata()): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.client.makeUnaryRequest(`/${path}`, asIs, asIs, Buffer.from(message), metadata, (error, value) =>
        error ? reject(error) : resolve(value as Buffer),
      );
    });
  }
}

export function outcomeOf(stream: ClientReadableStream<Buffer>): Promise<Outcome> {
  return new Promise((resolve) => {
    const outcome = { metadata: new Metadata(), messages: [] as Buffer[] };
    stream.on('metadata', (metadata) => {
      outcome.metadata = metadata;
    });
    stream.on('data', (message: Buffer) => outcome.messages.push(message));
    stream.on('error', (_error: ServiceError) => {});
    stream.on('status', (status) => resolve({ ...outcome, status }));
  });
}
