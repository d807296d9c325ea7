// Takes the values of variables from a message that was received: `capture: { token: $.auth.token }`.
import type { Capture } from '../../capture/capture.ts';
import { ContentError } from '../../core/compose/content-error.ts';
import { parseJsonText } from '../../core/compose/json-text.ts';
import { atJsonPath, jsonValueText, parseJsonPath } from '../../core/json-path.ts';
import type { LoadedSchema } from '../../schemas/loaded-schema.ts';
import type { Variable } from '../../workspace/variables.ts';
import { messageJson } from '../message-json.ts';
import { problem } from '../problem.ts';

const PAYLOAD_LIMIT_BYTES = 64 * 1024 * 1024;
/** A variable is put into every text that names it. */
const MAX_VALUE_CHARS = 1_000_000;

/**
 * Name → value for each path. Throws a ProblemError for a message that is no JSON, or that has nothing at a path.
 * @param seq of the message's record
 */
export function capturedValues(
  { capture, schema }: { capture: Capture; schema: LoadedSchema | undefined },
  seq: number,
  paths: { readonly [name: string]: string },
): Map<string, string> {
  const entries = Object.entries(paths);
  if (entries.length === 0) return new Map();
  const root = messageValue(capture, schema, seq);
  return new Map(entries.map(([name, path]) => [name, valueAt(root, name, path)]));
}

/** What a script took from a message, as a variable for its later steps. */
export function capturedVariable(name: string, value: string): Variable {
  return { name, value, secret: false, layer: 'captured', origin: 'the script' };
}

function valueAt(root: unknown, name: string, path: string): string {
  const found = atJsonPath(root, parseJsonPath(path));
  if ('missing' in found) throw problem(`The message has no value for ${name}.`, { why: found.missing });
  const text = jsonValueText(found.value);
  if (text.length <= MAX_VALUE_CHARS) return text;
  throw problem(`The value for ${name} is too long.`, {
    why: `It has ${text.length} characters; the limit is ${MAX_VALUE_CHARS}.`,
  });
}

function messageValue(capture: Capture, schema: LoadedSchema | undefined, seq: number): unknown {
  const payload = capture.payload(seq, PAYLOAD_LIMIT_BYTES);
  const decoded = payload && schema && messageJson(payload, schema);
  if (decoded) return decoded.json;
  try {
    return parseJsonText(new TextDecoder('utf-8', { fatal: true }).decode(payload?.bytes));
  } catch (error) {
    if (!(error instanceof ContentError) && !(error instanceof TypeError)) throw error;
    throw problem('The message is no JSON, so no values can be taken from it.');
  }
}
