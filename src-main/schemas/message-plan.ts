// Message types made ready for encoding and decoding: fields by number and by every name they have in JSON, tags, and the
// types of fields, looked up once.
import { wireTypeOf } from '../core/payload/protobuf-scalar.ts';
import type { EnumType, MessageField, MessageType, TypeRegistry } from '../core/schema.ts';

export interface FieldPlan {
  readonly field: MessageField;
  /** Its name in JSON: `userName`, or `[pkg.extension]`. */
  readonly key: string;
  /** Number and wire type as the wire has them, of one value. */
  readonly tag: number;
  /** The same of a packed field. */
  readonly packedTag: number;
  /** All fields of its oneof, itself too; empty if it is in none. */
  readonly rivals: readonly FieldPlan[];
}

export interface MessagePlan {
  readonly type: MessageType;
  readonly byKey: ReadonlyMap<string, FieldPlan>;
  readonly byNumber: ReadonlyMap<number, FieldPlan>;
  readonly required: readonly FieldPlan[];
}

export interface EnumPlan {
  readonly numbers: ReadonlyMap<string, number>;
  /** Of names for one number, the first. */
  readonly names: ReadonlyMap<number, string>;
}

const LENGTH_DELIMITED = 2;

/** Plans of the types of one registry. */
export class Plans {
  readonly #registry: TypeRegistry;
  readonly #messages = new Map<string, MessagePlan>();
  readonly #enums = new Map<string, EnumPlan>();

  constructor(registry: TypeRegistry) {
    this.#registry = registry;
  }

  message(name: string): MessagePlan | undefined {
    const known = this.#messages.get(name);
    if (known) return known;
    const type = this.#registry.message(name);
    if (!type) return undefined;
    const plan = messagePlan(type);
    this.#messages.set(name, plan);
    return plan;
  }

  enumeration(name: string): EnumPlan | undefined {
    const known = this.#enums.get(name);
    if (known) return known;
    const type = this.#registry.enumeration(name);
    if (!type) return undefined;
    const plan = enumPlan(type);
    this.#enums.set(name, plan);
    return plan;
  }
}

function messagePlan(type: MessageType): MessagePlan {
  const fields = type.fields.map(fieldPlan);
  const byKey = new Map<string, FieldPlan>();
  // JSON names first: of two fields that share a name, it is the one whose own it is.
  for (const plan of fields) if (!byKey.has(plan.key)) byKey.set(plan.key, plan);
  for (const plan of fields) if (!plan.field.extension && !byKey.has(plan.field.name)) byKey.set(plan.field.name, plan);
  const oneofs = new Map<string, FieldPlan[]>();
  for (const plan of fields) {
    const { oneof } = plan.field;
    if (oneof === undefined) continue;
    plan.rivals = oneofs.get(oneof) ?? [];
    plan.rivals.push(plan);
    oneofs.set(oneof, plan.rivals);
  }
  const byNumber = new Map(fields.map((plan) => [plan.field.number, plan]));
  return { type, byKey, byNumber, required: fields.filter(({ field }) => field.required) };
}

function fieldPlan(field: MessageField): FieldPlan & { rivals: FieldPlan[] } {
  const packedTag = field.number * 8 + LENGTH_DELIMITED;
  const tag = field.mapKey ? packedTag : field.number * 8 + wireTypeOf(field.kind);
  return { field, key: field.extension ?? field.jsonName, tag, packedTag, rivals: [] };
}

function enumPlan({ values }: EnumType): EnumPlan {
  const numbers = new Map<string, number>();
  const names = new Map<number, string>();
  for (const { name, number } of values) {
    if (!numbers.has(name)) numbers.set(name, number);
    if (!names.has(number)) names.set(number, name);
  }
  return { numbers, names };
}
