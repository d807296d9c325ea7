// What a person wrote for a gRPC session → an encoded message: JSON by the type it is of; hex, base64 and files are the
// message's bytes already. Also decides which type that is.
import { isJsonContent, jsonValue } from '../../core/compose/json-text.ts';
import type { CallState } from '../../core/grpc-call.ts';
import type { ServiceMethod } from '../../core/schema.ts';
import type { Content, SessionConfig } from '../../core/session-config.ts';
import type { Recipients } from '../../endpoints/endpoint.ts';
import { type LoadedSchema, SchemaError } from '../../schemas/loaded-schema.ts';
import { problem } from '../problem.ts';
import { readContent } from './contents.ts';

/** Where message types come from, and files. */
export interface MessageSources {
  schema(): Promise<LoadedSchema>;
  path(name: string): string;
}

/** Rejects with a ContentError, with a SchemaError for what does not fit its type, or a ProblemError. `type`: asked only for JSON. */
export async function readMessage(
  content: Content,
  sources: MessageSources,
  type: (schema: LoadedSchema) => string,
): Promise<Uint8Array> {
  if (!isJsonContent(content)) return (await readContent(content, (name) => sources.path(name))).bytes;
  const schema = await sources.schema();
  return encode(schema, type(schema), jsonValue(content));
}

/** A content as JSON text; bytes are decoded as what a method takes. Rejects with a ProblemError if they are no such message. */
export async function messageText(
  content: Content,
  sources: MessageSources,
  path: string | undefined,
): Promise<string> {
  if ('text' in content) return content.text;
  if ('json' in content) return typeof content.json === 'string' ? content.json : JSON.stringify(content.json);
  const { bytes } = await readContent(content, (name) => sources.path(name));
  const schema = await sources.schema();
  const type = methodNamed(schema, path).input;
  try {
    return JSON.stringify(schema.decode(type, bytes));
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    throw problem(`These bytes are no ${type}.`, { why: error.message, code: 'CONTENT' });
  }
}

function encode(schema: LoadedSchema, type: string, value: unknown): Uint8Array {
  if (!schema.types.message(type)) throw noType(schema, `There is no message type ${type}.`);
  return schema.encode(type, value);
}

/** Throws a ProblemError for a method that the schema does not have. */
function methodNamed(schema: LoadedSchema, path: string | undefined): ServiceMethod {
  if (!path) throw noMethod();
  const method = schema.types.method(path);
  if (method) return method;
  throw noType(schema, `There is no method ${path}.`);
}

/**
 * The type of a message that is sent now.
 * @param calls of the endpoint
 * @param path the method that a client's send begins a call of, unless one is open that it goes into
 */
export function typeToSend(
  schema: LoadedSchema,
  role: SessionConfig['role'],
  calls: readonly CallState[],
  to: Recipients,
  path: string | undefined,
): string {
  const meant = addressed(calls, to);
  if (role === 'client') {
    const begun = path ? methodNamed(schema, path) : undefined;
    if (begun && (!begun.clientStreaming || typeof to === 'string')) return begun.input;
    const sendable = meant.filter(({ clientEnded }) => !clientEnded).at(-1);
    return methodNamed(schema, sendable?.method ?? path).input;
  }
  if (meant.length === 0) throw problem('No call is open.', { next: 'Wait for a client to call.', code: 'NO_CALL' });
  const types = new Set(meant.map(({ method }) => methodNamed(schema, method).output));
  const [type] = types;
  if (types.size === 1 && type !== undefined) return type;
  throw problem('These calls are answered with different types.', {
    why: `${[...types].join(', ')}.`,
    next: 'Choose one of them.',
    code: 'CONTENT',
  });
}

/** The open calls meant. */
function addressed(calls: readonly CallState[], to: Recipients): CallState[] {
  const open = calls.filter(({ ended }) => ended === undefined);
  if (to === 'all') return open;
  if (to === 'last') return open.slice(-1);
  return open.filter(({ call }) => to.includes(call));
}

/** The error of calling before there is anything to call. */
export function noMethod() {
  return problem('No method is chosen.', { next: 'Choose one, as package.Service/Method.', code: 'NO_METHOD' });
}

function noType(schema: LoadedSchema, what: string) {
  const fault = schema.problems.find(({ severity }) => severity === 'error');
  const why = fault ? `${fault.source}: ${fault.text}` : '';
  return problem(what, {
    why: why || (schema.services.length === 0 ? 'No schema is loaded.' : ''),
    next: 'Name the .proto files or a server that answers reflection; or send bytes.',
    code: 'NO_TYPE',
  });
}
