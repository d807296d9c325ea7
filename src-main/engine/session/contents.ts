// What is to be sent, as bytes: composes what carries its bytes itself and reads what is in a file.
import { readFile, stat } from 'node:fs/promises';
import { composeContent, composeFile, isFileContent } from '../../core/compose/content.ts';
import type { Content } from '../../core/session-config.ts';
import type { OutgoingMessage } from '../../endpoints/endpoint.ts';
import { problem } from '../problem.ts';

/** A message is held in memory whole. */
const MAX_FILE_BYTES = 512 * 1024 * 1024;

/** Rejects with a ContentError, a ProblemError, or the file system's own error. `path`: where a file the content names is. */
export async function readContent(content: Content, path: (name: string) => string): Promise<OutgoingMessage> {
  if (isFileContent(content)) {
    const file = path(content.file);
    const status = await stat(file);
    // A device or a pipe may have no end.
    if (!status.isFile()) throw problem(`${file} is not a file.`, { next: 'Name a file.', code: 'CONTENT' });
    const { size } = status;
    if (size > MAX_FILE_BYTES) {
      throw problem(`${file} is too large to send as one message.`, {
        why: `It has ${size} bytes; the limit is ${MAX_FILE_BYTES}.`,
        code: 'CONTENT',
      });
    }
    return composeFile(new Uint8Array(await readFile(file)));
  }
  return composeContent(content);
}
