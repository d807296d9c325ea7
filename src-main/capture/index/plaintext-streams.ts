// What TLS carried on one connection, as two byte streams of their own: their bytes are kept once, as the derived bytes of
// the TLS records they came in, and records that are found in them point into these streams.
import type { InflateBudget } from '../../core/dissect/inflated-bytes.ts';
import type { PlaintextSink } from '../../core/dissect/tls/host.ts';
import { Direction, Layer, type RecordDraft } from '../../core/record.ts';
import type { StreamMap } from './stream-map.ts';

/** What a connection's index does for its plaintext. */
export interface PlaintextStore {
  readonly draft: RecordDraft;
  readonly inflateBudget: InflateBudget;
  commit(): number;
  derive(bytes: Uint8Array): number;
  /** Keeps bytes whole. `derived`: as derive() returns it; `position`: where they lie in the file of derived bytes. */
  keep(bytes: Uint8Array): { derived: number; position: number };
}

export class PlaintextStreams implements PlaintextSink {
  readonly draft: RecordDraft;
  readonly inflateBudget: InflateBudget;
  readonly #store: PlaintextStore;
  readonly #maps: readonly [clientToServer: StreamMap, serverToClient: StreamMap];

  constructor(store: PlaintextStore, maps: readonly [clientToServer: StreamMap, serverToClient: StreamMap]) {
    this.#store = store;
    this.#maps = maps;
    this.draft = store.draft;
    this.inflateBudget = store.inflateBudget;
  }

  commit(): number {
    this.draft.layer = Layer.plaintext;
    return this.#store.commit();
  }

  derive(bytes: Uint8Array): number {
    return this.#store.derive(bytes);
  }

  keep(direction: Direction, bytes: Uint8Array): number {
    const { derived, position } = this.#store.keep(bytes);
    this.#map(direction).add(bytes.length, position);
    return derived;
  }

  skip(direction: Direction, length: number): void {
    this.#map(direction).skip(length);
  }

  #map(direction: Direction): StreamMap {
    return this.#maps[direction === Direction.serverToClient ? 1 : 0];
  }
}
