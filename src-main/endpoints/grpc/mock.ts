// The mock of a schema: how each of its methods answers, by the config. Contents of answers are read and encoded when it
// is made, so that a mistake stops the start and not a call.
import { status } from '@grpc/grpc-js';
import type { ServiceMethod } from '../../core/schema.ts';
import { durationMs, type GrpcAnswer, type MockMethod, type SessionConfig } from '../../core/session-config.ts';
import type { LoadedSchema } from '../../schemas/loaded-schema.ts';
import { EndpointError, type EndpointHost } from '../endpoint.ts';
import { metadataOf } from './metadata.ts';
import { echo, example, type Respond, silent, unfit } from './mock-behaviours.ts';
import { MockContents } from './mock-contents.ts';
import { scripted } from './mock-script.ts';
import { plainStatus } from './mock-status.ts';
import { DEAF, type MethodAnswer } from './server-answer.ts';

/** How calls of a method are answered, by its path without a slash in front; undefined if no service has it. */
export type Mock = (path: string) => MethodAnswer | undefined;

export interface MockParts {
  config: SessionConfig;
  host: EndpointHost;
  schema: LoadedSchema;
  /** At least 0, less than 1: which calls fail, and which are late. */
  random(): number;
}

type Behaviour = NonNullable<MockMethod['behaviour']>;

const FAILURE = plainStatus(status.UNAVAILABLE, 'The mock fails some calls on purpose.');

/** Rejects with an EndpointError for a config that does not fit the schema. */
export async function createMock(parts: MockParts): Promise<Mock> {
  const { config, host, schema } = parts;
  const contents = new MockContents(config, host, schema);
  const otherwise = await defaultBehaviour(config, contents);
  const answers = new Map<string, MethodAnswer>();
  for (const [name, mock] of Object.entries(config.grpc?.mock ?? {})) {
    const method = schema.types.method(name);
    if (!method) throw unknownMethod(name, schema);
    answers.set(method.path, await configured(method, mock, otherwise, contents, parts));
  }
  return (path) => {
    const known = answers.get(path);
    if (known) return known;
    const method = schema.types.method(path);
    if (!method) return undefined;
    const answer = methodAnswer(method, otherwise(method), false);
    answers.set(path, answer);
    return answer;
  };
}

/** How methods answer that the config does not name. */
async function defaultBehaviour(
  { server }: SessionConfig,
  contents: MockContents,
): Promise<(method: ServiceMethod) => Respond> {
  const kind = server?.behaviour ?? 'example';
  switch (kind) {
    case 'broadcast':
      throw new EndpointError({
        what: 'A gRPC server cannot broadcast.',
        why: 'Its calls need not have the same types.',
        next: 'Choose examples, echo, silent or scripted.',
      });
    case 'scripted': {
      const script = (server?.answers ?? []).map(({ when, reply, delay, close }): GrpcAnswer => {
        const ending = close && { code: close.code ?? status.OK, message: close.reason ?? '' };
        return { when, reply, delay, status: ending };
      });
      await contents.read(script);
      return (method) => {
        try {
          return scripted(method, script, contents);
        } catch (error) {
          // One script for many methods: where it does not fit, the call says so.
          if (error instanceof EndpointError) return unfit(`${error.problem.what} ${error.problem.why}`);
          throw error;
        }
      };
    }
    default:
      return (method) => plainBehaviour(kind, method, contents.schema);
  }
}

function plainBehaviour(kind: Exclude<Behaviour, 'scripted'>, method: ServiceMethod, schema: LoadedSchema): Respond {
  switch (kind) {
    case 'example':
      return example(method, schema);
    case 'echo':
      return echo(method, schema);
    case 'manual':
    case 'silent':
      return silent;
  }
}

async function configured(
  method: ServiceMethod,
  mock: MockMethod,
  otherwise: (method: ServiceMethod) => Respond,
  contents: MockContents,
  { random }: MockParts,
): Promise<MethodAnswer> {
  const { answers = [], failurePercent = 0, delayPercent = 100 } = mock;
  const behaviour = mock.behaviour ?? (answers.length > 0 ? 'scripted' : undefined);
  await contents.read(behaviour === 'scripted' ? answers : []);
  const respond =
    behaviour === undefined
      ? otherwise(method)
      : behaviour === 'scripted'
        ? scripted(method, answers, contents)
        : plainBehaviour(behaviour, method, contents.schema);
  const delayMs = durationMs(mock.delay ?? 0);
  const failure = mock.failure ? contents.status(mock.failure, undefined, `The failure of ${method.path}`) : FAILURE;
  const metadata = mock.metadata && metadataOf(mock.metadata);
  return methodAnswer(
    method,
    (call) => {
      if (delayMs > 0 && random() * 100 < delayPercent) call.wait(delayMs);
      if (failurePercent > 0 && random() * 100 < failurePercent) {
        call.finish(failure);
        return DEAF;
      }
      if (metadata) call.metadata(metadata);
      return respond(call);
    },
    behaviour === 'manual',
  );
}

function methodAnswer(method: ServiceMethod, begin: Respond, manual: boolean): MethodAnswer {
  const { clientStreaming, serverStreaming } = method;
  return { clientStreaming, serverStreaming, listed: true, manual, begin };
}

function unknownMethod(name: string, schema: LoadedSchema): EndpointError {
  const known = schema.services.flatMap(({ methods }) => methods.map(({ path }) => path));
  return new EndpointError({
    what: `The mock answers ${name}, but no service has this method.`,
    why: 'The schema of the session does not define it.',
    next: known.length > 0 ? `Methods are: ${known.slice(0, 10).join(', ')}.` : 'Add its .proto to the schema.',
  });
}
