// How a mock answers a method, as its form shows it, and back: pure.
import type { Content, GrpcAnswer, GrpcConfig, GrpcReply, MockMethod } from '../../src-main/core/session-config.ts';
import type { Patch } from '../stores/config-edit.ts';

/** The settings of a method; those of none say nothing. */
export function mockOf(grpc: GrpcConfig | undefined, path: string): MockMethod {
  const mock = grpc?.mock ?? {};
  return mock[path] ?? mock[`/${path}`] ?? {};
}

/** `mock` with some settings of a method changed; undefined takes a key away, and a method without any. */
export function withMock(grpc: GrpcConfig | undefined, path: string, patch: Patch<MockMethod>): GrpcConfig['mock'] {
  const { [path]: _plain, [`/${path}`]: _slashed, ...others } = grpc?.mock ?? {};
  const entries = Object.entries({ ...mockOf(grpc, path), ...patch }).filter(([, value]) => value !== undefined);
  const mock = { ...others, ...(entries.length > 0 ? { [path]: Object.fromEntries(entries) as MockMethod } : {}) };
  return Object.keys(mock).length > 0 ? mock : undefined;
}

/** `answer` with a key changed, or taken away by undefined. */
export function withAnswerKey<K extends keyof GrpcAnswer>(
  answer: GrpcAnswer,
  key: K,
  value: GrpcAnswer[K] | undefined,
): GrpcAnswer {
  const { [key]: _old, ...rest } = answer;
  return (value === undefined ? rest : { ...rest, [key]: value }) as GrpcAnswer;
}

/** A reply as its row shows it: a saved message by name, a wait, or JSON. */
export function replyText(reply: GrpcReply): { kind: 'saved' | 'wait' | 'json'; text: string } {
  if (typeof reply === 'string') return { kind: 'saved', text: reply };
  if ('wait' in reply) return { kind: 'wait', text: String(reply.wait) };
  return { kind: 'json', text: writtenText(reply) };
}

function writtenText(reply: Content): string {
  if ('json' in reply) return typeof reply.json === 'string' ? reply.json : JSON.stringify(reply.json);
  if ('text' in reply) return reply.text;
  if ('hex' in reply) return reply.hex;
  return 'base64' in reply ? reply.base64 : reply.file;
}

/** JSON as it is typed: a value once it is one, the text until then. */
export function replyOfText(text: string): Content {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !text.includes('"__proto__"')) return { json: value };
  } catch {
    // Still being typed.
  }
  return { text };
}

/** What is wrong with a reply. */
export function replyError(reply: GrpcReply): string | undefined {
  if (typeof reply === 'string' || !('text' in reply)) return undefined;
  try {
    JSON.parse(reply.text);
    return undefined;
  } catch {
    return 'A message as JSON, as {"text": "hello"}.';
  }
}
