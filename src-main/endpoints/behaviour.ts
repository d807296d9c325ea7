// What a server does by itself with the messages it receives: echo, broadcast, scripted answers, or nothing. Knows no
// sockets: servers of every protocol join their connections as participants. Each participant has one bounded line of
// outgoing messages, which keeps their order; whoever fills the line of another faster than it empties is not read
// from until there is room again, so nothing is dropped and memory stays bounded.
import { ContentError, composeContent, type InlineContent } from '../core/compose/content.ts';
import { compileMatch, type Matcher } from '../core/match.ts';
import { type Answer, type Content, durationMs, type SessionConfig } from '../core/session-config.ts';
import { EndpointError, type EndpointHost, type OutgoingMessage } from './endpoint.ts';

/** A connection, or a UDP peer, as a behaviour sees it. */
export interface Participant {
  /** Number of the connection in the capture. */
  readonly connection: number;
  /**
   * Sends a message; never throws. Returns undefined if there is room for more, else a promise of the room, which
   * rejects if the connection ends before.
   */
  send(message: OutgoingMessage): Promise<void> | undefined;
  /** Ends the connection politely. */
  close(code?: number, reason?: string): void;
  /** Nothing more is read from it until resume(). */
  pause(): void;
  resume(): void;
}

/** A participant's seat in a behaviour. */
export interface Membership {
  /** A message was read from the participant. Its bytes must not change any more. */
  hear(message: OutgoingMessage): void;
  /** Resolves when all that is to be sent to the participant was sent, or it has left. */
  idle(): Promise<void>;
  /** The connection is over: what was still to be sent to it is forgotten. */
  leave(): void;
}

export interface Behaviour {
  readonly kind: 'echo' | 'broadcast' | 'silent' | 'scripted';
  join(participant: Participant): Membership;
}

/** More than this waits in no line; whoever adds to it is paused until it is down to the lower mark. */
export const LINE_LIMIT_BYTES = 1024 * 1024;
const LINE_LOW_BYTES = LINE_LIMIT_BYTES / 4;
/** What an entry of a line costs beside its bytes, so that empty messages count too. */
const ENTRY_BYTES = 64;

/** Who answers what: puts messages into the lines of those who are to get them. */
type Respond = (message: OutgoingMessage, from: Line, everybody: ReadonlySet<Line>) => void;

/**
 * The behaviour of a server's config. Without one: scripted if there are answers, else silent. Reads the contents of all
 * replies now, so that a missing file or an unknown saved message is an EndpointError here.
 */
export async function createBehaviour(config: SessionConfig, host: EndpointHost): Promise<Behaviour> {
  const answers = config.server?.answers ?? [];
  const kind = config.server?.behaviour ?? (answers.length > 0 ? 'scripted' : 'silent');
  const respond = kind === 'scripted' ? scripted(await prepareRules(answers, config, host)) : RESPONSES[kind];
  const everybody = new Set<Line>();
  return {
    kind,
    join(participant) {
      const line = new Line(participant, host, everybody, respond);
      everybody.add(line);
      return line;
    },
  };
}

const RESPONSES: { readonly [kind in 'echo' | 'broadcast' | 'silent']: Respond } = {
  echo: (message, from) => from.add({ message, dueAtMs: 0 }, from),
  broadcast(message, from, everybody) {
    for (const line of everybody) if (line !== from) line.add({ message, dueAtMs: 0 }, from);
  },
  silent() {},
};

/** Makes what is sent now. */
type Reply = () => OutgoingMessage;

interface Rule {
  /** Tells what differs; absent if every message is meant. */
  when: Matcher | undefined;
  replies: readonly Reply[];
  delayMs: number;
  close: Answer['close'];
}

function scripted(rules: readonly Rule[]): Respond {
  return (message, from) => {
    const rule = rules.find(({ when }) => when?.(message.bytes) === undefined);
    if (!rule) return;
    const dueAtMs = rule.delayMs > 0 ? performance.now() + rule.delayMs : 0;
    for (const reply of rule.replies) from.add({ message: reply(), dueAtMs }, from);
    if (rule.close) from.add({ close: rule.close, dueAtMs }, from);
  };
}

function prepareRules(answers: readonly Answer[], config: SessionConfig, host: EndpointHost): Promise<Rule[]> {
  const saved = new Map(config.messages?.map(({ name, ...content }) => [name, content as Content]));
  const contentOf = (reply: string | Content): Content => {
    if (typeof reply !== 'string') return reply;
    const content = saved.get(reply);
    if (content) return content;
    throw new EndpointError({
      what: `An answer of the server replies with “${reply}”, but no saved message has that name.`,
      why: '',
      next: saved.size > 0 ? `Saved are: ${[...saved.keys()].join(', ')}.` : 'Save a message under that name.',
    });
  };
  return Promise.all(
    answers.map(async ({ when, reply = [], delay = 0, close }, index) => ({
      when: when && compileCondition(when, index + 1),
      replies: await Promise.all(reply.map((one) => prepareReply(contentOf(one), host))),
      delayMs: durationMs(delay),
      close,
    })),
  );
}

/** Text and JSON that name variables are made anew for each reply; bytes and files are read once. */
async function prepareReply(content: Content, host: EndpointHost): Promise<Reply> {
  const message = await host.content(content);
  const varying = 'text' in content || 'json' in content ? host.varying?.(content) : undefined;
  if (!varying) return () => message;
  return () => {
    try {
      return composeContent(varying.next() as InlineContent);
    } catch (error) {
      // JSON as text that a value has spoilt.
      if (!(error instanceof ContentError)) throw error;
      return message;
    }
  };
}

function compileCondition(when: NonNullable<Answer['when']>, position: number): Matcher {
  try {
    return compileMatch(when);
  } catch (error) {
    throw new EndpointError(
      {
        what: `The condition of the server’s answer ${position} cannot be used.`,
        why: error instanceof Error ? error.message : String(error),
        next: 'Change it in the settings of the server.',
      },
      { cause: error },
    );
  }
}

/** `dueAtMs`: on the clock of performance.now(); 0 is at once. */
type Entry = { dueAtMs: number } & ({ message: OutgoingMessage } | { close: NonNullable<Answer['close']> });

/** What is still to be sent to one participant. */
class Line implements Membership {
  readonly #participant: Participant;
  readonly #host: EndpointHost;
  readonly #everybody: Set<Line>;
  readonly #respond: Respond;
  #entries: Entry[] = [];
  /** Entries before this index are gone. */
  #head = 0;
  #bytes = 0;
  /** A promise or a timer will call #advance. */
  #waiting = false;
  #timer: NodeJS.Timeout | undefined;
  /** Those who are paused because of this line. */
  readonly #paused = new Set<Line>();
  /** How many lines this participant is paused for. */
  #holds = 0;
  #saidLimit = false;
  #left = false;
  #whenIdle: (() => void)[] = [];

  constructor(participant: Participant, host: EndpointHost, everybody: Set<Line>, respond: Respond) {
    this.#participant = participant;
    this.#host = host;
    this.#everybody = everybody;
    this.#respond = respond;
  }

  hear(message: OutgoingMessage): void {
    if (!this.#left) this.#respond(message, this, this.#everybody);
  }

  idle(): Promise<void> {
    if (this.#isIdle) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  leave(): void {
    if (this.#left) return;
    this.#left = true;
    this.#everybody.delete(this);
    clearTimeout(this.#timer);
    this.#entries = [];
    this.#head = 0;
    this.#bytes = 0;
    this.#release();
    this.#tellIdle();
  }

  /** Puts an entry at the end, on behalf of `from`. */
  add(entry: Entry, from: Line): void {
    if (this.#left) return;
    this.#entries.push(entry);
    this.#bytes += costOf(entry);
    if (!this.#waiting) this.#advance();
    if (this.#bytes > LINE_LIMIT_BYTES) this.#hold(from);
  }

  get #isIdle(): boolean {
    return this.#left || (!this.#waiting && this.#head === this.#entries.length);
  }

  /** Sends what is due until the connection has no room or the next entry is not due yet. */
  #advance(): void {
    while (this.#head < this.#entries.length) {
      const entry = this.#entries[this.#head]!;
      const remainingMs = entry.dueAtMs === 0 ? 0 : entry.dueAtMs - performance.now();
      if (remainingMs > 0) {
        this.#waiting = true;
        this.#timer = setTimeout(this.#goOn, remainingMs);
        return;
      }
      this.#remove(entry);
      if ('close' in entry) {
        this.#participant.close(entry.close.code, entry.close.reason);
        this.leave();
        return;
      }
      const room = this.#participant.send(entry.message);
      if (room) {
        this.#waiting = true;
        room.then(this.#goOn, () => this.leave());
        return;
      }
    }
    this.#tellIdle();
  }

  readonly #goOn = (): void => {
    this.#waiting = false;
    if (!this.#left) this.#advance();
  };

  #remove(entry: Entry): void {
    this.#bytes -= costOf(entry);
    this.#head++;
    if (this.#head === this.#entries.length) {
      this.#entries = [];
      this.#head = 0;
    } else if (this.#head >= 1024 && this.#head * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
    if (this.#bytes <= LINE_LOW_BYTES && this.#paused.size > 0) this.#release();
  }

  #hold(from: Line): void {
    if (this.#paused.has(from) || from.#left) return;
    this.#paused.add(from);
    from.#holds++;
    if (from.#holds === 1) from.#participant.pause();
    if (this.#saidLimit) return;
    this.#saidLimit = true;
    const { recorder } = this.#host;
    recorder.event(
      {
        type: 'limit',
        severity: 'info',
        text: `Connection ${this.#participant.connection} takes messages slower than they come, so its senders are read more slowly`,
        fields: { 'waiting bytes': this.#bytes, limit: LINE_LIMIT_BYTES },
      },
      recorder.now(),
    );
  }

  #release(): void {
    const paused = [...this.#paused];
    this.#paused.clear();
    for (const line of paused) {
      line.#holds--;
      if (line.#holds === 0 && !line.#left) line.#participant.resume();
    }
  }

  #tellIdle(): void {
    const resolvers = this.#whenIdle;
    if (resolvers.length === 0) return;
    this.#whenIdle = [];
    for (const resolve of resolvers) resolve();
  }
}

function costOf(entry: Entry): number {
  return ENTRY_BYTES + ('message' in entry ? entry.message.bytes.length : 0);
}
