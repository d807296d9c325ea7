// What scripted answers are made of, as bytes: saved messages and contents by the method's type, and statuses with their
// details. Every mistake becomes an EndpointError that names the place.
import { ContentError } from '../../core/compose/content-error.ts';
import { isJsonContent, type JsonContent, jsonValue } from '../../core/compose/json-text.ts';
import type {
  Content,
  GrpcAnswer,
  GrpcReply,
  GrpcStatusConfig,
  MetadataConfig,
  SessionConfig,
} from '../../core/session-config.ts';
import { type LoadedSchema, SchemaError } from '../../schemas/loaded-schema.ts';
import { EndpointError, type EndpointHost } from '../endpoint.ts';
import { configuredStatus } from './mock-status.ts';
import type { CallStatus } from './status.ts';

/** Whether a reply is no message, but a wait before the next. */
export function isWait(reply: GrpcReply): reply is Extract<GrpcReply, { wait: unknown }> {
  return typeof reply === 'object' && 'wait' in reply;
}

export class MockContents {
  readonly schema: LoadedSchema;
  readonly #host: EndpointHost;
  readonly #saved: ReadonlyMap<string, Content>;
  /** Bytes of those that no type is needed for. */
  readonly #raw = new Map<Content, Uint8Array>();

  constructor(config: SessionConfig, host: EndpointHost, schema: LoadedSchema) {
    this.schema = schema;
    this.#host = host;
    this.#saved = new Map(config.messages?.map(({ name, ...content }) => [name, content as Content]));
  }

  /** Reads what these answers need of files. Rejects with an EndpointError; so for a name that is not saved. */
  async read(answers: readonly GrpcAnswer[]): Promise<void> {
    for (const reply of answers.flatMap((answer) => answer.reply ?? [])) {
      if (isWait(reply)) continue;
      const content = this.#contentOf(reply);
      if (isJsonContent(content) || this.#raw.has(content)) continue;
      this.#raw.set(content, (await this.#host.content(content)).bytes);
    }
  }

  /**
   * What makes the message of `type` that a reply is, each time anew if it names variables; `where` begins the sentence if
   * it is none. Of what was read() before.
   */
  message(reply: string | Content, type: string, where: string): () => Uint8Array {
    const content = this.#contentOf(reply);
    const varying = this.#host.varying?.(content);
    const encode = (json: Content) =>
      this.#encoded(where, type, () => this.schema.encode(type, jsonValue(json as JsonContent)));
    const raw = this.#raw.get(content);
    const bytes = raw ?? encode(varying?.sample ?? content);
    return raw || !varying ? () => bytes : () => encode(varying.next());
  }

  status(config: GrpcStatusConfig, trailers: MetadataConfig | undefined, where: string): CallStatus {
    return this.#encoded(where, 'the types of its details', () => configuredStatus(config, trailers, this.schema));
  }

  #encoded<Result>(where: string, type: string, encode: () => Result): Result {
    try {
      return encode();
    } catch (error) {
      if (!(error instanceof SchemaError) && !(error instanceof ContentError)) throw error;
      throw new EndpointError(
        {
          what: `${where} does not fit ${type}.`,
          why: error.message,
          next: 'Change it in the settings of the server.',
        },
        { cause: error },
      );
    }
  }

  #contentOf(reply: string | Content): Content {
    if (typeof reply !== 'string') return reply;
    const content = this.#saved.get(reply);
    if (content) return content;
    throw new EndpointError({
      what: `An answer of the server replies with “${reply}”, but no saved message has that name.`,
      why: '',
      next:
        this.#saved.size > 0 ? `Saved are: ${[...this.#saved.keys()].join(', ')}.` : 'Save a message under that name.',
    });
  }
}
