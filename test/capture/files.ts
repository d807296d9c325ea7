// Temporary files and captures for tests; everything is removed after each test.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { type Capture, createCapture, type OpenOptions, openCapture } from '../../src-main/capture/capture.ts';
import type { TimelineRecord } from '../../src-main/core/record.ts';

const folders: string[] = [];
const captures: Capture[] = [];

afterEach(async () => {
  await Promise.all(captures.splice(0).map((capture) => capture.dispose()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'wirescope-test-'));
  folders.push(folder);
  return folder;
}

export function temporaryFile(name: string, bytes?: Uint8Array): string {
  const path = join(temporaryFolder(), name);
  if (bytes) writeFileSync(path, bytes);
  return path;
}

export function liveCapture(path = temporaryFile('live.pcapng')): Capture {
  const capture = createCapture(path);
  captures.push(capture);
  return capture;
}

/** Opens a file and waits until all of it is read. */
export async function loadedCapture(path: string, options?: OpenOptions): Promise<Capture> {
  const capture = await openCapture(path, { cacheFolder: temporaryFolder(), ...options });
  captures.push(capture);
  await capture.loaded;
  return capture;
}

export function loadedBytes(bytes: Uint8Array, options?: OpenOptions): Promise<Capture> {
  return loadedCapture(temporaryFile('file.pcapng', bytes), options);
}

export function recordsOf(capture: Capture): TimelineRecord[] {
  return Array.from({ length: capture.count }, (_, seq) => capture.record(seq));
}

export function summariesOf(capture: Capture): string[] {
  return Array.from({ length: capture.count }, (_, seq) => capture.summary(seq));
}

/** The payload bytes of all records of a connection and direction, in order. */
export function wireBytes(capture: Capture, connection: number, direction: number): Uint8Array {
  const parts = recordsOf(capture)
    .filter((record) => record.connection === connection && record.direction === direction)
    .map((record) => capture.view(record.seq).bytes());
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

export function wireText(capture: Capture, connection: number, direction: number): string {
  return new TextDecoder().decode(wireBytes(capture, connection, direction));
}
