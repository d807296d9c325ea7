// Bytes of a file → text. What is no UTF-8 is refused: taken for text it would be saved with its letters lost.
import { SessionFileError } from './session-file-error.ts';

/** Code of the error for bytes that are not UTF-8. */
export const NOT_UTF8 = 'NOT_UTF8';

/** A byte order mark stays. `name` is how errors call the file. Throws a SessionFileError. */
export function utf8Text(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new SessionFileError({
      what: `${name}: its text is not UTF-8`,
      why: '',
      next: 'Save it as UTF-8.',
      code: NOT_UTF8,
    });
  }
}
