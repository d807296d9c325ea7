// The types of one schema as far as somebody looked at them: what is not here is asked for, many at once, and the caller
// is told when it has come. Owns no bridge: the asking comes in as a function.
import type { EnumType, MessageType } from '../../src-main/core/schema.ts';
import type { Types } from '../proto-json/value-type.ts';

export interface TypeAnswer {
  messages: MessageType[];
  enums: EnumType[];
}

/** Names of one question: the contract's bound. */
const MAX_NAMES = 100;

export class TypeCache implements Types {
  readonly #ask: (names: string[]) => Promise<TypeAnswer>;
  readonly #changed: () => void;
  readonly #messages = new Map<string, MessageType>();
  readonly #enums = new Map<string, EnumType>();
  /** Also those that nobody knows, which are not asked for again. */
  readonly #asked = new Set<string>();
  #waiting: string[] = [];
  #loading: Promise<void> | undefined;

  constructor(ask: (names: string[]) => Promise<TypeAnswer>, changed: () => void) {
    this.#ask = ask;
    this.#changed = changed;
  }

  /** The type, if it is here; it is on its way if not. */
  message(name: string): MessageType | undefined {
    const found = this.#messages.get(name);
    if (!found) this.#want(name);
    return found;
  }

  enumeration(name: string): EnumType | undefined {
    const found = this.#enums.get(name);
    if (!found) this.#want(name);
    return found;
  }

  /** Nothing of that name is known, and nothing is on its way. */
  isUnknown(name: string): boolean {
    return this.#asked.has(name) && !this.#messages.has(name) && !this.#enums.has(name);
  }

  #want(name: string): void {
    if (name === '' || this.#asked.has(name) || this.#waiting.includes(name)) return;
    this.#waiting.push(name);
    this.#loading ??= Promise.resolve().then(() => this.#load());
  }

  /** Resolves when what was asked for is here; undefined when nothing is on its way. */
  arriving(): Promise<void> | undefined {
    return this.#loading;
  }

  async #load(): Promise<void> {
    const names = this.#waiting.slice(0, MAX_NAMES);
    try {
      const { messages, enums } = await this.#ask(names);
      for (const message of messages) this.#messages.set(message.name, message);
      for (const enumeration of enums) this.#enums.set(enumeration.name, enumeration);
    } catch {
      // Who has no types works on without them; why is said where the schema is shown.
    }
    for (const name of names) this.#asked.add(name);
    this.#waiting = this.#waiting.slice(names.length);
    this.#loading = this.#waiting.length > 0 ? this.#load() : undefined;
    this.#changed();
  }
}
