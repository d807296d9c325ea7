// ProtoJSON → bytes, straight: no object in between. Fields are written by number, so the same value always gives the
// same bytes (maps in the order of their keys in the JSON).
import protobuf from 'protobufjs/minimal.js';
import { wireTypeOf } from '../core/payload/protobuf-scalar.ts';
import type { FieldKind, MessageField } from '../core/schema.ts';
import { integer32, isDefault, keyOf, type Writer, writeScalar } from './json-scalar.ts';
import { WELL_KNOWN_WRITERS } from './json-well-known.ts';
import type { EnumPlan, FieldPlan, MessagePlan, Plans } from './message-plan.ts';
import { type JsonObject, Misfit, objectOf, shown, within } from './misfit.ts';

/** Messages inside messages; what is deeper no decoder would read. */
export const MAX_NESTING = 100;

export class JsonEncoder {
  readonly plans: Plans;

  constructor(plans: Plans) {
    this.plans = plans;
  }

  /** @throws Misfit for a value that is no message of this type */
  encode(plan: MessagePlan, json: unknown): Uint8Array {
    const writer = new protobuf.Writer();
    this.message(plan, json, writer, 0);
    // A copy of its own: the writer's buffer is a piece of a shared one.
    return writer.finish(true).slice();
  }

  /** Whether the type's JSON is not that of its fields. */
  isWellKnown(plan: MessagePlan): boolean {
    return WELL_KNOWN_WRITERS.has(plan.type.name);
  }

  /** Writes a message's fields. */
  message(plan: MessagePlan, json: unknown, writer: Writer, depth: number): void {
    if (depth > MAX_NESTING) throw new Misfit(`nested deeper than ${MAX_NESTING} messages`);
    const { name } = plan.type;
    const writeWellKnown = WELL_KNOWN_WRITERS.get(name);
    if (writeWellKnown) writeWellKnown(this, json, writer, depth);
    else this.fields(plan, objectOf(json, `an object (${name})`), writer, depth);
  }

  /** Writes what stands under the keys of an object. */
  fields(plan: MessagePlan, json: JsonObject, writer: Writer, depth: number): void {
    const given = new Map<FieldPlan, Given>();
    for (const key of Object.keys(json)) {
      const plannedField = plan.byKey.get(key);
      if (!plannedField) throw new Misfit(`${plan.type.name} has no field ${shown(key)}`).within(key);
      const value = json[key];
      if (value === undefined || (value === null && !takesNull(plannedField.field))) continue;
      onlyOnce(plannedField, key, given);
      given.set(plannedField, { key, value, plan: plannedField });
    }
    for (const required of plan.required) {
      if (!given.has(required)) throw new Misfit('is required').within(required.key);
    }
    for (const { key, value, plan: plannedField } of byNumber(given)) {
      try {
        this.#field(plannedField, value, writer, depth);
      } catch (thrown) {
        throw within(thrown, key);
      }
    }
  }

  #field(plan: FieldPlan, value: unknown, writer: Writer, depth: number): void {
    const { field } = plan;
    if (field.mapKey) this.#map(plan, field.mapKey, value, writer, depth);
    else if (field.repeated) this.#repeated(plan, value, writer, depth);
    else if (field.presence || !this.#isDefault(field, value)) {
      writer.uint32(plan.tag);
      this.#value(field, value, writer, depth);
    }
  }

  #repeated({ field, tag, packedTag }: FieldPlan, value: unknown, writer: Writer, depth: number): void {
    if (!Array.isArray(value)) throw new Misfit(`expected an array, not ${shown(value)}`);
    if (value.length === 0) return;
    if (field.packed) writer.uint32(packedTag).fork();
    let index = 0;
    try {
      for (; index < value.length; index++) {
        if (!field.packed) writer.uint32(tag);
        this.#value(field, value[index], writer, depth);
      }
    } catch (thrown) {
      throw within(thrown, `[${index}]`);
    }
    if (field.packed) writer.ldelim();
  }

  /** Each entry is a message of key 1 and value 2. */
  #map({ field, tag }: FieldPlan, keyKind: FieldKind, value: unknown, writer: Writer, depth: number): void {
    const entries = objectOf(value, 'an object (map)');
    const valueTag = tagOf(2, field.kind);
    for (const key of Object.keys(entries)) {
      try {
        writer.uint32(tag).fork().uint32(tagOf(1, keyKind));
        writeScalar(keyKind, keyOf(keyKind, key), writer);
        writer.uint32(valueTag);
        this.#value(field, entries[key], writer, depth + 1);
        writer.ldelim();
      } catch (thrown) {
        throw within(thrown, `[${JSON.stringify(key)}]`);
      }
    }
  }

  /** One value without its tag. */
  #value(field: MessageField, value: unknown, writer: Writer, depth: number): void {
    switch (field.kind) {
      case 'message':
        writer.fork();
        this.message(this.planOf(field.type), value, writer, depth + 1);
        writer.ldelim();
        break;
      case 'group':
        this.message(this.planOf(field.type), value, writer, depth + 1);
        writer.uint32(field.number * 8 + END_GROUP);
        break;
      case 'enum':
        writer.int32(enumNumber(this.plans.enumeration(field.type ?? ''), field.type, value));
        break;
      default:
        writeScalar(field.kind, value, writer);
    }
  }

  /** @throws Misfit if the schema lacks the type */
  planOf(type = ''): MessagePlan {
    const plan = this.plans.message(type);
    if (!plan) throw new Misfit(`the type ${type} is not in the schema`);
    return plan;
  }

  #isDefault({ kind, type }: MessageField, value: unknown): boolean {
    if (kind !== 'enum') return isDefault(kind, value);
    return value === 0 || value === null || (typeof value === 'string' && this.#isZero(type, value));
  }

  #isZero(type: string | undefined, name: string): boolean {
    return this.plans.enumeration(type ?? '')?.numbers.get(name) === 0;
  }
}

const END_GROUP = 4;

/** A field of a message that is there, and the key it stands under. */
interface Given {
  key: string;
  value: unknown;
  plan: FieldPlan;
}

function byNumber(given: ReadonlyMap<FieldPlan, Given>): Given[] {
  return [...given.values()].sort((a, b) => a.plan.field.number - b.plan.field.number);
}

/** @throws Misfit if the field, or another of its oneof, is there already */
function onlyOnce(plan: FieldPlan, key: string, given: ReadonlyMap<FieldPlan, Given>): void {
  const same = given.get(plan);
  if (same) throw new Misfit(`is given twice, also as ${shown(same.key)}`).within(key);
  for (const rival of plan.rivals) {
    const other = given.get(rival);
    if (other) throw new Misfit(`excludes ${other.key}: only one of oneof ${plan.field.oneof} can be set`).within(key);
  }
}

function enumNumber(plan: EnumPlan | undefined, type: string | undefined, value: unknown): number {
  if (typeof value === 'number') return integer32(value, 'int32');
  if (value === null && type === NULL_VALUE) return 0;
  const number = typeof value === 'string' ? plan?.numbers.get(value) : undefined;
  if (number !== undefined) return number;
  const names = plan ? [...plan.numbers.keys()].slice(0, MAX_NAMES).join(', ') : 'unknown';
  const more = plan && plan.numbers.size > MAX_NAMES ? ', …' : '';
  throw new Misfit(`expected a value of ${type} (${names}${more}), not ${shown(value)}`);
}

/** Names of an enum that an error lists. */
const MAX_NAMES = 12;
const NULL_VALUE = 'google.protobuf.NullValue';

/** Whether JSON's null is a value of the field and not its absence. */
function takesNull({ type, repeated, mapKey }: MessageField): boolean {
  return !repeated && !mapKey && (type === 'google.protobuf.Value' || type === NULL_VALUE);
}

/** Tag of a field of an entry. */
function tagOf(number: number, kind: FieldKind): number {
  return number * 8 + wireTypeOf(kind);
}
