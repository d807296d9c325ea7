// Binary metadata of gRPC: headers whose name ends in -bin carry base64, or (between two C cores that agreed on it by
// setting 0xfe03 of HTTP/2) a NUL and the bytes themselves.
import { parseBase64 } from '../../compose/base64.ts';

/** The bytes of a -bin header's value; several values may be joined by commas. undefined: it is neither form. */
export function binaryValues(value: string): Uint8Array[] | undefined {
  if (value.charCodeAt(0) === 0) return [Uint8Array.from(value.slice(1), (character) => character.charCodeAt(0))];
  try {
    return value.split(',').map(parseBase64);
  } catch {
    return undefined;
  }
}
