// A recorded message as a script writes it: what sends it again, and what recognises it.
import type { Capture } from '../../capture/capture.ts';
import { GRPC_ID } from '../../core/dissect/grpc/format.ts';
import { WEBSOCKET_ID } from '../../core/dissect/websocket/format.ts';
import type { TimelineRecord } from '../../core/record.ts';
import type { Content, SavedMessage, Step } from '../../core/session-config.ts';
import type { LoadedSchema } from '../../schemas/loaded-schema.ts';
import type { SecretMask } from '../../workspace/secret-mask.ts';
import { namesVariables } from '../../workspace/variables.ts';
import { messageJson } from '../message-json.ts';
import { payloadText } from '../payload-value.ts';
import { problem } from '../problem.ts';

type Expect = Extract<Step, { expect: unknown }>['expect'];
type Readable = Extract<Content, { text: string } | { json: unknown } | { hex: string }>;

/** A longer message is nothing to write down in a script. */
const MAX_MESSAGE_BYTES = 256 * 1024;
/** A longer text is recognised by its beginning. */
const MAX_CONTAINED_CHARS = 500;
/** Parsing would round whole numbers with more digits than this, and writing them again would not give their text. */
const LONG_NUMBER = /\d{16}/;

interface Recorded {
  capture: Capture;
  schema: LoadedSchema | undefined;
  secrets: SecretNames;
}

/** What sends it again. Throws a ProblemError for what cannot be written down. */
export function recordedContent(recorded: Recorded, record: TimelineRecord): Content {
  const content = readable(recorded, record);
  if (content) return content;
  throw problem(`Message ${record.seq} cannot be written down in a script.`, {
    why: `It is longer than ${MAX_MESSAGE_BYTES} bytes, or has a secret among bytes that are no text.`,
    next: 'Save it as a file, and send that.',
  });
}

/** What recognises it; a message that cannot be written down is only counted. */
export function recordedMatch(recorded: Recorded, record: TimelineRecord): Expect {
  const content = readable(recorded, record);
  if (!content) return { count: 1 };
  if (!('text' in content)) return content;
  const { text } = content;
  return text === '' ? { text } : { contains: beginning(text) };
}

/** Not in the middle of a reference. */
function beginning(text: string): string {
  const begun = Array.from(text).slice(0, MAX_CONTAINED_CHARS).join('');
  return begun === text ? text : begun.replace(/\{\{[^}]*\}?$/, '');
}

function readable({ capture, schema, secrets }: Recorded, record: TimelineRecord): Readable | undefined {
  const payload = capture.payload(record.seq, MAX_MESSAGE_BYTES) ?? { bytes: new Uint8Array(), total: 0, text: false };
  if (payload.bytes.length < payload.total) return undefined;
  const bytes = Buffer.from(payload.bytes);
  const decoded = schema && messageJson(payload, schema);
  const isBinary = (record.protocol === WEBSOCKET_ID || record.protocol === GRPC_ID) && !payload.text;
  const text = decoded || isBinary ? undefined : payloadText(payload);
  const content = decoded ?? (text === undefined ? undefined : textOrJson(text));
  // Braces in what was recorded name nothing.
  if (content && !namesVariables(content)) return secrets.conceal(content);
  return secrets.isIn(bytes) ? undefined : { hex: bytes.toString('hex') };
}

/** The secrets of a session, to write their names where their values were sent. */
export class SecretNames {
  /** Longest value first: one may contain another. */
  readonly #secrets: { name: string; value: string }[];
  readonly #mask: SecretMask;

  constructor(secrets: readonly { name: string; value: string }[], mask: SecretMask) {
    this.#secrets = secrets.filter(({ value }) => value !== '').sort((a, b) => b.value.length - a.value.length);
    this.#mask = mask;
  }

  /** With `{{name}}` for each value; values in other spellings, and of other sessions' secrets, are masked. */
  conceal<T>(content: T): T {
    return this.#mask.data(this.#named(content)) as T;
  }

  isIn(bytes: Buffer): boolean {
    const text = bytes.toString('utf8');
    return this.#mask.finds(text) || this.#secrets.some(({ value }) => bytes.includes(value));
  }

  #named(value: unknown): unknown {
    if (typeof value === 'string')
      return this.#secrets.reduce((text, { name, value: secret }) => text.replaceAll(secret, `{{${name}}}`), value);
    if (Array.isArray(value)) return value.map((item) => this.#named(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#named(item)]));
  }
}

/** Objects and arrays as JSON, if they are written the way a script would send them. */
function textOrJson(text: string): { text: string } | { json: unknown } {
  if (!/^\s*[[{]/.test(text) || LONG_NUMBER.test(text)) return { text };
  try {
    return { json: JSON.parse(text) };
  } catch {
    return { text };
  }
}

/** The names of what is sent: one for each content. */
export class MessageNames {
  /** Messages that have no name in the session yet. */
  readonly added: SavedMessage[] = [];
  readonly #names = new Map<string, string>();
  readonly #taken = new Set<string>();
  #count = 0;

  /** `known`: the session's. */
  constructor(known: readonly SavedMessage[]) {
    for (const { name, ...content } of known) {
      this.#taken.add(name);
      const key = JSON.stringify(content);
      if (!this.#names.has(key)) this.#names.set(key, name);
    }
  }

  of(content: Content): string {
    const key = JSON.stringify(content);
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    let name: string;
    do {
      this.#count += 1;
      name = `message ${this.#count}`;
    } while (this.#taken.has(name));
    this.#taken.add(name);
    this.#names.set(key, name);
    this.added.push({ name, ...content });
    return name;
  }
}
