// Encryption by the system's key store, which only the process that owns the windows can reach: the engine asks it by
// message. Both ends check what they are told and hold no values.
import { z } from 'zod';

/** Encrypts with a key that the system keeps. */
export interface SecretCipher {
  /** undefined: there is a key store. Else why there is none, for a person. */
  missing(): Promise<string | undefined>;
  /** Rejects if the system refuses. */
  encrypt(text: string): Promise<Uint8Array>;
  /** Rejects for bytes that no encrypt() of this user on this machine made. */
  decrypt(bytes: Uint8Array): Promise<string>;
}

const MAX_SECRET_CHARS = 65_536;
const MAX_SEALED_BYTES = 4 * MAX_SECRET_CHARS + 1024;

const id = z.number().int().nonnegative();
const text = z.string().max(MAX_SECRET_CHARS);
const sealed = z.instanceof(Uint8Array<ArrayBufferLike>).refine(({ length }) => length <= MAX_SEALED_BYTES);

const questionSchema = z.discriminatedUnion('ask', [
  z.strictObject({ type: z.literal('cipher'), id, ask: z.literal('missing') }),
  z.strictObject({ type: z.literal('cipher'), id, ask: z.literal('encrypt'), text }),
  z.strictObject({ type: z.literal('cipher'), id, ask: z.literal('decrypt'), bytes: sealed }),
]);
const answerSchema = z.union([
  z.strictObject({ type: z.literal('cipher'), id, missing: z.string().max(1000).optional() }),
  z.strictObject({ type: z.literal('cipher'), id, bytes: sealed }),
  z.strictObject({ type: z.literal('cipher'), id, text }),
  z.strictObject({ type: z.literal('cipher'), id, refused: z.literal(true) }),
]);
type Answer = z.infer<typeof answerSchema>;
type Question = z.infer<typeof questionSchema>;
type Asked = Question extends infer Each ? (Each extends Question ? Omit<Each, 'type' | 'id'> : never) : never;

/** Answers a question about secrets; does nothing with any other message. Never rejects, and never says why it refused. */
export async function answerCipher(
  message: unknown,
  cipher: SecretCipher,
  reply: (answer: unknown) => void,
): Promise<void> {
  const question = questionSchema.safeParse(message);
  if (!question.success) return;
  reply({ type: 'cipher', id: question.data.id, ...(await answerTo(question.data, cipher)) });
}

async function answerTo(question: Question, cipher: SecretCipher) {
  try {
    if (question.ask === 'encrypt') return { bytes: await cipher.encrypt(question.text) };
    if (question.ask === 'decrypt') return { text: await cipher.decrypt(question.bytes) };
    const missing = await cipher.missing();
    return missing === undefined ? {} : { missing };
  } catch {
    // The system's own words may quote what it was given.
    return { refused: true as const };
  }
}

/** The cipher at the other end of a line of messages. */
export class RemoteCipher implements SecretCipher {
  readonly #send: (question: unknown) => void;
  readonly #waiting = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>();
  #next = 0;

  constructor(send: (question: unknown) => void) {
    this.#send = send;
  }

  /** Takes a message of the other end; what is no answer to a question is left alone. */
  hear(message: unknown): void {
    const answer = answerSchema.safeParse(message);
    if (!answer.success) return;
    const { id: asked } = answer.data;
    const waiting = this.#waiting.get(asked);
    this.#waiting.delete(asked);
    if ('refused' in answer.data) waiting?.reject(new Error('The key store of the system refused.'));
    else waiting?.resolve(answer.data);
  }

  async missing(): Promise<string | undefined> {
    const answer = await this.#ask({ ask: 'missing' });
    return 'missing' in answer ? answer.missing : undefined;
  }

  async encrypt(plain: string): Promise<Uint8Array> {
    const answer = await this.#ask({ ask: 'encrypt', text: plain });
    if ('bytes' in answer) return answer.bytes;
    throw strange();
  }

  async decrypt(bytes: Uint8Array): Promise<string> {
    const answer = await this.#ask({ ask: 'decrypt', bytes });
    if ('text' in answer) return answer.text;
    throw strange();
  }

  #ask(question: Asked): Promise<Answer> {
    this.#next += 1;
    const number = this.#next;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      this.#send({ type: 'cipher', id: number, ...question });
    });
  }
}

function strange(): Error {
  return new Error('The key store of the system gave an answer to another question.');
}
