// What a filter looks at: a record whose numbers are at hand, and whose bytes and fields are made only if asked for.
import type { Detail } from '../field.ts';
import type { Payload, Protocol, RecordView } from '../protocol.ts';
import type { TimelineRecord } from '../record.ts';

export interface FilterSubject {
  readonly record: TimelineRecord;
  readonly protocol: Protocol;
  detail(): Detail;
  summary(): string;
  payload(): Payload | undefined;
}

/** Bytes of a record that a filter sees. */
const MAX_FILTERED_BYTES = 1_048_576;

/** A subject that is made from a view. One object serves a whole scan: `set` moves it to the next record. */
export class ViewSubject implements FilterSubject {
  record!: TimelineRecord;
  protocol!: Protocol;
  #view!: RecordView;
  #detail: Detail | undefined;

  set(view: RecordView, protocol: Protocol): this {
    this.record = view.record;
    this.protocol = protocol;
    this.#view = view;
    this.#detail = undefined;
    return this;
  }

  detail(): Detail {
    this.#detail ??= this.protocol.detail(this.#view, MAX_FILTERED_BYTES);
    return this.#detail;
  }

  summary(): string {
    return this.protocol.summary(this.#view);
  }

  payload(): Payload | undefined {
    return this.protocol.payload(this.#view, MAX_FILTERED_BYTES);
  }
}
