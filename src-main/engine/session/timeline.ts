// What the interface asks of a capture's rows: a window of them, where one stands, the next that contains a text, some
// as text to copy. Each answer is bounded, and long work is cut into slices so that traffic goes on.
import type { Output, Query, Row } from '../../bridge/contract.ts';
import type { Capture, CaptureQuery, View } from '../../capture/capture.ts';
import { problem } from '../problem.ts';
import { type CopyFormat, formatRows } from './copy.ts';
import { rowOf } from './rows.ts';
import { Slices } from './slices.ts';

/** Queries an interface has open at a time: a few tabs' worth. Each holds a bit set over the capture at most. */
const MAX_VIEWS = 8;

/** Payload bytes of a record that find() looks at. */
const FIND_PAYLOAD_BYTES = 65_536;
/** After so long find() gives up: the one who waits has stopped waiting. */
const FIND_LIMIT_MS = 20_000;
/** After so long position() answers as far as is known. */
const POSITION_LIMIT_MS = 2000;

export class Timeline {
  readonly #capture: Capture;
  /** Least recently used first. */
  readonly #views = new Map<string, View>();
  #findings = 0;
  #disposed = false;

  constructor(capture: Capture) {
    this.#capture = capture;
  }

  rows(query: Query, from: number, count: number): Output['timeline.rows'] {
    const view = this.#view(query);
    const { total, scanning } = view;
    const { revision } = this.#capture;
    const rows = view.seqs(from, count).map((seq) => rowOf(this.#capture, seq));
    return { total, revision, rows, ...(scanning < 1 && { scanning }) };
  }

  /** Waits for the row of the record to be found, so that a large capture gives the same answer as a small one. */
  async position(query: Query, seq: number): Promise<Output['timeline.position']> {
    const view = this.#view(query);
    const slices = new Slices(POSITION_LIMIT_MS);
    const toFind = Math.min(seq, this.#capture.count - 1);
    while (view.scannedTo <= toFind && !slices.exhausted && !this.#disposed) await slices.pause();
    const index = view.position(seq);
    if (view.seqs(index, 1)[0] === seq) return { index, exact: true };
    const foldedInto = this.#capture.foldedInto(asked(query), seq);
    return { index, exact: false, ...(foldedInto !== undefined && { foldedInto }) };
  }

  /** The next row at or after (before, backwards) `from`, once round. A newer search ends an older one. */
  async find(query: Query, text: string, from: number, backwards: boolean): Promise<Output['timeline.find']> {
    const search = ++this.#findings;
    const needle = text.toLowerCase();
    const view = this.#view(query);
    const slices = new Slices(FIND_LIMIT_MS);
    for (const index of indexesOnceRound(view.total, from, backwards)) {
      const seq = view.seqs(index, 1)[0];
      if (seq !== undefined && this.#contains(seq, needle)) return { index, seq };
      if (slices.exhausted) throw tooLong();
      if (slices.due) await slices.pause();
      if (search !== this.#findings || this.#disposed) throw superseded();
    }
    return null;
  }

  #contains(seq: number, needle: string): boolean {
    if (this.#capture.summary(seq).toLowerCase().includes(needle)) return true;
    const payload = this.#capture.payload(seq, FIND_PAYLOAD_BYTES);
    return payload !== undefined && new TextDecoder().decode(payload.bytes).toLowerCase().includes(needle);
  }

  copy(query: Query, from: number, count: number, format: CopyFormat): Output['timeline.copy'] {
    const rows: Row[] = this.#view(query)
      .seqs(from, count)
      .map((seq) => rowOf(this.#capture, seq));
    return { text: formatRows(this.#capture, rows, format) };
  }

  dispose(): void {
    this.#disposed = true;
    for (const view of this.#views.values()) view.dispose();
    this.#views.clear();
  }

  #view(query: Query): View {
    const { level, filter, connection, unfolded } = query;
    const key = JSON.stringify([level, filter ?? '', connection ?? 0, unfolded ?? null]);
    const known = this.#views.get(key);
    this.#views.delete(key);
    const view = known ?? this.#capture.query(asked(query));
    this.#views.set(key, view);
    if (this.#views.size > MAX_VIEWS) {
      const [oldest, stale] = this.#views.entries().next().value!;
      this.#views.delete(oldest);
      stale.dispose();
    }
    return view;
  }
}

/** A query as the capture is asked. */
function asked({ level, filter, connection, unfolded }: Query): CaptureQuery {
  return {
    level,
    ...(filter && { filter }),
    ...(connection !== undefined && { connection }),
    ...(unfolded && { unfolded }),
  };
}

/** Every index of `total` rows, from `from` on and round to it. */
function* indexesOnceRound(total: number, from: number, backwards: boolean): Generator<number> {
  const first = Math.min(from, total - 1);
  for (let step = 0; step < total; step += 1) yield (backwards ? first - step + total : first + step) % total;
}

function tooLong() {
  return problem('The search took too long.', {
    why: `Nothing was found within ${FIND_LIMIT_MS / 1000} seconds.`,
    next: 'Narrow the timeline with a filter and search again.',
    code: 'FIND_LIMIT',
  });
}

function superseded() {
  return problem('The search was replaced by a newer one.', { code: 'SUPERSEDED' });
}
