// A scripted method: rules that answer at the start of a call, to its messages, and at their end.
import { status } from '@grpc/grpc-js';
import { compileMatch, type Matcher } from '../../core/match.ts';
import type { ServiceMethod } from '../../core/schema.ts';
import { type Content, durationMs, type GrpcAnswer, type Match } from '../../core/session-config.ts';
import type { LoadedSchema } from '../../schemas/loaded-schema.ts';
import { EndpointError } from '../endpoint.ts';
import type { Respond } from './mock-behaviours.ts';
import { isWait, type MockContents } from './mock-contents.ts';
import { plainStatus } from './mock-status.ts';
import type { AnswerableCall, Answerer } from './server-answer.ts';
import type { CallStatus } from './status.ts';

type Occasion = NonNullable<GrpcAnswer['on']>;

interface Rule {
  on: Occasion;
  /** Absent: always. */
  fits: ((request: Request) => boolean) | undefined;
  /** In order: how long is waited, and what makes the message that is sent then. */
  steps: readonly ({ waitMs: number } | { make: () => Uint8Array })[];
  /** There is a message among them. */
  replies: boolean;
  /** Ends the call after the replies. */
  status: CallStatus | undefined;
}

const OK = plainStatus(status.OK);

/**
 * The first rule that fits answers: at the start, to each message, at the end (where `when` looks at the last message).
 * A call that no rule ends gets OK when the client has sent all; without server streaming, OK with its one answer.
 * The contents must have been read.
 * @throws EndpointError for an answer that does not fit the method
 */
export function scripted(method: ServiceMethod, answers: readonly GrpcAnswer[], contents: MockContents): Respond {
  const rules = answers.map((answer, i) => ruleOf(answer, `Answer ${i + 1} of ${method.path}`, method, contents));
  return (call) => new Script(call, method, rules, contents.schema);
}

class Script implements Answerer {
  readonly #call: AnswerableCall;
  readonly #method: ServiceMethod;
  readonly #rules: readonly Rule[];
  readonly #schema: LoadedSchema;
  #last: Request | undefined;
  #finished = false;

  constructor(call: AnswerableCall, method: ServiceMethod, rules: readonly Rule[], schema: LoadedSchema) {
    this.#call = call;
    this.#method = method;
    this.#rules = rules;
    this.#schema = schema;
    this.#answer('start');
  }

  heard(message: Uint8Array): void {
    this.#last = new Request(message, this.#method.input, this.#schema);
    this.#answer('message');
  }

  ended(): void {
    this.#answer('end');
    if (this.#method.serverStreaming) this.#finish(OK);
    else this.#finish(plainStatus(status.UNIMPLEMENTED, `No scripted answer of ${this.#method.path} fits.`));
  }

  #answer(occasion: Occasion): void {
    if (this.#finished) return;
    const rule = this.#rules.find(({ on, fits }) => on === occasion && (!fits || (this.#last && fits(this.#last))));
    if (!rule) return;
    for (const step of rule.steps) {
      try {
        if ('waitMs' in step) this.#call.wait(step.waitMs);
        else this.#call.reply(step.make());
      } catch (error) {
        // A value that variables have now does not fit the type.
        if (!(error instanceof EndpointError)) throw error;
        this.#finish(plainStatus(status.INTERNAL, error.message));
        return;
      }
    }
    if (rule.status) this.#finish(rule.status);
    else if (!this.#method.serverStreaming && rule.replies) this.#finish(OK);
  }

  #finish(callStatus: CallStatus): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#call.finish(callStatus);
  }
}

/** A message that conditions look at: decoded once, and only if one asks. */
class Request {
  readonly bytes: Uint8Array;
  readonly #type: string;
  readonly #schema: LoadedSchema;
  #json: Uint8Array | undefined;

  constructor(bytes: Uint8Array, type: string, schema: LoadedSchema) {
    this.bytes = bytes;
    this.#type = type;
    this.#schema = schema;
  }

  /** ProtoJSON as text; without a byte for what is no message of the type. */
  get json(): Uint8Array {
    this.#json ??= this.#decode();
    return this.#json;
  }

  #decode(): Uint8Array {
    try {
      return Buffer.from(JSON.stringify(this.#schema.decode(this.#type, this.bytes)));
    } catch {
      return new Uint8Array();
    }
  }
}

function ruleOf(answer: GrpcAnswer, where: string, method: ServiceMethod, contents: MockContents): Rule {
  const { on = 'message', when, reply = [], trailers } = answer;
  const count = reply.filter((one) => !isWait(one)).length;
  if (on === 'start' && when) {
    throw mistake(
      `${where} has a condition, but at the start there is no message to look at.`,
      'Remove the condition.',
    );
  }
  if (trailers && !answer.status) {
    throw mistake(`${where} has trailers, but no status to send them with.`, 'Give it the status OK.');
  }
  if (count > 1 && !method.serverStreaming) {
    throw mistake(
      `${where} has ${count} replies, but the method answers with one message.`,
      'Leave one, or make the method stream its answers.',
    );
  }
  return {
    on,
    fits: when && conditionOf(when, where),
    steps: stepsOf(answer, (one) => contents.message(one, method.output, where)),
    replies: count > 0,
    status: answer.status && contents.status(answer.status, trailers, `The status of ${lowerFirst(where)}`),
  };
}

/** The replies of a rule with the waits between them: `delay` before each, and before a status without any. */
function stepsOf({ reply = [], delay = 0 }: GrpcAnswer, maker: (reply: string | Content) => () => Uint8Array) {
  const steps: ({ waitMs: number } | { make: () => Uint8Array })[] = [];
  let isWaited = false;
  for (const one of reply) {
    if (isWait(one)) steps.push({ waitMs: durationMs(one.wait) });
    else {
      if (!isWaited) steps.push({ waitMs: durationMs(delay) });
      steps.push({ make: maker(one) });
    }
    isWaited = isWait(one);
  }
  return steps.length > 0 ? steps : [{ waitMs: durationMs(delay) }];
}

/** Hex is compared with the bytes, all else with the ProtoJSON. */
function conditionOf({ hex, ...json }: Match, where: string): (request: Request) => boolean {
  try {
    const ofBytes: Matcher = compileMatch(hex === undefined ? {} : { hex });
    const ofJson = compileMatch(json);
    const needsJson = Object.values(json).some((condition) => condition !== undefined);
    return (request) => ofBytes(request.bytes) === undefined && (!needsJson || ofJson(request.json) === undefined);
  } catch (error) {
    throw new EndpointError(
      {
        what: `The condition of ${lowerFirst(where)} cannot be used.`,
        why: error instanceof Error ? error.message : String(error),
        next: 'Change it in the settings of the server.',
      },
      { cause: error },
    );
  }
}

function mistake(what: string, next: string): EndpointError {
  return new EndpointError({ what, why: '', next });
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
