// Files from a browser to the engine's machine, piece by piece: each piece is answered before the next is read.
import { bridge } from './bridge.ts';

/** Well below the limit of the contract. */
const CHUNK_BYTES = 1024 * 1024;

/** Hands a file over. Answers the upload, for `captures.open`, which finishes it. */
export async function uploadFile(file: File): Promise<string> {
  const { upload } = await bridge.call('uploads.begin', { name: file.name, sizeBytes: file.size });
  for (let from = 0; from < file.size; from += CHUNK_BYTES) {
    const bytes = new Uint8Array(await file.slice(from, from + CHUNK_BYTES).arrayBuffer());
    await bridge.call('uploads.append', { upload, bytes });
  }
  return upload;
}

/** Hands a file over. Answers its path on the engine's machine, for `file:` contents and certificates. */
export async function uploadPath(file: File): Promise<string> {
  const { path } = await bridge.call('uploads.finish', { upload: await uploadFile(file) });
  return path;
}
