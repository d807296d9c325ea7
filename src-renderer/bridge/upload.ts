// Files from a browser to the engine's machine, piece by piece: each piece is answered before the next is read.
import { bridge } from './bridge.ts';

/** Well below the limit of the contract. */
const CHUNK_BYTES = 1024 * 1024;

export interface UploadedFile {
  /** For `captures.open`. */
  upload: string;
  /** On the engine's machine, for `file:` contents and certificates. */
  path: string;
}

export async function uploadFile(file: File): Promise<UploadedFile> {
  const { upload } = await bridge.call('uploads.begin', { name: file.name, sizeBytes: file.size });
  for (let from = 0; from < file.size; from += CHUNK_BYTES) {
    const bytes = new Uint8Array(await file.slice(from, from + CHUNK_BYTES).arrayBuffer());
    await bridge.call('uploads.append', { upload, bytes });
  }
  const { path } = await bridge.call('uploads.finish', { upload });
  return { upload, path };
}
