// What a compressed message has inflated to so far. Bounded twice: for the message by itself, and for all that is being
// inflated in a capture, where thousands of messages could each bring the small part of a bomb, and never its end.
import { concat } from './bytes.ts';

/** A message may inflate to so many bytes … */
export const MAX_INFLATED_BYTES = 64 * 1024 * 1024;
/** … and of one that goes beyond, so many are kept. */
const KEPT_OF_LARGE_BYTES = 64 * 1024;
/** What unfinished messages, and the windows that go on from one message into the next, may take in memory together. */
const MAX_BUDGET_BYTES = 512 * 1024 * 1024;
/** What an inflater takes for its window, its tables and its next piece. */
export const INFLATER_BYTES = 48 * 1024;

/** Memory for inflating; one for all connections of a capture. */
export class InflateBudget {
  readonly #maxBytes: number;
  #takenBytes = 0;

  constructor(maxBytes = MAX_BUDGET_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** False if there is not so much left; then nothing is taken. */
  take(bytes: number): boolean {
    if (this.#takenBytes + bytes > this.#maxBytes) return false;
    this.#takenBytes += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#takenBytes -= bytes;
  }
}

/** One message: begin(), add() its pieces as they come, then finish(). Can be used for the next one again. */
export class InflatedBytes {
  readonly #budget: InflateBudget;
  readonly #limitBytes: number;
  #pieces: Uint8Array[] = [];
  #length = 0;
  #takenBytes = 0;

  constructor(budget: InflateBudget, limitBytes = MAX_INFLATED_BYTES) {
    this.#budget = budget;
    this.#limitBytes = limitBytes;
  }

  /** How many there are. */
  get length(): number {
    return this.#length;
  }

  /** Room for an inflater; false if there are too many. Does nothing for a message that has begun, or an inflater kept. */
  begin(): boolean {
    return this.#takenBytes > 0 || this.#take(INFLATER_BYTES);
  }

  /** Takes a piece, which must not change any more. False if that is too much: then only the beginning is left. */
  add(piece: Uint8Array): boolean {
    const fits = this.#length + piece.length <= this.#limitBytes && this.#take(piece.length);
    this.#pieces.push(piece);
    this.#length += piece.length;
    if (!fits) this.#keepBeginning();
    return fits;
  }

  /**
   * The message ends. Returns fresh bytes, the caller's to keep.
   * @param keepsInflater the next message goes on with the same one
   */
  finish(keepsInflater = false): Uint8Array {
    const [only] = this.#pieces;
    const bytes = this.#pieces.length === 1 && only ? only : concat(this.#pieces);
    this.#pieces = [];
    this.#length = 0;
    this.#takenBytes = this.#giveBackAllBut(keepsInflater ? INFLATER_BYTES : 0);
    return bytes;
  }

  #take(bytes: number): boolean {
    if (!this.#budget.take(bytes)) return false;
    this.#takenBytes += bytes;
    return true;
  }

  /** Gives the rest back, and the inflater with it. */
  #keepBeginning(): void {
    const length = Math.min(KEPT_OF_LARGE_BYTES, this.#limitBytes, this.#takenBytes, this.#length);
    this.#pieces = [firstBytes(this.#pieces, length)];
    this.#length = length;
    this.#takenBytes = this.#giveBackAllBut(length);
  }

  #giveBackAllBut(bytes: number): number {
    this.#budget.giveBack(this.#takenBytes - bytes);
    return bytes;
  }
}

/** The first `length` bytes of `pieces`, which have as many at least. */
function firstBytes(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const first = new Uint8Array(length);
  for (let i = 0, at = 0; at < length; i++) {
    const piece = pieces[i]!.subarray(0, length - at);
    first.set(piece, at);
    at += piece.length;
  }
  return first;
}
