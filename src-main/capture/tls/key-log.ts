// Secrets of TLS sessions in the format of SSLKEYLOGFILE, from a key-log file or from blocks of a pcapng file, and the keys
// made of them. Anybody's file may be given: what is no secret is counted and passed over.
import { createReadStream, statSync } from 'node:fs';
import { hex } from '../../core/dissect/bytes.ts';
import { Version } from '../../core/dissect/tls/format.ts';
import { RANDOM_BYTES } from '../../core/dissect/tls/hello.ts';
import type { RecordKeys, TlsEpoch, TlsSession } from '../../core/dissect/tls/host.ts';
import { Direction } from '../../core/record.ts';
import { CaptureError, fileProblem } from '../capture-error.ts';
import { sessionKeys, trafficKeys } from './cipher.ts';

/** A line is a label, 64 digits and at most 128 digits. */
const MAX_LINE_BYTES = 1024;
/** Some 170 bytes a line, so what a key log may cost in memory. */
const MAX_SECRETS = 500_000;
const NEWLINE = 10;

const LABELS = new Set([
  'CLIENT_RANDOM',
  'CLIENT_HANDSHAKE_TRAFFIC_SECRET',
  'SERVER_HANDSHAKE_TRAFFIC_SECRET',
  'CLIENT_TRAFFIC_SECRET_0',
  'SERVER_TRAFFIC_SECRET_0',
]);
/** What a key log may hold besides: exporters, early data, what follows a KeyUpdate (and is derived here). */
const OTHER_LABEL = /^[A-Z][A-Z0-9_]*$/;
const LINE = /^(\S+) ([0-9a-fA-F]{64}) ((?:[0-9a-fA-F]{2}){32,64})$/;

export class KeyLog {
  /** Label and client random (hex) → secret (hex). */
  readonly #secrets = new Map<string, string>();
  /** Lines that are neither a secret, nor a comment, nor empty. */
  #strangeLines = 0;
  #isFull = false;
  #isAsked = false;
  #hasFitted = false;
  /** Somebody gave a file of secrets; those in the capture itself came unasked. */
  isGiven = false;

  /** How many secrets there are. */
  get size(): number {
    return this.#secrets.size;
  }

  get strangeLines(): number {
    return this.#strangeLines;
  }

  /** There were more secrets than are kept. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Keys of sessions were looked for, and none were here. */
  get fitsNothing(): boolean {
    return this.#isAsked && !this.#hasFitted;
  }

  /** Takes whole lines. */
  add(text: Uint8Array): void {
    for (let from = 0; from < text.length; ) {
      const newline = text.indexOf(NEWLINE, from);
      const end = newline < 0 ? text.length : newline;
      if (end - from > MAX_LINE_BYTES) this.#strangeLines++;
      else
        this.#line(
          Buffer.from(text.buffer, text.byteOffset + from, end - from)
            .toString('latin1')
            .trim(),
        );
      from = end + 1;
    }
  }

  #line(line: string): void {
    if (line === '' || line.startsWith('#')) return;
    const [, label = '', random = '', secret = ''] = LINE.exec(line) ?? [];
    if (!LABELS.has(label)) {
      const word = line.split(' ', 1)[0]!;
      if (LABELS.has(word) || !OTHER_LABEL.test(word)) this.#strangeLines++;
      return;
    }
    const key = `${label} ${random.toLowerCase()}`;
    if (this.#secrets.size < MAX_SECRETS || this.#secrets.has(key)) this.#secrets.set(key, secret);
    else this.#isFull = true;
  }

  /** The keys of a direction, if its secret is here. */
  keys(session: TlsSession, epoch: TlsEpoch, direction: Direction): RecordKeys | undefined {
    this.#isAsked = true;
    if (this.#secrets.size === 0 || session.clientRandom.length !== RANDOM_BYTES) return undefined;
    const secret = this.#secrets.get(`${labelOf(session, epoch, direction)} ${hex(session.clientRandom)}`);
    if (secret === undefined) return undefined;
    this.#hasFitted = true;
    const bytes = Buffer.from(secret, 'hex');
    if (session.version === Version.tls13) return trafficKeys(session.suite, bytes);
    return sessionKeys(session, bytes, direction);
  }
}

function labelOf(session: TlsSession, epoch: TlsEpoch, direction: Direction): string {
  if (session.version !== Version.tls13) return 'CLIENT_RANDOM';
  const sender = direction === Direction.clientToServer ? 'CLIENT' : 'SERVER';
  return epoch === 'handshake' ? `${sender}_HANDSHAKE_TRAFFIC_SECRET` : `${sender}_TRAFFIC_SECRET_0`;
}

/** Adds the secrets of a key-log file. Rejects with a CaptureError if it cannot be read. */
export async function readKeyLog(path: string, keyLog: KeyLog): Promise<void> {
  keyLog.isGiven = true;
  try {
    // Opening a pipe would wait for whoever writes into it.
    if (!statSync(path).isFile()) throw Object.assign(new Error(`${path} is no ordinary file`), { code: 'ENOTFILE' });
    let rest: Buffer = Buffer.alloc(0);
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      const bytes = Buffer.concat([rest, chunk]);
      const end = bytes.lastIndexOf(NEWLINE) + 1;
      keyLog.add(bytes.subarray(0, end));
      // Of a line that does not end, no more than shows that it is too long.
      rest = bytes.subarray(end, end + MAX_LINE_BYTES + 1);
      if (keyLog.isFull) break;
    }
    keyLog.add(rest);
  } catch (error) {
    throw new CaptureError(fileProblem(`The key log ${path} cannot be read.`, error), { cause: error });
  }
}
