// Opens the encrypted records of one direction in their order: which keys, which sequence number (RFC 8446 §5.3). Where
// records were lost or could not be opened, it tries the few numbers and the next keys that are possible.
import type { RecordKeys } from './host.ts';

/** Records that may have been lost in one gap: each possibility costs an attempt. */
const MAX_LOST_RECORDS = 64;
/** After so many failures in a row the keys are wrong, and further attempts would only cost time. */
const MAX_FAILURES = 16;

/** Keys that may not be known yet, and what follows them. */
export class Epoch {
  readonly isHandshake: boolean;
  readonly #find: () => RecordKeys | undefined;
  readonly #following: Epoch | undefined;
  #keys: RecordKeys | undefined;
  #next: Epoch | undefined;

  /** `following`: the epoch after this one; absent: the one that a KeyUpdate begins. */
  constructor(find: () => RecordKeys | undefined, following?: Epoch) {
    this.#find = find;
    this.#following = following;
    this.isHandshake = following !== undefined;
  }

  /** Asked again until there are some: a capture may bring its secrets late. */
  get keys(): RecordKeys | undefined {
    this.#keys ??= this.#find();
    return this.#keys;
  }

  get next(): Epoch {
    this.#next ??= this.#following ?? new Epoch(() => this.keys?.next());
    return this.#next;
  }
}

export class RecordOpener {
  #epoch: Epoch | undefined;
  #sequence = 0;
  /** Records that may be missing before the next one. */
  #lost = 0;
  /** Records of this epoch since the last one that was opened. */
  #unopened = 0;
  #failures = 0;

  /** The epoch of the next record; undefined while nothing is encrypted. */
  get epoch(): Epoch | undefined {
    return this.#epoch;
  }

  /** There are keys for the next record: if it cannot be opened, they do not fit. */
  get hasKeys(): boolean {
    return this.#epoch !== undefined && (this.#epoch.keys ?? this.#epoch.next.keys) !== undefined;
  }

  begin(epoch: Epoch): void {
    this.#epoch = epoch;
    this.#sequence = 0;
    this.#lost = 0;
    this.#unopened = 0;
    this.#failures = 0;
  }

  /** The next record is the first one under the keys that follow. */
  advance(): void {
    if (this.#epoch) this.begin(this.#epoch.next);
  }

  /** Bytes are missing: nobody knows how many records. */
  gap(): void {
    this.#lost = MAX_LOST_RECORDS;
  }

  /** A record passed that cannot be opened because it is not whole. */
  passed(): void {
    this.#sequence++;
    this.#unopened = Math.min(MAX_LOST_RECORDS, this.#unopened + 1);
  }

  /**
   * What the record holds, or undefined if no keys fit.
   * @param optional the record may be none of this epoch: if it cannot be opened, it did not happen
   */
  open(header: Uint8Array, body: Uint8Array, optional = false): Uint8Array | undefined {
    const epoch = this.#epoch;
    if (!epoch) return undefined;
    if (this.#failures < MAX_FAILURES) {
      const content =
        this.#try(epoch, this.#sequence, this.#lost, header, body) ??
        this.#try(epoch.next, 0, Math.min(MAX_LOST_RECORDS, this.#lost + this.#unopened), header, body);
      if (content) return content;
    }
    if (optional) return undefined;
    if (this.hasKeys) this.#failures++;
    this.passed();
    return undefined;
  }

  /** Tries the sequence numbers from `first` to `first + more`. */
  #try(epoch: Epoch, first: number, more: number, header: Uint8Array, body: Uint8Array): Uint8Array | undefined {
    const { keys } = epoch;
    if (!keys) return undefined;
    for (let sequence = first; sequence <= first + more; sequence++) {
      const content = keys.open(sequence, header, body);
      if (!content) continue;
      this.begin(epoch);
      this.#sequence = sequence + 1;
      return content;
    }
    return undefined;
  }
}
