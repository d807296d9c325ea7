// Changes to a session's config as pure functions: new sessions, sections that vanish when they say nothing, names.
import type { SavedMessage, SessionConfig } from '../../src-main/core/session-config.ts';

type Sections = 'tls' | 'reconnect' | 'websocket' | 'grpc' | 'tcp' | 'udp' | 'server';
type Role = SessionConfig['role'];
type Protocol = SessionConfig['protocol'];

/** Keys that are undefined take the key away. */
export type Patch<T> = { [K in keyof T]?: T[K] | undefined };

/** What people call roles and protocols. */
export const ROLE_LABELS: { readonly [R in Role]: string } = { client: 'Client', server: 'Server', capture: 'Capture' };
export const PROTOCOL_LABELS: { readonly [P in Protocol]: string } = {
  websocket: 'WebSocket',
  grpc: 'gRPC',
  tcp: 'TCP',
  udp: 'UDP',
};

/** What an address looks like, for the empty field. */
export const TARGET_EXAMPLES: { readonly [P in Protocol]: string } = {
  websocket: 'wss://example.test/ws',
  grpc: 'grpc://127.0.0.1:50051, grpcs:// for TLS, or a grpcurl command',
  tcp: 'tcp://127.0.0.1:9000 or tls://example.test:443',
  udp: 'udp://127.0.0.1:9000',
};
export const LISTEN_EXAMPLE = '127.0.0.1:9001, or port 0 for any free one';

/** `config` with a key set, or taken away by undefined. */
export function withValue<K extends keyof SessionConfig>(
  config: SessionConfig,
  key: K,
  value: SessionConfig[K] | undefined,
): SessionConfig {
  return merged(config, { [key]: value });
}

const PROTOCOL_OF_SCHEME: { readonly [scheme: string]: Protocol } = {
  ws: 'websocket',
  wss: 'websocket',
  grpc: 'grpc',
  grpcs: 'grpc',
  tcp: 'tcp',
  tls: 'tcp',
  udp: 'udp',
};

/** `config` with a client's target as typed. A scheme that names a protocol chooses it. */
export function withTarget(config: SessionConfig, target: string): SessionConfig {
  const scheme = /^([a-z]+):\/\//i.exec(target)?.[1]?.toLowerCase() ?? '';
  const protocol = PROTOCOL_OF_SCHEME[scheme] ?? config.protocol;
  return merged(config, { target: target === '' ? undefined : target, protocol });
}

/** `config` with some keys of a section changed; a section without keys is taken away unless `keepEmpty`. */
export function withSection<S extends Sections>(
  config: SessionConfig,
  section: S,
  patch: Patch<NonNullable<SessionConfig[S]>>,
  keepEmpty = false,
): SessionConfig {
  const next = merged({ ...config[section] }, patch);
  const isEmpty = Object.keys(next).length === 0;
  return merged(config, { [section]: isEmpty && !keepEmpty ? undefined : next });
}

/** `old` with some keys changed, those of undefined taken away. */
export function merged<T extends object>(old: T, patch: Patch<T>): T {
  return Object.fromEntries(Object.entries({ ...old, ...patch }).filter(([, value]) => value !== undefined)) as T;
}

/** A session as new ones begin. `taken`: names in use. */
export function newConfig(role: 'client' | 'server', protocol: Protocol, taken: readonly string[]): SessionConfig {
  const name = freeName(`${PROTOCOL_LABELS[protocol]} ${role}`, taken);
  if (role === 'client') return { wirescope: 1, name, role, protocol };
  const server: SessionConfig = { wirescope: 1, name, role, protocol, listen: '127.0.0.1:0' };
  // A mock answers with examples of its types until it is told otherwise.
  return protocol === 'grpc' ? server : { ...server, server: { behaviour: 'echo' } };
}

/** `name`, or `name 2`, `name 3` … whichever is free. */
export function freeName(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name;
  const stem = name.replace(/ \d+$/, '');
  let number = 2;
  while (taken.includes(`${stem} ${number}`)) number++;
  return `${stem} ${number}`;
}

/** `messages` with the one at `from` moved to stand at `to`. */
export function movedMessage(messages: readonly SavedMessage[], from: number, to: number): SavedMessage[] {
  const next = [...messages];
  const [message] = next.splice(from, 1);
  if (message) next.splice(Math.max(0, Math.min(to, next.length)), 0, message);
  return next;
}

/** Whether a client's target asks for TLS. */
export function wantsTls(config: SessionConfig): boolean {
  if (config.role === 'client') return /^(wss|tls|grpcs|https):\/\//i.test(config.target ?? '');
  return config.role === 'server' && config.tls !== undefined;
}
