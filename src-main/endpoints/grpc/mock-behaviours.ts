// What a mocked method does by itself: examples made from its type, echo, or nothing. Scripts have a file of their own.
import { status } from '@grpc/grpc-js';
import type { MessageField, ServiceMethod } from '../../core/schema.ts';
import type { LoadedSchema } from '../../schemas/loaded-schema.ts';
import { plainStatus } from './mock-status.ts';
import { type AnswerableCall, type Answerer, DEAF } from './server-answer.ts';

/** Begins to answer one call. */
export type Respond = (call: AnswerableCall) => Answerer;

/** Examples that a server stream consists of. */
const STREAMED_EXAMPLES = 3;

const OK = plainStatus(status.OK);

/** Answers nothing, and ends nothing: the client, its deadline or a person does. */
export const silent: Respond = () => DEAF;

/** A behaviour that the method cannot have: every call says why. */
export function unfit(why: string): Respond {
  return (call) => {
    call.finish(plainStatus(status.INTERNAL, why));
    return DEAF;
  };
}

/** A message with something in every field: one, three as a server stream, one for each message of a bidirectional one. */
export function example(method: ServiceMethod, schema: LoadedSchema): Respond {
  const { clientStreaming, serverStreaming, output } = method;
  let bytes: Uint8Array;
  try {
    bytes = schema.encode(output, schema.example(output));
  } catch (error) {
    return unfit(`No example of ${output} could be made: ${messageOf(error)}`);
  }
  if (clientStreaming && serverStreaming) {
    return (call) => ({ heard: () => call.reply(bytes), ended: () => call.finish(OK) });
  }
  const count = serverStreaming ? STREAMED_EXAMPLES : 1;
  return (call) => ({
    ...DEAF,
    ended() {
      for (let i = 0; i < count; i++) call.reply(bytes);
      call.finish(OK);
    },
  });
}

/**
 * Each request as the answer, of a client stream the last. Where the types differ, the fields that both have under one
 * name and with one type; if there are none, every call ends with INTERNAL and says why.
 */
export function echo(method: ServiceMethod, schema: LoadedSchema): Respond {
  const convert = method.input === method.output ? identity : conversion(method, schema);
  if (!convert) {
    return unfit(`${method.path} cannot echo: ${method.input} and ${method.output} have no field in common.`);
  }
  const reply = (call: AnswerableCall, request: Uint8Array): boolean => {
    try {
      call.reply(convert(request));
      return true;
    } catch (error) {
      call.finish(plainStatus(status.INTERNAL, `The request cannot be echoed: ${messageOf(error)}`));
      return false;
    }
  };
  if (method.serverStreaming) {
    return (call) => ({ heard: (request) => void reply(call, request), ended: () => call.finish(OK) });
  }
  return (call) => {
    let last: Uint8Array | undefined;
    return {
      heard(request) {
        last = request;
      },
      ended() {
        if (!last) call.finish(plainStatus(status.INVALID_ARGUMENT, 'Nothing was sent that could be echoed.'));
        else if (reply(call, last)) call.finish(OK);
      },
    };
  };
}

type Convert = (request: Uint8Array) => Uint8Array;

const identity: Convert = (request) => request;

/** By the fields that agree; undefined if none do. */
function conversion({ input, output }: ServiceMethod, schema: LoadedSchema): Convert | undefined {
  const theirs = schema.types.message(output)?.fields ?? [];
  const common = new Set(
    schema.types
      .message(input)
      ?.fields.filter((field) => theirs.some((other) => agree(field, other)))
      .map(({ jsonName }) => jsonName),
  );
  if (common.size === 0) return undefined;
  return (request) => {
    const json = schema.decode(input, request) as { [name: string]: unknown };
    return schema.encode(output, Object.fromEntries(Object.entries(json).filter(([name]) => common.has(name))));
  };
}

function agree(one: MessageField, other: MessageField): boolean {
  return (
    one.jsonName === other.jsonName &&
    one.kind === other.kind &&
    one.type === other.type &&
    one.repeated === other.repeated &&
    one.mapKey === other.mapKey
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
