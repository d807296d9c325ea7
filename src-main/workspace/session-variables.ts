// The variables that the texts of one session can name, and its config with their values. Reads no files.
import type { GrpcAnswer, GrpcConfig, SavedMessage, SessionConfig, VariablesConfig } from '../core/session-config.ts';
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
 * The config with the values of variables in all that counts when a session starts: addresses, headers, TLS, and what a
 * server answers by itself. The script, and messages that are sent step by step or by hand, stay as they are written:
 * their variables get their values at each send. Throws a SessionFileError that names variables without a value.
 */
export function resolveSettings(config: SessionConfig, scope: VariableScope): SessionConfig {
  const { messages, script, variables, ...settings } = config;
  const answering = repliesOf(settings);
  const resolved = scope.resolve({ settings, answering: messages?.filter(({ name }) => answering.has(name)) ?? [] });
  const known = new Map(resolved.answering.map((message) => [message.name, message]));
  return {
    ...resolved.settings,
    ...(variables && { variables }),
    ...(messages && { messages: messages.map((message): SavedMessage => known.get(message.name) ?? message) }),
    ...(script && { script }),
  };
}

/** How calls are made, with the values of variables: what of `grpc` counts for each call anew. */
export function resolveCalls({ grpc = {} }: SessionConfig, scope: VariableScope): GrpcConfig {
  return { ...grpc, ...scope.resolve(callSettings(grpc)) };
}

/** What each call is made by. */
export function callSettings({ schema, mock, ...calls }: GrpcConfig): GrpcConfig {
  return calls;
}

/** Names of the saved messages that a server replies with. */
function repliesOf({ server, grpc }: Pick<SessionConfig, 'server' | 'grpc'>): Set<string> {
  const methods = Object.values(grpc?.mock ?? {});
  const answers: Pick<GrpcAnswer, 'reply'>[] = [
    ...(server?.answers ?? []),
    ...methods.flatMap((method) => method.answers ?? []),
  ];
  const replies = answers.flatMap(({ reply = [] }) => reply);
  return new Set(replies.filter((reply) => typeof reply === 'string'));
}
