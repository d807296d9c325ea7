// What a typed decode asks of a message type: its fields by number, the entries of its maps, and what it has had of them.
import type { MessageField, MessageType } from '../schema.ts';

const fieldsByNumber = new WeakMap<MessageType, Map<number, MessageField>>();

/** The field of this number; undefined where the type, or such a field of it, is not known. */
export function fieldOf(type: MessageType | undefined, number: number): MessageField | undefined {
  if (!type) return undefined;
  let fields = fieldsByNumber.get(type);
  if (!fields) {
    fields = new Map(type.fields.map((field) => [field.number, field]));
    fieldsByNumber.set(type, fields);
  }
  return fields.get(number);
}

const entryTypes = new WeakMap<MessageField, MessageType>();

/** The message that an entry of a map travels as: key 1 and value 2. */
export function entryType(map: MessageField): MessageType {
  let type = entryTypes.get(map);
  if (!type) {
    const plain = { repeated: false, packed: false, required: false, presence: true, comment: '', deprecated: false };
    const key: MessageField = { ...plain, name: 'key', jsonName: 'key', number: 1, kind: map.mapKey ?? 'string' };
    const value: MessageField = { ...plain, name: 'value', jsonName: 'value', number: 2, kind: map.kind };
    if (map.type !== undefined) value.type = map.type;
    type = { name: '', fields: [key, value], oneofs: [], comment: '' };
    entryTypes.set(map, type);
  }
  return type;
}

/** Which fields one message has had so far: numbers the elements, and sees what is there twice or not at all. */
export class Occurrences {
  readonly #counts = new Map<number, number>();
  readonly #chosen = new Map<string, MessageField>();
  readonly #remark: (text: string, at: number) => void;

  constructor(remark: (text: string, at: number) => void) {
    this.#remark = remark;
  }

  /** Counts one more of a field, which begins at `at`, and returns its label. */
  label(field: MessageField, at: number): string {
    const count = this.#counts.get(field.number) ?? 0;
    this.#counts.set(field.number, count + 1);
    const name = field.extension ?? field.name;
    if (field.repeated) return `${name}[${count}]`;
    if (count === 1) this.#remark(`${name} is there more than once: the last counts.`, at);
    if (field.oneof !== undefined) this.#choose(field.oneof, field, at);
    return name;
  }

  /** Remarks what had to be there and is not; the message begins at `at`. */
  missing(type: MessageType | undefined, at: number): void {
    for (const { required, name, number } of type?.fields ?? []) {
      if (required && !this.#counts.has(number)) this.#remark(`${name} is required and missing.`, at);
    }
  }

  #choose(oneof: string, field: MessageField, at: number): void {
    const other = this.#chosen.get(oneof);
    if (other && other !== field) {
      this.#remark(`${other.name} and ${field.name} exclude each other (oneof ${oneof}): the last counts.`, at);
    }
    this.#chosen.set(oneof, field);
  }
}
