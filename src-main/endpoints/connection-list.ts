// The connections a server shows: all open ones, then the last closed.
import type { ConnectionState } from './endpoint.ts';

/** Closed connections that stay in the list. */
export const CLOSED_KEPT = 100;

export interface Listed {
  readonly state: ConnectionState;
}

/** Members are found by the number of their connection. */
export class ConnectionList<Member extends Listed> {
  readonly #open = new Map<number, Member>();
  #closed: ConnectionState[] = [];

  add(member: Member): void {
    this.#open.set(member.state.connection, member);
  }

  /** Moves a member to the closed ones. */
  close(member: Member): void {
    if (!this.#open.delete(member.state.connection)) return;
    this.#closed.unshift(member.state);
    if (this.#closed.length > CLOSED_KEPT) this.#closed.pop();
  }

  /** An open one. */
  get(connection: number): Member | undefined {
    return this.#open.get(connection);
  }

  /** Open ones, in the order they came. */
  get members(): IterableIterator<Member> {
    return this.#open.values();
  }

  get size(): number {
    return this.#open.size;
  }

  /** Open ones in the order they came, then closed ones, the last first. */
  get states(): readonly ConnectionState[] {
    return [...Array.from(this.#open.values(), ({ state }) => state), ...this.#closed];
  }
}
