// Sends messages that belong together. Of a gRPC client they go into one call: into the open one that takes them, else into
// one that the first of them begins; when that is over, the others begin no more calls.
import type { CallState } from '../../core/grpc-call.ts';
import type { Content } from '../../core/session-config.ts';
import type { OutgoingMessage, Recipients } from '../../endpoints/endpoint.ts';
import type { CallChoice, LiveSource } from './live-source.ts';

export class OneCall {
  readonly #source: LiveSource;
  readonly #choice: CallChoice;
  #to: Recipients;
  /** The call is known, or there is none that several messages could share. */
  #settled = false;

  constructor(source: LiveSource, to: Recipients, choice: CallChoice = {}) {
    this.#source = source;
    this.#choice = choice;
    this.#to = to;
  }

  /** Resolves with the number of recipients when the system has taken the bytes. Rejects when the call is over. */
  async send(content: Content): Promise<number> {
    const message = await this.#source.message(content, this.#to, this.#choice);
    if (this.#settled) return this.#source.send(message, this.#to);
    this.#settled = true;
    const isShared = await this.#isShared(message);
    const method = message.call?.method;
    const open = newest(this.#source.calls, (call) => call.method === method && !call.clientEnded && !call.ended);
    if (isShared && open) this.#to = [open.call];
    const recipients = await this.#source.send(message, this.#to);
    const begun = isShared && !open && newest(this.#source.calls, (call) => call.method === method);
    if (begun) this.#to = [begun.call];
    return recipients;
  }

  /** Says that no more comes, unless the call is over. */
  async endStreaming(): Promise<void> {
    const to = this.#to;
    const ended = this.#source.calls.some(({ call, ended }) => ended && Array.isArray(to) && to.includes(call));
    if (!ended) await this.#source.control({ type: 'halfClose' }, to);
  }

  /** Whether it is for a call that takes more than one message. */
  async #isShared({ call }: OutgoingMessage): Promise<boolean> {
    if (!call || typeof this.#to !== 'string') return false;
    try {
      return (await this.#source.schema()).types.method(call.method)?.clientStreaming ?? true;
    } catch {
      // What is wrong with the schema is told where it is loaded; bytes are sent without one.
      return true;
    }
  }
}

/** The last that was begun. */
function newest(calls: readonly CallState[], fits: (call: CallState) => boolean): CallState | undefined {
  return calls
    .filter(fits)
    .reduce<CallState | undefined>((last, call) => (last && last.call > call.call ? last : call), undefined);
}
