// The variables that the texts of one session can name, and its config with their values. Reads no files.
import type { GrpcConfig, GrpcReply, SessionConfig, VariablesConfig } from '../core/session-config.ts';
import { createDynamics } from './dynamics.ts';
import { type SettingsOf, settingsVariables } from './settings-file.ts';
import { type SecretValues, variablesOf } from './variable-file.ts';
import type { Variable, VariableScope } from './variables.ts';

/** Where the variables of a session are written down. */
export interface VariableSources {
  config: SessionConfig;
  /** The session's file, for a person. */
  origin: string;
  /** The workspace's folder. */
  root: string;
  /** Those that hold for the session, farthest first. */
  settings: readonly SettingsOf[];
  environment?: { name: string; variables: VariablesConfig };
  secrets: SecretValues;
}

/** All but captured ones and those of the command line. */
export function sessionVariables(sources: VariableSources): Variable[] {
  const { config, origin, root, settings, environment, secrets } = sources;
  const shared = settingsVariables(settings, root).flatMap(({ texts, isRoot, origin: file }) =>
    variablesOf(texts, isRoot ? 'workspace' : 'folder', file, secrets),
  );
  const chosen = environment
    ? variablesOf(environment.variables, 'environment', `environments/${environment.name}.yaml`, secrets)
    : [];
  return [...shared, ...chosen, ...variablesOf(config.variables ?? {}, 'session', origin, secrets)];
}

/**
 * The config with the values of variables in all that counts when a session starts: addresses, headers, TLS, conditions of
 * answers. The script and its data, messages, and what a server replies with stay as they are written: their variables get their
 * values at each send. Throws a SessionFileError that names variables without a value, in replies too.
 */
export function resolveSettings(config: SessionConfig, scope: VariableScope): SessionConfig {
  const { messages, script, data, variables, server, grpc, ...settings } = config;
  const replies = repliesOf(config);
  scope.sample(messages ? [replies, messages.filter(({ name }) => replies.includes(name))] : replies, createDynamics());
  return {
    ...scope.resolve(settings),
    ...(server && { server: keepingReplies(server, scope) }),
    ...(grpc && { grpc: resolveGrpc(grpc, scope) }),
    ...(variables && { variables }),
    ...(messages && { messages }),
    ...(script && { script }),
    ...(data !== undefined && { data }),
  };
}

function resolveGrpc({ mock, metadata, ...grpc }: GrpcConfig, scope: VariableScope): GrpcConfig {
  const methods = Object.entries(mock ?? {}).map(([path, method]) => [path, keepingReplies(method, scope)]);
  // Calls have metadata of their own: see resolveCalls.
  const example = metadata && scope.sample(metadata, createDynamics());
  return {
    ...scope.resolve(grpc),
    ...(example && { metadata: example }),
    ...(mock && { mock: Object.fromEntries(methods) as typeof mock }),
  };
}

type Replying = { answers?: { reply?: Reply[] | undefined }[] | undefined };
type Reply = GrpcReply;

function keepingReplies<T extends Replying>({ answers, ...others }: T, scope: VariableScope): T {
  const kept = answers?.map(({ reply, ...answer }) => ({ ...scope.resolve(answer), ...(reply && { reply }) }));
  return { ...scope.resolve(others), ...(kept && { answers: kept }) } as unknown as T;
}

/** How calls are made, with the values of variables: what of `grpc` counts for each call anew. */
export function resolveCalls({ grpc = {} }: SessionConfig, scope: VariableScope): GrpcConfig {
  return { ...grpc, ...scope.resolve(callSettings(grpc)) };
}

/** What each call is made by. */
export function callSettings({ schema, mock, ...calls }: GrpcConfig): GrpcConfig {
  return calls;
}

/** What a server replies with by itself: contents, and names of saved messages. */
function repliesOf({ server, grpc }: SessionConfig): Reply[] {
  const places: Replying[] = [server ?? {}, ...Object.values(grpc?.mock ?? {})];
  return places.flatMap(({ answers = [] }) => answers.flatMap(({ reply = [] }) => reply));
}
