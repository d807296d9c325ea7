// Remembers the pings of one direction until a pong answers them, in bounded memory (RFC 6455 §5.5.3).
import { NONE } from '../../record.ts';

/** Of more unanswered pings the oldest are forgotten. */
const REMEMBERED = 16;

export class PingMemory {
  /** Oldest first. Pings are rare, so each keeps a copy of its at most 125 bytes. */
  readonly #unanswered: { seq: number; payload: Uint8Array }[] = [];

  remember(seq: number, payload: Uint8Array): void {
    if (this.#unanswered.length === REMEMBERED) this.#unanswered.shift();
    this.#unanswered.push({ seq, payload: payload.slice() });
  }

  /**
   * The seq of the most recent unanswered ping with this payload, or NONE. That ping and the ones before it count as
   * answered from now on: a peer may answer only the last of several.
   */
  answer(payload: Uint8Array): number {
    for (let i = this.#unanswered.length - 1; i >= 0; i--) {
      const ping = this.#unanswered[i]!;
      if (!sameBytes(ping.payload, payload)) continue;
      this.#unanswered.splice(0, i + 1);
      return ping.seq;
    }
    return NONE;
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
