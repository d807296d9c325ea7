// What was loaded, from all sources together, behind the contract that the rest of the engine knows.
import type { EnumType, MessageType, SchemaProblem, ServiceType, TypeRegistry } from '../core/schema.ts';
import { bundledTypes } from './bundled-types.ts';
import { descriptorFiles } from './descriptor-files.ts';
import { exampleOf } from './example.ts';
import { JsonDecoder } from './json-decoder.ts';
import { JsonEncoder } from './json-encoder.ts';
import { type LoadedSchema, SchemaError, type SchemaSource } from './loaded-schema.ts';
import { type MessagePlan, Plans } from './message-plan.ts';
import { schemaError } from './misfit.ts';
import type { SourcedFile, Types } from './types.ts';

export interface Loaded {
  types: Types;
  files: readonly SourcedFile[];
  problems: readonly SchemaProblem[];
  sources: readonly SchemaSource[];
  paths: readonly string[];
}

export class MergedSchema implements LoadedSchema {
  readonly types: TypeRegistry;
  readonly services: readonly ServiceType[];
  readonly problems: readonly SchemaProblem[];
  readonly sources: readonly SchemaSource[];
  readonly files: readonly string[];
  readonly #loaded: Loaded;
  readonly #encoder: JsonEncoder;
  readonly #decoder: JsonDecoder;
  #names: readonly string[] | undefined;
  #descriptors: readonly { file: string; bytes: Uint8Array }[] | undefined;

  constructor(loaded: Loaded) {
    this.#loaded = loaded;
    this.types = loaded.types;
    this.services = [...loaded.types.services.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    this.problems = loaded.problems;
    this.sources = loaded.sources;
    this.files = loaded.paths;
    const plans = new Plans(loaded.types);
    this.#encoder = new JsonEncoder(plans);
    this.#decoder = new JsonDecoder(plans);
  }

  encode(type: string, json: unknown): Uint8Array {
    const plan = this.#plan(type);
    try {
      return this.#encoder.encode(plan, json);
    } catch (thrown) {
      throw schemaError(thrown, (reason) => `${type} cannot be encoded: ${reason}.`);
    }
  }

  decode(type: string, bytes: Uint8Array): unknown {
    const plan = this.#plan(type);
    try {
      return this.#decoder.decode(plan, bytes);
    } catch (thrown) {
      throw schemaError(thrown, (reason) => `These bytes are no ${type}: ${reason}.`);
    }
  }

  example(type: string): unknown {
    return exampleOf(this.#plan(type).type, this.types);
  }

  closure(names: readonly string[], limit: number): { messages: MessageType[]; enums: EnumType[]; truncated: boolean } {
    const messages: MessageType[] = [];
    const enums: EnumType[] = [];
    // In the order they are found, breadth first: what is cut off is what is far away. A set may grow while it is walked.
    const wanted = new Set(names);
    for (const name of wanted) {
      const message = this.types.message(name);
      const enumeration = message ? undefined : this.types.enumeration(name);
      if (!message && !enumeration) continue;
      if (messages.length + enums.length >= limit) return { messages, enums, truncated: true };
      if (enumeration) enums.push(enumeration);
      if (message) messages.push(message);
      for (const { type } of message?.fields ?? []) if (type !== undefined) wanted.add(type);
    }
    return { messages, enums, truncated: false };
  }

  search(text: string): readonly string[] {
    this.#names ??= this.#allNames();
    const wanted = text.toLowerCase();
    return this.#names.filter((name) => name.toLowerCase().includes(wanted));
  }

  descriptors(): readonly { file: string; bytes: Uint8Array }[] {
    const { files, types } = this.#loaded;
    this.#descriptors ??= descriptorFiles(files, types.owners);
    return this.#descriptors;
  }

  #plan(type: string): MessagePlan {
    const plan = this.#encoder.plans.message(type);
    if (!plan) throw new SchemaError(`There is no message type ${type} in the schema.`);
    return plan;
  }

  /** Those that were loaded, and those that details of a status or an Any are often made of. */
  #allNames(): string[] {
    const useful = [...bundledTypes().types.messages.keys()].filter((name) => USEFUL.test(name));
    return [...new Set([...this.#loaded.types.messages.keys(), ...useful])].sort();
  }
}

const USEFUL = /^google\.(?:rpc\.|protobuf\.(?:\w+Value|Any|Duration|Empty|FieldMask|Struct|Timestamp)$)/;
