// What a person wrote to be sent → bytes. A file is read by the caller, who owns the disk.
import { jsonError } from '../payload/json.ts';
import type { Content } from '../session-config.ts';
import { parseBase64 } from './base64.ts';
import { ContentError } from './content-error.ts';
import { parseHex } from './hex.ts';

export { ContentError };

/** Content whose bytes are in a file. */
export type FileContent = Extract<Content, { file: string }>;
/** Content that carries its bytes itself. */
export type InlineContent = Exclude<Content, FileContent>;

export interface ComposedContent {
  bytes: Uint8Array<ArrayBuffer>;
  /** To be sent as text where a protocol tells text from binary. */
  text: boolean;
}

/** Whether somebody has to read a file for it. */
export function isFileContent(content: Content): content is FileContent {
  return 'file' in content;
}

/**
 * The bytes of inline content. JSON given as a string is JSON text: it is checked and sent as it is written, so that
 * white space and long numbers survive; any other value is serialised without white space.
 * @throws ContentError if it cannot be written as bytes
 */
export function composeContent(content: InlineContent): ComposedContent {
  if ('text' in content) return { bytes: encode(content.text), text: true };
  if ('hex' in content) return { bytes: parseHex(content.hex), text: false };
  if ('base64' in content) return { bytes: parseBase64(content.base64), text: false };
  return { bytes: encode(jsonText(content.json)), text: true };
}

/** Content of a file the caller has read: always binary, as nobody said what it is. */
export function composeFile(bytes: Uint8Array<ArrayBuffer>): ComposedContent {
  return { bytes, text: false };
}

function jsonText(value: unknown): string {
  if (typeof value !== 'string') return serialised(value);
  const bytes = encode(value);
  const error = jsonError(bytes);
  if (!error) return value;
  const at = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, error.at)).length;
  throw new ContentError(`This is not JSON: ${error.message.replace(/\.$/, '')}`, at);
}

function serialised(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    throw new ContentError(`This cannot be written as JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (text === undefined) throw new ContentError('There is no JSON to send');
  return text;
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
