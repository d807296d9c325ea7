// The flows of a capture file whose conversations are open, in the order in which those were opened. Each costs what its
// dissector remembers, so there may only be so many: then those that were silent longest are ended.

/** With so many … */
const MAX_OPEN = 65_536;
/** … some are ended until this part is left. */
const KEPT = 0.75;
/** So many are looked through at least, before those that have ended are forgotten. */
const MIN_SWEPT = 1024;

export interface OpenFlow {
  /** undefined: it has ended. */
  readonly conversation: { readonly ended: boolean } | undefined;
  /** Number of the last packet of it. */
  lastPacket: number;
  /** It is in the list. */
  isListed: boolean;
}

export class OpenFlows<Flow extends OpenFlow> {
  readonly max: number;
  readonly #end: (flow: Flow) => void;
  #flows: Flow[] = [];
  /** When there are so many, those that have ended are taken out. */
  #sweepAt: number;

  /** `end`: ends the conversation of a flow, because there are more than `max`. */
  constructor(end: (flow: Flow) => void, max = MAX_OPEN) {
    this.#end = end;
    this.max = max;
    this.#sweepAt = Math.min(MIN_SWEPT, max);
  }

  /** Adds a flow that has a new conversation. */
  add(flow: Flow): void {
    if (flow.isListed) return;
    if (this.#flows.length >= this.#sweepAt) this.#sweep();
    flow.isListed = true;
    this.#flows.push(flow);
  }

  /** All of them, some of which may have ended meanwhile. The list is then empty. */
  takeAll(): Flow[] {
    const flows = this.#flows;
    this.#flows = [];
    return flows;
  }

  /** Doubling keeps the cost of looking at all of them in proportion. */
  #sweep(): void {
    const isFull = this.#flows.length >= this.max;
    this.#forgetEnded();
    const tooMany = this.#flows.length - Math.floor(this.max * KEPT);
    if (isFull && tooMany > 0) {
      const silent = [...this.#flows].sort((a, b) => a.lastPacket - b.lastPacket).slice(0, tooMany);
      for (const flow of silent) this.#end(flow);
      this.#forgetEnded();
    }
    this.#sweepAt = Math.min(this.max, Math.max(MIN_SWEPT, 2 * this.#flows.length));
  }

  #forgetEnded(): void {
    this.#flows = this.#flows.filter((flow) => {
      flow.isListed = flow.conversation !== undefined && !flow.conversation.ended;
      return flow.isListed;
    });
  }
}
