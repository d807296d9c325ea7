// The calls an endpoint shows: all open ones, then the last that ended.
import type { CallState } from '../../core/grpc-call.ts';
import { EndpointError, type Recipients } from '../endpoint.ts';

/** Ended calls that stay in the list. */
const ENDED_KEPT = 100;

export interface ListedCall {
  readonly state: CallState;
}

/** Members are found by the number of their call. */
export class CallList<Member extends ListedCall> {
  readonly #open = new Map<number, Member>();
  /** The last first. */
  readonly #ended: CallState[] = [];
  #last: Member | undefined;

  add(member: Member): void {
    this.#open.set(member.state.call, member);
    this.#last = member;
  }

  /** Moves a member to the ended ones. */
  end(member: Member): void {
    if (!this.#open.delete(member.state.call)) return;
    this.#ended.unshift(member.state);
    if (this.#ended.length > ENDED_KEPT) this.#ended.pop();
  }

  get size(): number {
    return this.#open.size;
  }

  /** Open ones, in the order they began. */
  get members(): IterableIterator<Member> {
    return this.#open.values();
  }

  /** Open ones in the order they began, then ended ones, the last first. */
  get states(): readonly CallState[] {
    return [...Array.from(this.#open.values(), ({ state }) => state), ...this.#ended];
  }

  /** The open members meant; of `last`, none if it has ended. Throws an EndpointError for a number that is not open. */
  meant(to: Recipients): Member[] {
    if (to === 'all') return [...this.#open.values()];
    if (to === 'last') return this.#last && this.#open.has(this.#last.state.call) ? [this.#last] : [];
    return to.map((call) => {
      const member = this.#open.get(call);
      if (member) return member;
      throw new EndpointError({
        what: `Call ${call} is not open.`,
        why: 'It has ended, or there never was one of this number.',
        next: 'Choose an open call.',
      });
    });
  }
}
