// Reads a capture file from its beginning to its end in big pieces, giving the event loop its turn between them. What is
// wrong with the file becomes events; reading it never fails.
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { LifecycleEvent } from '../core/event.ts';
import type { DissectAs } from '../core/protocol.ts';
import { CaptureError, fileProblem } from './capture-error.ts';
import { MAX_UNIT_BYTES, type PacketReader, type PacketSink } from './formats/packet-reader.ts';
import { PcapReader, pcapFormat } from './formats/pcap-reader.ts';
import { BlockType } from './formats/pcapng-blocks.ts';
import { PcapngReader } from './formats/pcapng-reader.ts';
import type { CaptureIndex } from './index/capture-index.ts';
import { PacketTracker } from './packets/packet-tracker.ts';

const WINDOW_BYTES = 1024 * 1024;
/** One piece is read and dissected between two turns of the event loop … */
const PIECE_BYTES = 256 * 1024;
/** … but less if the last one took longer, as one full of bombs does. */
const LONG_PIECE_MS = 100;
const MIN_PIECE_BYTES = 16 * 1024;

/** Recognises a capture file by its first bytes. Throws a CaptureError for anything else. */
export function recognise(path: string, firstBytes: Uint8Array, sizeBytes: number): (sink: PacketSink) => PacketReader {
  if (sizeBytes === 0) {
    throw new CaptureError({
      what: `${basename(path)} is empty.`,
      why: 'A capture file begins with a header, even if it holds no packets.',
      next: 'Open another file.',
    });
  }
  const classic = pcapFormat(firstBytes);
  if (classic) return (sink) => new PcapReader(classic, sink);
  const view = new DataView(firstBytes.buffer, firstBytes.byteOffset, firstBytes.length);
  if (firstBytes.length >= 4 && view.getUint32(0, true) === BlockType.section) return (sink) => new PcapngReader(sink);
  const isGzip = firstBytes[0] === 0x1f && firstBytes[1] === 0x8b;
  throw new CaptureError({
    what: `${basename(path)} is not a capture file.`,
    why: isGzip ? 'It is compressed with gzip.' : 'It begins neither as pcapng nor as pcap.',
    next: isGzip ? 'Decompress it first, with gunzip.' : 'Open a file written by Wirescope, Wireshark or tcpdump.',
  });
}

export interface LoadOptions {
  path: string;
  reader: (sink: PacketSink) => PacketReader;
  index: CaptureIndex;
  decodeAs: ReadonlyMap<number, DissectAs>;
  /** Called between pieces with the part that is read, 0 … 1. */
  onProgress: (fraction: number) => void;
  /** Asked between pieces: true stops the reading. */
  isCancelled: () => boolean;
  /** Asked between pieces: why the index can take nothing more. */
  failure: () => Error | undefined;
  /** Resolves when the index has written most of what it was given. */
  catchUp: () => Promise<unknown>;
}

/** Fills the index from the file. Never rejects. */
export async function loadFile(options: LoadOptions): Promise<void> {
  const { path, index, onProgress, isCancelled } = options;
  const tracker = new PacketTracker(index, options.decodeAs);
  const reader = options.reader(tracker);
  const window = new Window();
  const say = (event: Omit<LifecycleEvent, 'type' | 'severity'>): void =>
    index.event(0, { type: 'limit', severity: 'error', ...event }, tracker.lastAt);
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      while (!isCancelled() && !reader.damage && !options.failure()) {
        await options.catchUp();
        window.makeRoom(reader.neededBytes);
        const { bytesRead } = await file.read(window.bytes, window.to, window.free, window.fileOffset + window.to);
        if (bytesRead === 0) break;
        window.to += bytesRead;
        const startMs = performance.now();
        window.advance(reader);
        window.tookMs(performance.now() - startMs);
        onProgress(size > 0 ? Math.min(1, (window.fileOffset + window.to) / size) : 1);
      }
      const isWhole = window.from === window.to && window.fileOffset + window.to <= size;
      if (!reader.damage && !isCancelled() && !options.failure() && !isWhole) {
        const offset = Math.min(window.fileOffset + window.from, size);
        say({
          text: `The file is cut off at byte ${offset}; all before it is shown.`,
          fields: { 'file offset': offset },
        });
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    const problem = fileProblem(`${path} could not be read to its end.`, error);
    say({ text: problem.what, problem });
  }
  if (reader.damage) {
    const { fileOffset, text } = reader.damage;
    const fields = { 'file offset': fileOffset };
    say({ text: `The file is damaged at byte ${fileOffset}: ${text}. What follows cannot be read.`, fields });
  }
  const failure = options.failure();
  if (failure) {
    const problem = fileProblem('The index of this capture cannot be written: not all of the file is shown.', failure);
    say({ text: problem.what, problem });
  }
  if (!isCancelled()) {
    tracker.end();
    for (const text of keyLogFaults(index)) {
      index.event(0, { type: 'limit', severity: 'warning', text }, tracker.lastAt);
    }
  }
  onProgress(1);
}

/** What is wrong with the key log, for a person. */
function keyLogFaults({ keyLog }: CaptureIndex): string[] {
  const { strangeLines, size, isFull, isGiven, fitsNothing } = keyLog;
  const faults: string[] = [];
  if (isGiven && size === 0 && strangeLines === 0) {
    faults.push('The TLS key log holds no secrets: was SSLKEYLOGFILE set when the program was started?');
  } else if (isGiven && size > 0 && fitsNothing) {
    faults.push(
      'No secret of the TLS key log is of a TLS session of this capture: it was written for other connections.',
    );
  }
  if (strangeLines > 0) {
    const lines = strangeLines === 1 ? 'One line' : `${strangeLines} lines`;
    faults.push(`${lines} of the TLS key log could not be read; ${size === 1 ? '1 secret' : `${size} secrets`} could.`);
  }
  if (isFull) faults.push(`The TLS key log is too long: only its first ${size} secrets are used.`);
  return faults;
}

/** The part of the file that is in memory: bytes[from…to) is not understood yet. */
class Window {
  bytes = new Uint8Array(WINDOW_BYTES);
  from = 0;
  to = 0;
  /** Offset in the file of bytes[0]. */
  fileOffset = 0;
  #pieceBytes = PIECE_BYTES;

  get free(): number {
    return Math.min(this.#pieceBytes, this.bytes.length - this.to);
  }

  /** How long the last piece took. */
  tookMs(ms: number): void {
    const isLong = ms > LONG_PIECE_MS;
    this.#pieceBytes = isLong
      ? Math.max(MIN_PIECE_BYTES, this.#pieceBytes / 4)
      : Math.min(PIECE_BYTES, this.#pieceBytes * 2);
  }

  /** Moves what is left to the front and makes sure that `neededBytes` (bounded) fit behind `from`. */
  makeRoom(neededBytes: number): void {
    const left = this.to - this.from;
    const wanted = Math.min(MAX_UNIT_BYTES + PIECE_BYTES, Math.max(neededBytes, left + PIECE_BYTES));
    if (wanted > this.bytes.length) {
      const bytes = new Uint8Array(wanted);
      bytes.set(this.bytes.subarray(this.from, this.to));
      this.bytes = bytes;
    } else if (this.from > 0) {
      this.bytes.copyWithin(0, this.from, this.to);
    }
    this.fileOffset += this.from;
    this.from = 0;
    this.to = left;
  }

  /** Lets the reader read, and jumps over what it does not want. */
  advance(reader: PacketReader): void {
    for (;;) {
      this.from = reader.read(this.bytes, this.from, this.to, this.fileOffset + this.from);
      const skip = reader.skipBytes;
      if (skip === 0 || reader.damage) return;
      if (skip <= this.to - this.from) {
        this.from += skip;
        continue;
      }
      this.fileOffset += this.from + skip;
      this.from = 0;
      this.to = 0;
      return;
    }
  }
}
