// The types of one schema as far as somebody looked at them: what is not here is asked for, many at once, and the caller
// is told when it has come. Owns no bridge: the asking comes in as a function.
import type { EnumType, MessageType } from '../../src-main/core/schema.ts';
import type { Types } from '../proto-json/value-type.ts';

export interface TypeAnswer {
  messages: MessageType[];
  enums: EnumType[];
}

interface KnownTypes {
  messages: Map<string, MessageType>;
  enums: Map<string, EnumType>;
}

/** Names of one question: the contract's bound. */
const MAX_NAMES = 100;

export class TypeCache implements Types {
  readonly #ask: (names: string[]) => Promise<TypeAnswer>;
  readonly #changed: () => void;
  readonly #known: KnownTypes = { messages: new Map(), enums: new Map() };
  readonly #before: KnownTypes | undefined;
  /** Also those that nobody knows, which are not asked for again. */
  readonly #asked = new Set<string>();
  #waiting: string[] = [];
  #loading: Promise<void> | undefined;

  /** `before`: its types count until the new ones have come, so that no form closes under somebody who types. */
  constructor(ask: (names: string[]) => Promise<TypeAnswer>, changed: () => void, before?: TypeCache) {
    this.#ask = ask;
    this.#changed = changed;
    this.#before = before ? before.#known : undefined;
  }

  /** The type, if it is here; it is on its way if not. */
  message(name: string): MessageType | undefined {
    return this.#known.messages.get(name) ?? this.#standIns(name)?.messages.get(name);
  }

  enumeration(name: string): EnumType | undefined {
    return this.#known.enums.get(name) ?? this.#standIns(name)?.enums.get(name);
  }

  /** Nothing of that name is known, and nothing is on its way. */
  isUnknown(name: string): boolean {
    return this.#asked.has(name) && !this.#known.messages.has(name) && !this.#known.enums.has(name);
  }

  /** Asks for what was not asked for; until the answer, the types from before stand in. */
  #standIns(name: string): KnownTypes | undefined {
    if (name === '' || this.#asked.has(name)) return undefined;
    if (!this.#waiting.includes(name)) this.#waiting.push(name);
    this.#loading ??= Promise.resolve().then(() => this.#load());
    return this.#before;
  }

  /** Resolves when what was asked for is here; undefined when nothing is on its way. */
  arriving(): Promise<void> | undefined {
    return this.#loading;
  }

  async #load(): Promise<void> {
    const names = this.#waiting.slice(0, MAX_NAMES);
    try {
      const { messages, enums } = await this.#ask(names);
      for (const message of messages) this.#known.messages.set(message.name, message);
      for (const enumeration of enums) this.#known.enums.set(enumeration.name, enumeration);
    } catch {
      // Who has no types works on without them; why is said where the schema is shown.
    }
    for (const name of names) this.#asked.add(name);
    this.#waiting = this.#waiting.slice(names.length);
    this.#loading = this.#waiting.length > 0 ? this.#load() : undefined;
    this.#changed();
  }
}
