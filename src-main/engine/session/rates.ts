// Rates over the last second, from totals that only grow. Holds a dozen samples, whatever the traffic.

import type { SessionState } from '../../bridge/contract.ts';
import type { Capture } from '../../capture/capture.ts';

type Traffic = Capture['traffic'];
type TrafficState = SessionState['traffic'];

const WINDOW_MS = 1000;
const SAMPLE_EVERY_MS = 100;

interface Sample {
  atMs: number;
  traffic: Traffic;
}

export class Rates {
  #samples: Sample[] = [];

  /** Totals and rates at `nowMs` (any monotonic clock). */
  state(traffic: Traffic, nowMs: number): TrafficState {
    const samples = this.#samples;
    const last = samples[samples.length - 1];
    if (!last || nowMs - last.atMs >= SAMPLE_EVERY_MS) samples.push({ atMs: nowMs, traffic: copy(traffic) });
    // The oldest sample kept is the youngest that is a whole window old.
    while (samples.length > 1 && nowMs - samples[1]!.atMs >= WINDOW_MS) samples.shift();
    const base = samples[0]!.traffic;
    return {
      clientToServer: since(base.clientToServer, traffic.clientToServer),
      serverToClient: since(base.serverToClient, traffic.serverToClient),
    };
  }

  reset(): void {
    this.#samples = [];
  }
}

/** What came after the oldest sample. That is at most a window ago, or nothing came between. */
function since(base: Traffic['clientToServer'], now: Traffic['clientToServer']): TrafficState['clientToServer'] {
  return {
    messages: now.messages,
    bytes: now.bytes,
    messagesPerSecond: now.messages - base.messages,
    bytesPerSecond: now.bytes - base.bytes,
  };
}

function copy({ clientToServer, serverToClient }: Traffic): Traffic {
  return { clientToServer: { ...clientToServer }, serverToClient: { ...serverToClient } };
}
