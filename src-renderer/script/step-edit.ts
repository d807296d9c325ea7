// Changes to a script as pure functions: new steps, their order, the conditions of an expectation.
import type { Content, SavedMessage, SessionConfig, Step } from '../../src-main/core/session-config.ts';
import { withValue } from '../stores/config-edit.ts';
import type { ExpectStep, StepKind } from './step-text.ts';

export type Expectation = ExpectStep['expect'];

/** `config` with another script; none at all if that is empty. */
export function withScript(config: SessionConfig, script: readonly Step[]): SessionConfig {
  return withValue(config, 'script', script.length > 0 ? [...script] : undefined);
}

/** `config` with a recorded script in place of its own, and the messages that it sends by name and has not yet. */
export function withRecording(
  config: SessionConfig,
  recorded: { script: readonly Step[]; messages: readonly SavedMessage[] },
): SessionConfig {
  const have = config.messages ?? [];
  const names = new Set(have.map(({ name }) => name));
  const messages = [...have, ...recorded.messages.filter(({ name }) => !names.has(name))];
  return withScript(withValue(config, 'messages', messages.length > 0 ? messages : undefined), recorded.script);
}

/** A step as it is begun. `messages`: the first of them is what one most likely sends. */
export function newStep(kind: StepKind, messages: readonly SavedMessage[]): Step {
  switch (kind) {
    case 'send':
      return { send: messages[0]?.name ?? { text: '' } };
    case 'sendLines':
      return { sendLines: { file: '' } };
    case 'expect':
      return { expect: { contains: '' } };
    case 'wait':
      return { wait: '100ms' };
    case 'ping':
      return { ping: {} };
    case 'close':
      return { close: {} };
    default:
      return kind;
  }
}

export function inserted<T>(list: readonly T[], at: number, item: T): T[] {
  return [...list.slice(0, at), item, ...list.slice(at)];
}

export function replaced<T>(list: readonly T[], at: number, item: T): T[] {
  return list.map((each, index) => (index === at ? item : each));
}

export function removed<T>(list: readonly T[], at: number): T[] {
  return list.filter((_, index) => index !== at);
}

export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const item = list[from];
  return item === undefined ? [...list] : inserted(removed(list, from), to, item);
}

/** Ways to write what is sent in the step itself. */
const CONTENT_KINDS = ['text', 'json', 'hex', 'base64', 'file'] as const;
export type ContentKind = (typeof CONTENT_KINDS)[number];

export function contentKind(content: Content): ContentKind {
  return CONTENT_KINDS.find((kind) => kind in content) ?? 'text';
}

/** The content in another way of writing; what does not carry over is empty. */
export function asKind(content: Content, kind: ContentKind): Content {
  const from = contentKind(content);
  if (from === kind) return content;
  if (kind === 'json') return { json: 'text' in content ? parsedOr(content.text, {}) : {} };
  if (kind === 'text') return { text: 'json' in content ? JSON.stringify(content.json) : '' };
  return { [kind]: '' } as Content;
}

function parsedOr(text: string, otherwise: unknown): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return otherwise;
  }
}

/** What may be asked of a message, in the order of the form. */
export const CONDITIONS = [
  'text',
  'contains',
  'matches',
  'json',
  'hex',
  'field',
  'metadata',
  'status',
  'count',
  'capture',
] as const;
export type Condition = (typeof CONDITIONS)[number];

export const CONDITION_LABELS: { readonly [C in Condition]: string } = {
  text: 'Text is',
  contains: 'Text contains',
  matches: 'Text matches',
  json: 'JSON has',
  hex: 'Bytes are',
  field: 'Field is',
  metadata: 'Metadata has',
  status: 'Status is',
  count: 'So many messages',
  capture: 'Take into variables',
};

const BEGINNINGS: { readonly [C in Condition]: Required<Expectation>[C] } = {
  text: '',
  contains: '',
  matches: '',
  json: {},
  hex: '',
  field: {},
  metadata: {},
  status: 'closed',
  count: 1,
  capture: {},
};

export function conditionsOf(expectation: Expectation): Condition[] {
  return CONDITIONS.filter((condition) => expectation[condition] !== undefined);
}

export function withCondition(expectation: Expectation, condition: Condition, protocol: string): Expectation {
  const value = condition === 'status' && protocol === 'grpc' ? 'OK' : BEGINNINGS[condition];
  return { ...expectation, [condition]: value };
}

/** `expectation` with a key set, or taken away by undefined. */
export function withKey<K extends keyof Expectation>(
  expectation: Expectation,
  key: K,
  value: Expectation[K] | undefined,
): Expectation {
  const { [key]: _old, ...rest } = expectation;
  return value === undefined ? (rest as Expectation) : ({ ...expectation, [key]: value } as Expectation);
}

/** A field's value as typed: a number or a truth where the text is exactly one. */
export function fieldValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return text !== '' && String(Number(text)) === text ? Number(text) : text;
}

/** A status as typed: a WebSocket code or a gRPC number where the text is one. */
export function statusValue(text: string): string | number {
  return /^\d{1,5}$/.test(text) ? Number(text) : text;
}

const VARIABLE_NAME = /^[A-Za-z_][\w.-]*$/;
const JSON_PATH = /^\$(\.[^.[\]'"\s]+|\[\d+\]|\['[^']*'\]|\["[^"]*"\])*$/;

/** What is wrong with a value to take into a variable, as it is typed. */
export function captureError(name: string, path: string): string | undefined {
  if (name === '' && path === '') return undefined;
  if (!VARIABLE_NAME.test(name)) return 'A variable is named by letters, digits, _, . and -.';
  if (!JSON_PATH.test(path)) return 'A place in the JSON, as $.auth.token or $.items[0].id.';
  return undefined;
}
