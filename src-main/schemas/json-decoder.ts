// Bytes → ProtoJSON, straight. Fields the type does not know are left out, what is there twice counts as the wire says:
// the last of values, all of messages merged.
import protobuf from 'protobufjs/minimal.js';
import { wireTypeOf } from '../core/payload/protobuf-scalar.ts';
import type { FieldKind, MessageField } from '../core/schema.ts';
import { MAX_NESTING } from './json-encoder.ts';
import { defaultJson, type Reader, readScalar } from './json-scalar.ts';
import { WELL_KNOWN_READERS } from './json-well-known.ts';
import type { FieldPlan, MessagePlan, Plans } from './message-plan.ts';
import { type JsonObject, setKey } from './misfit.ts';

const END_GROUP = 4;

export class JsonDecoder {
  readonly plans: Plans;

  constructor(plans: Plans) {
    this.plans = plans;
  }

  /** @throws Error for bytes that are no message */
  decode(plan: MessagePlan, bytes: Uint8Array): unknown {
    return this.message(plan, new protobuf.Reader(bytes), bytes.length, 0);
  }

  /** Whether the type's JSON is not that of its fields. */
  isWellKnown(plan: MessagePlan): boolean {
    return WELL_KNOWN_READERS.has(plan.type.name);
  }

  /** Reads a message that ends at `end`. @param before what was read of the same message earlier */
  message(plan: MessagePlan, reader: Reader, end: number, depth: number, before?: unknown): unknown {
    if (depth > MAX_NESTING) throw new Error(`they are nested deeper than ${MAX_NESTING} messages`);
    const readWellKnown = WELL_KNOWN_READERS.get(plan.type.name);
    if (readWellKnown) return readWellKnown(this, reader, end, depth);
    const json = before instanceof Object ? (before as JsonObject) : {};
    this.#fields(plan, json, reader, end, depth);
    return json;
  }

  /** Reads fields up to `end`, or to the end of group `group`. */
  #fields(plan: MessagePlan, json: JsonObject, reader: Reader, end: number, depth: number, group?: number): void {
    while (reader.pos < end) {
      const tag = reader.tag();
      const wireType = tag & 7;
      if (wireType === END_GROUP && tag >>> 3 === group) return;
      const field = plan.byNumber.get(tag >>> 3);
      if (field && (tag === field.tag || (tag === field.packedTag && isPackable(field.field)))) {
        this.#field(field, json, tag, reader, end, depth);
      } else reader.skipType(wireType, depth, tag >>> 3);
      if (reader.pos > end) throw new Error('a field goes on past the end of its message');
    }
    if (group !== undefined) throw new Error('a group does not end');
  }

  #field(plan: FieldPlan, json: JsonObject, tag: number, reader: Reader, end: number, depth: number): void {
    const { field, key, rivals } = plan;
    for (const rival of rivals) if (rival !== plan) delete json[rival.key];
    if (field.mapKey) {
      this.#entry(
        plan,
        field.mapKey,
        listed(json, key, () => ({})),
        reader,
        depth,
      );
    } else if (field.repeated) {
      const list = listed<unknown[]>(json, key, () => []);
      if (tag !== plan.tag) this.#packed(field, list, reader);
      else list.push(this.#value(field, reader, end, depth));
    } else {
      const value = this.#value(field, reader, end, depth, field.kind === 'message' ? own(json, key) : undefined);
      if (field.presence || !this.#isDefault(field, value)) setKey(json, key, value);
      else delete json[key];
    }
  }

  #packed(field: MessageField, list: unknown[], reader: Reader): void {
    const end = endOfNext(reader);
    while (reader.pos < end) list.push(this.#scalar(field, reader));
    if (reader.pos > end) throw new Error('packed numbers go on past their end');
  }

  #entry({ field }: FieldPlan, keyKind: FieldKind, entries: JsonObject, reader: Reader, depth: number): void {
    const end = endOfNext(reader);
    let key = String(defaultJson(keyKind));
    let value: unknown;
    while (reader.pos < end) {
      const tag = reader.tag();
      if (tag === 8 + wireTypeOf(keyKind)) key = String(readScalar(keyKind, reader));
      else if (tag === 16 + wireTypeOf(field.kind)) value = this.#value(field, reader, end, depth + 1);
      else reader.skipType(tag & 7, depth, tag >>> 3);
    }
    if (reader.pos > end) throw new Error('a map entry goes on past its end');
    setKey(entries, key, value ?? this.#absent(field, depth));
  }

  /** What an entry without a value has. */
  #absent(field: MessageField, depth: number): unknown {
    if (field.kind === 'enum') return this.#enumName(field, 0);
    if (field.kind !== 'message') return defaultJson(field.kind);
    const plan = this.plans.message(field.type ?? '');
    return plan ? this.message(plan, new protobuf.Reader(new Uint8Array(0)), 0, depth + 1) : {};
  }

  #value(field: MessageField, reader: Reader, end: number, depth: number, before?: unknown): unknown {
    if (field.kind === 'message') {
      const stop = endOfNext(reader);
      const plan = this.plans.message(field.type ?? '');
      if (!plan) {
        reader.pos = stop;
        return {};
      }
      return this.message(plan, reader, stop, depth + 1, before);
    }
    if (field.kind !== 'group') return this.#scalar(field, reader);
    const plan = this.plans.message(field.type ?? '');
    if (!plan) throw new Error(`the type ${field.type} is not in the schema`);
    if (depth >= MAX_NESTING) throw new Error(`they are nested deeper than ${MAX_NESTING} messages`);
    const json: JsonObject = {};
    this.#fields(plan, json, reader, end, depth + 1, field.number);
    return json;
  }

  #scalar(field: MessageField, reader: Reader): unknown {
    const value = readScalar(field.kind, reader);
    return field.kind === 'enum' ? this.#enumName(field, value as number) : value;
  }

  #enumName({ type = '' }: MessageField, number: number): unknown {
    if (type === 'google.protobuf.NullValue') return null;
    return this.plans.enumeration(type)?.names.get(number) ?? number;
  }

  #isDefault({ kind, type = '' }: MessageField, value: unknown): boolean {
    if (kind !== 'enum') return value === defaultJson(kind) && !Object.is(value, -0);
    return value === null || value === 0 || value === this.plans.enumeration(type)?.names.get(0);
  }
}

/** Reads a length and returns where what it measures ends. */
function endOfNext(reader: Reader): number {
  const length = reader.uint32();
  const end = reader.pos + length;
  if (end > reader.len) throw new Error(`a field of ${length} bytes has only ${reader.len - reader.pos}`);
  return end;
}

function isPackable({ repeated, kind }: MessageField): boolean {
  return repeated && wireTypeOf(kind) !== 2 && kind !== 'group';
}

function own(json: JsonObject, key: string): unknown {
  return Object.hasOwn(json, key) ? json[key] : undefined;
}

/** The list or map under `key`, made if it is the first. */
function listed<List>(json: JsonObject, key: string, make: () => List): List {
  const there = own(json, key);
  if (there !== undefined) return there as List;
  const list = make();
  setKey(json, key, list);
  return list;
}
