// Asks a server for its own types: the reflection service, v1, else v1alpha. Over a channel made like a session's, with its
// TLS, proxy and metadata, but recorded nowhere. What the files mean is for schemas/ to say.
import { status as Status } from '@grpc/grpc-js';
import protobuf from 'protobufjs/minimal.js';
import type { Recorder } from '../../core/recorder.ts';
import type { SessionConfig } from '../../core/session-config.ts';
import { missingTypes } from '../../schemas/missing-types.ts';
import {
  decodeReflectionResponse,
  encodeReflectionRequest,
  REFLECTION_METHODS,
  type ReflectionRequest,
  type ReflectionResponse,
} from '../../schemas/reflection.ts';
import { parseTarget, targetAddress } from '../address.ts';
import { EndpointError, type EndpointHost } from '../endpoint.ts';
import { cancelled } from '../problems.ts';
import { GrpcChannel, type WireCall } from './channel.ts';
import { metadataOf } from './metadata.ts';
import { type CallStatus, statusLabel } from './status.ts';

/** For all questions together. */
const TIME_LIMIT_MS = 20_000;
const MAX_SERVICES = 2000;
const MAX_FILES = 5000;
/** Asked for by name because no import leads to them. */
const MAX_SYMBOLS = 500;
const MAX_BYTES = 64 * 1024 * 1024;

/** What a server told of its types. */
export interface Reflected {
  /** For a person: `reflection of 127.0.0.1:50051`. */
  label: string;
  version: 'v1' | 'v1alpha';
  /** Encoded google.protobuf.FileDescriptorProto, each once; well-known imports may be missing. */
  files: Uint8Array[];
}

/**
 * The types of a client's target. Rejects with an EndpointError that says what to do instead; aborting rejects too.
 * `host`: where file names of the TLS settings are relative to.
 */
export async function reflect(
  config: SessionConfig,
  host: Pick<EndpointHost, 'path'>,
  signal: AbortSignal,
): Promise<Reflected> {
  const target = parseTarget(config.target ?? '', 'grpc');
  const address = targetAddress(target);
  // Retries, limits and compression are for the session's own calls.
  const own: SessionConfig = { ...config, grpc: { maxReceiveBytes: MAX_BYTES } };
  const channel = await GrpcChannel.open({ target, config: own, host: silentHost(host) });
  try {
    const connection = await channel.connect(signal, () => {});
    try {
      for (const [index, method] of REFLECTION_METHODS.entries()) {
        const questions = new Questions(channel, method, config, signal);
        try {
          const files = await gather(questions, address);
          return { label: `reflection of ${address}`, version: index === 0 ? 'v1' : 'v1alpha', files };
        } catch (error) {
          if (!(error instanceof CallEnded)) throw error;
          if (signal.aborted) throw cancelled();
          if (error.status.code !== Status.UNIMPLEMENTED) throw refused(error.status, address);
        } finally {
          questions.end();
        }
      }
      throw notOffered(address);
    } finally {
      channel.close();
      void connection.farewell();
    }
  } finally {
    channel.close();
  }
}

/** Every file that a service needs, as far as the server tells. Rejects with an EndpointError, or CallEnded. */
async function gather(questions: Questions, address: string): Promise<Uint8Array[]> {
  const listed = await questions.ask({ ask: 'services' });
  if (listed.answer !== 'services') throw unusable(address, 'It does not list its services.', listed);
  if (listed.names.length > MAX_SERVICES) throw tooMuch(address, `${listed.names.length} services`);
  const found = new FoundFiles(address);
  let refusal: ReflectionResponse | undefined;
  for (const name of listed.names) {
    if (found.services.has(name.replace(/^\./, ''))) continue;
    const answer = await fileOf(questions, name);
    if (answer.answer === 'files') found.add(answer.files);
    else refusal ??= answer;
  }
  if (found.files.size === 0 && refusal)
    throw unusable(address, 'It does not tell the types of its services.', refusal);
  await addImports(found, questions);
  // Some servers tell files without their imports, and know those by the types in them only.
  const asked = new Set<string>();
  for (let missing = missingTypes(found.files.values()); asked.size < MAX_SYMBOLS; ) {
    const symbol = missing.find((name) => !asked.has(name));
    if (symbol === undefined) break;
    asked.add(symbol);
    const answer = await fileOf(questions, symbol);
    if (answer.answer !== 'files') continue;
    found.add(answer.files);
    await addImports(found, questions);
    missing = missingTypes(found.files.values());
  }
  return [...found.files.values()];
}

async function addImports(found: FoundFiles, questions: Questions): Promise<void> {
  for (let file = found.nextMissing(); file !== undefined; file = found.nextMissing()) {
    const answer = await questions.ask({ ask: 'file', file });
    // What is missing after all is told when the files are put together.
    if (answer.answer === 'files') found.add(answer.files);
  }
}

/** Servers disagree whether the name of a service without a package begins with a dot. */
async function fileOf(questions: Questions, name: string): Promise<ReflectionResponse> {
  const bare = name.replace(/^\./, '');
  const answer = await questions.ask({ ask: 'symbol', symbol: bare });
  return answer.answer === 'files' ? answer : questions.ask({ ask: 'symbol', symbol: `.${bare}` });
}

/** The files so far, and what they import that is not there yet. */
class FoundFiles {
  readonly files = new Map<string, Uint8Array>();
  /** Full names of the services in them. */
  readonly services = new Set<string>();
  readonly #address: string;
  readonly #imports = new Set<string>();
  #bytes = 0;

  constructor(address: string) {
    this.#address = address;
  }

  /** Throws an EndpointError for bytes that are no descriptor, and when it becomes too much. */
  add(files: readonly Uint8Array[]): void {
    for (const bytes of files) {
      const { name, imports, services } = readDescriptor(bytes, this.#address);
      if (this.files.has(name)) continue;
      this.files.set(name, bytes);
      this.#bytes += bytes.length;
      for (const file of imports) this.#imports.add(file);
      for (const service of services) this.services.add(service);
    }
    if (this.files.size > MAX_FILES) throw tooMuch(this.#address, `more than ${MAX_FILES} files`);
    if (this.#bytes > MAX_BYTES) throw tooMuch(this.#address, `more than ${MAX_BYTES >> 20} MiB`);
  }

  /** An import to ask for; each is named once. Those of protobuf itself are known here. */
  nextMissing(): string | undefined {
    for (const file of this.#imports) {
      this.#imports.delete(file);
      if (!this.files.has(file) && !file.startsWith('google/protobuf/')) return file;
    }
    return undefined;
  }
}

/** Name, imports and services of a FileDescriptorProto: fields 1, 2 (package), 3 and 6. */
function readDescriptor(bytes: Uint8Array, address: string): { name: string; imports: string[]; services: string[] } {
  const imports: string[] = [];
  const services: string[] = [];
  let name = '';
  let packageName = '';
  try {
    const reader = new protobuf.Reader(bytes);
    while (reader.pos < reader.len) {
      const tag = reader.uint32();
      if (tag === 0x0a) name = reader.string();
      else if (tag === 0x12) packageName = reader.string();
      else if (tag === 0x1a) imports.push(reader.string());
      else if (tag === 0x32) services.push(serviceName(reader.bytes()));
      else reader.skipType(tag & 7);
    }
  } catch (error) {
    throw new EndpointError({
      what: `What ${address} sent by reflection is no file descriptor.`,
      why: error instanceof Error ? error.message : String(error),
      next: LOAD_FILES,
    });
  }
  return { name, imports, services: services.map((service) => (packageName ? `${packageName}.${service}` : service)) };
}

function serviceName(bytes: Uint8Array): string {
  const reader = new protobuf.Reader(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === 0x0a) return reader.string();
    reader.skipType(tag & 7);
  }
  return '';
}

/** One stream of questions, each answered before the next. */
class Questions {
  readonly #wire: WireCall;
  readonly #signal: AbortSignal;
  #waiting: { resolve(answer: ReflectionResponse): void; reject(error: Error): void } | undefined;
  #status: CallStatus | undefined;

  constructor(channel: GrpcChannel, method: string, config: SessionConfig, signal: AbortSignal) {
    this.#signal = signal;
    this.#wire = channel.call(`/${method}`, Date.now() + TIME_LIMIT_MS, config.grpc?.authority);
    this.#wire.start(metadataOf(config.grpc?.metadata), {
      onReceiveMetadata: () => {},
      onReceiveMessage: (bytes: Buffer) => this.#onAnswer(bytes),
      onReceiveStatus: ({ code, details, metadata }) => {
        this.#status = { code, message: details, trailers: metadata };
        this.#waiting?.reject(new CallEnded(this.#status));
      },
    });
    signal.addEventListener('abort', this.#cancel);
    if (signal.aborted) this.#cancel();
  }

  /** Rejects with CallEnded when the stream is over, or with what is wrong with the answer. */
  ask(request: ReflectionRequest): Promise<ReflectionResponse> {
    return new Promise((resolve, reject) => {
      if (this.#status) {
        reject(new CallEnded(this.#status));
        return;
      }
      this.#waiting = { resolve, reject };
      this.#wire.sendMessageWithContext({}, Buffer.from(encodeReflectionRequest(request)));
      this.#wire.startRead();
    });
  }

  end(): void {
    this.#signal.removeEventListener('abort', this.#cancel);
    if (!this.#status) this.#cancel();
  }

  readonly #cancel = (): void => this.#wire.cancelWithStatus(Status.CANCELLED, 'No more questions');

  #onAnswer({ buffer, byteOffset, byteLength }: Buffer): void {
    try {
      // A slice of a Buffer is no copy, and would keep the whole answer.
      this.#waiting?.resolve(decodeReflectionResponse(new Uint8Array(buffer, byteOffset, byteLength)));
    } catch (error) {
      this.#waiting?.reject(
        new EndpointError({
          what: 'The answer of the reflection service cannot be read.',
          why: error instanceof Error ? error.message : String(error),
          next: LOAD_FILES,
        }),
      );
    }
  }
}

/** The stream of questions is over. */
class CallEnded extends Error {
  readonly status: CallStatus;
  constructor(status: CallStatus) {
    super(status.message);
    this.status = status;
  }
}

const LOAD_FILES = 'Load its .proto files or a descriptor set instead.';

function notOffered(address: string): EndpointError {
  return new EndpointError({
    what: `${address} does not offer reflection.`,
    why: 'It knows neither version of the service, v1 nor v1alpha: servers have it only if it was built in or switched on.',
    next: LOAD_FILES,
    code: 'UNIMPLEMENTED',
  });
}

function refused({ code, message }: CallStatus, address: string): EndpointError {
  const [why, next] =
    code === Status.UNAUTHENTICATED || code === Status.PERMISSION_DENIED
      ? ['It wants to know who asks.', 'Add the metadata it wants (authorization), or load its .proto files.']
      : code === Status.DEADLINE_EXCEEDED
        ? [`It did not answer all questions within ${TIME_LIMIT_MS / 1000} s.`, LOAD_FILES]
        : ['', LOAD_FILES];
  return new EndpointError({
    what: `The reflection of ${address} ended with ${statusLabel(code)}${message === '' ? '' : `: ${message}`}.`,
    why,
    next,
    code: statusLabel(code),
  });
}

function unusable(address: string, why: string, { answer, ...rest }: ReflectionResponse): EndpointError {
  return new EndpointError({
    what: `The reflection of ${address} is of no use.`,
    why,
    next: LOAD_FILES,
    details: JSON.stringify({ answer, ...rest }).slice(0, 1000),
  });
}

function tooMuch(address: string, what: string): EndpointError {
  return new EndpointError({
    what: `The reflection of ${address} tells too much: ${what}.`,
    why: '',
    next: LOAD_FILES,
  });
}

/** Nothing of what happens is kept. */
function silentHost(host: Pick<EndpointHost, 'path'>): EndpointHost {
  const nothing = () => {};
  let connections = 0;
  const recorder: Recorder = {
    connection: () => {
      connections += 1;
      return { connection: connections, chunk: nothing, event: nothing, end: nothing, close: nothing };
    },
    event: nothing,
    congested: false,
    drained: () => Promise.resolve(),
    now: () => Date.now() * 1000,
  };
  return {
    recorder,
    stateChanged: nothing,
    connectionsChanged: nothing,
    content: () => Promise.reject(new Error('Reflection sends no contents.')),
    path: (relative) => host.path(relative),
  };
}
