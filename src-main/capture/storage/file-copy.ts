// Copies a capture to where somebody wants it: what there is of it, whether it has reached its own file or not, and whether
// that file still has its name or not.
import { randomUUID } from 'node:crypto';
import { open, realpath, rename, rm } from 'node:fs/promises';
import { CaptureError, fileProblem } from '../capture-error.ts';
import type { ByteSourceFile } from './byte-store.ts';

const PIECE_BYTES = 1024 * 1024;

/** Resolves with the size of the copy. Rejects with a CaptureError; then a file that was there before is still there. */
export async function copyCapture(source: ByteSourceFile, path: string): Promise<number> {
  // Through a link, as whoever made it wants.
  const target = await realpath(path).catch(() => path);
  const partial = `${target}.${randomUUID()}.part`;
  try {
    const copied = await copyPieces(source, partial);
    await rename(partial, target);
    return copied;
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {});
    throw new CaptureError(fileProblem(`The capture cannot be saved as ${path}.`, error), { cause: error });
  }
}

async function copyPieces(source: ByteSourceFile, path: string): Promise<number> {
  const { sizeBytes } = source;
  const piece = new Uint8Array(PIECE_BYTES);
  const file = await open(path, 'wx', 0o600);
  let copied = 0;
  try {
    while (copied < sizeBytes) {
      const got = source.read(copied, piece.subarray(0, Math.min(PIECE_BYTES, sizeBytes - copied)));
      if (got === 0) break;
      await file.writeFile(piece.subarray(0, got));
      copied += got;
    }
  } finally {
    await file.close();
  }
  return copied;
}
