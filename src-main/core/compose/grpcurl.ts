// A grpcurl command line ⇄ a gRPC client's config. What has no counterpart here is told, not dropped silently.
import { scanJson } from '../payload/json-scan.ts';
import type { GrpcConfig, SavedMessage, SchemaSources, SessionConfig, TlsConfig } from '../session-config.ts';
import { ContentError } from './content-error.ts';
import { quoteShell, splitShell } from './shell-words.ts';

export interface ParsedGrpcurl {
  /** What `-d` said is in its messages. */
  config: SessionConfig;
  /** Sentences about what was left out. */
  warnings: string[];
}

/** What a flag sets, as it is collected. */
interface Draft {
  plaintext: boolean;
  unix: boolean;
  data: string | undefined;
  tls: TlsConfig;
  grpc: GrpcConfig;
  files: string[];
  importPaths: string[];
  reflection: boolean | undefined;
  connectTimeoutMs: number | undefined;
  metadata: Map<string, string[]>;
  warnings: string[];
}

type ValueFlag = (draft: Draft, value: string) => void;
type Switch = (draft: Draft, on: boolean) => void;

const SWITCHES: { readonly [name: string]: Switch } = {
  plaintext: (draft, on) => {
    draft.plaintext = on;
  },
  insecure: (draft, on) => {
    if (on) draft.tls.verify = false;
  },
  unix: (draft, on) => {
    draft.unix = on;
  },
  'use-reflection': (draft, on) => {
    draft.reflection = on;
  },
};

const VALUES: { readonly [name: string]: ValueFlag } = {
  cacert: (draft, file) => {
    draft.tls.ca = file;
  },
  cert: (draft, file) => {
    draft.tls.cert = file;
  },
  key: (draft, file) => {
    draft.tls.key = file;
  },
  servername: (draft, name) => {
    draft.tls.serverName = name;
  },
  authority: (draft, name) => {
    draft.grpc.authority = name;
  },
  H: addHeader,
  'rpc-header': addHeader,
  d: (draft, data) => {
    draft.data = data;
  },
  proto: (draft, file) => draft.files.push(file),
  protoset: (draft, file) => draft.files.push(file),
  'import-path': (draft, folder) => draft.importPaths.push(folder),
  'max-time': (draft, seconds) => {
    const deadlineMs = milliseconds(draft, 'max-time', seconds);
    if (deadlineMs !== undefined) draft.grpc.deadlineMs = deadlineMs;
  },
  'connect-timeout': (draft, seconds) => {
    const timeoutMs = milliseconds(draft, 'connect-timeout', seconds);
    if (timeoutMs !== undefined && timeoutMs > 0) draft.connectTimeoutMs = Math.min(timeoutMs, 3_600_000);
  },
  'keepalive-time': (draft, seconds) => {
    const keepaliveMs = milliseconds(draft, 'keepalive-time', seconds);
    if (keepaliveMs !== undefined) draft.grpc.keepaliveSeconds = Math.min(keepaliveMs / 1000, 86_400);
  },
  'max-msg-sz': (draft, bytes) => {
    if (/^\d+$/.test(bytes)) draft.grpc.maxReceiveBytes = Number(bytes);
    else draft.warnings.push(`-max-msg-sz ${bytes} is no number and was left out.`);
  },
  format: (draft, format) => {
    if (format !== 'json') draft.warnings.push(`Messages are written as JSON here, not as ${format}.`);
  },
};

/** Known, without a counterpart: switches, then those with a value. */
const IGNORED_SWITCHES = new Set(
  'emit-defaults allow-unknown-fields format-error expand-headers msg-template v vv alts help version'.split(' '),
);
const IGNORED_VALUES = new Set(
  'reflect-header user-agent protoset-out proto-out-dir alts-handshaker-service alts-target-service-account'.split(' '),
);

/**
 * The config that a command line stands for.
 * @throws ContentError for what is no grpcurl command line
 */
export function parseGrpcurl(text: string): ParsedGrpcurl {
  const { words, rest, expands } = splitShell(commandIn(text));
  const draft: Draft = {
    plaintext: false,
    unix: false,
    data: undefined,
    tls: {},
    grpc: {},
    files: [],
    importPaths: [],
    reflection: undefined,
    connectTimeoutMs: undefined,
    metadata: new Map(),
    warnings: [],
  };
  if (expands) draft.warnings.push('Variables and commands of the shell stand as they were written.');
  if (rest.trim() !== '' && !/^\s*<</.test(rest))
    draft.warnings.push(`What follows the command was left out: ${rest.trim()}`);
  const positional = readFlags(words.slice(1), draft);
  return { config: configOf(draft, positional), warnings: draft.warnings };
}

/** From the word grpcurl on; before it may be a prompt, assignments, or a command that its standard input comes from. */
function commandIn(text: string): string {
  const found = /(?:^|[\s|;&$(/\\])(grpcurl(?:\.exe)?)(?=\s|$)/.exec(text);
  if (!found) throw new ContentError('This is no grpcurl command line');
  return text.slice(found.index + found[0].length - found[1]!.length);
}

/** Collects flags and returns what is behind them. */
function readFlags(words: readonly string[], draft: Draft): string[] {
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i]!;
    if (word === '--') return words.slice(i + 1);
    const flag = /^--?([^-=][^=]*)(?:=([\s\S]*))?$/.exec(word);
    if (!flag) return words.slice(i);
    const name = flag[1]!;
    const given = flag[2];
    const change = own(SWITCHES, name);
    const set = own(VALUES, name);
    if (change) change(draft, given === undefined || /^(1|t|true)$/i.test(given));
    else if (IGNORED_SWITCHES.has(name)) draft.warnings.push(`-${name} has no counterpart here and was left out.`);
    else if (set || IGNORED_VALUES.has(name)) {
      const value = given ?? words[++i];
      if (value === undefined) throw new ContentError(`-${name} needs a value behind it`);
      if (set) set(draft, value);
      else draft.warnings.push(`-${name} ${value} has no counterpart here and was left out.`);
    } else draft.warnings.push(`-${name} is not known here and was left out.`);
  }
  return [];
}

function own<T>(table: { readonly [name: string]: T }, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function addHeader(draft: Draft, header: string): void {
  const colon = header.indexOf(':');
  const name = (colon < 0 ? header : header.slice(0, colon)).trim().toLowerCase();
  if (name === '') {
    draft.warnings.push('A header without a name was left out.');
    return;
  }
  const values = draft.metadata.get(name) ?? [];
  values.push(colon < 0 ? '' : header.slice(colon + 1).trim());
  draft.metadata.set(name, values);
}

/** undefined, with a warning, for what is no number of seconds. */
function milliseconds(draft: Draft, flag: string, seconds: string): number | undefined {
  const number = /^\d*\.?\d+(e[+-]?\d+)?$/i.test(seconds) ? Number(seconds) : Number.NaN;
  const ms = Math.ceil(number * 1000 - 1e-6);
  if (Number.isFinite(ms) && ms < 2 ** 31) return ms;
  draft.warnings.push(`-${flag} ${seconds} is no number of seconds and was left out.`);
  return undefined;
}

function configOf(draft: Draft, positional: readonly string[]): SessionConfig {
  const { warnings } = draft;
  const [address, ...more] = positional;
  // Without an address, a service is only looked up in files.
  const hasAddress = address !== undefined && address !== 'list' && address !== 'describe';
  const [verb, ...names] = hasAddress ? more : positional;
  const isLookUp = verb === 'list' || verb === 'describe';
  if (isLookUp) warnings.push(`“${verb}” calls nothing: what it shows is in the list of services.`);
  const method = isLookUp ? undefined : verb;
  const unneeded = isLookUp ? [] : names;
  if (unneeded.length > 0) warnings.push(`Behind the method nothing was expected: ${unneeded.join(' ')}`);
  if (!hasAddress) warnings.push('It names no server.');
  const grpc = { ...draft.grpc };
  const schema = schemaOf(draft);
  if (schema) grpc.schema = schema;
  if (method !== undefined) grpc.method = methodPath(method);
  if (draft.metadata.size > 0) {
    grpc.metadata = Object.fromEntries(
      [...draft.metadata].map(([name, values]) => [name, values.length === 1 ? values[0]! : values]),
    );
  }
  const messages = draft.data === undefined ? [] : messagesIn(draft.data, warnings);
  if (draft.unix && !draft.plaintext) warnings.push('TLS over a unix socket is not to be had here.');
  return {
    wirescope: 1,
    name: grpc.method ?? address ?? 'gRPC',
    role: 'client',
    protocol: 'grpc',
    ...(hasAddress && { target: targetOf(address, draft) }),
    ...(Object.keys(draft.tls).length > 0 && { tls: draft.tls }),
    ...(draft.connectTimeoutMs !== undefined && { connectTimeoutMs: draft.connectTimeoutMs }),
    grpc,
    ...(messages.length > 0 && { messages }),
  };
}

function schemaOf({ files, importPaths, reflection }: Draft): SchemaSources | undefined {
  const schema: SchemaSources = {};
  if (files.length > 0) schema.files = files;
  if (importPaths.length > 0) schema.importPaths = importPaths;
  if (reflection !== undefined) schema.reflection = reflection;
  return Object.keys(schema).length > 0 ? schema : undefined;
}

function targetOf(address: string, { plaintext, unix }: Draft): string {
  if (/^unix:/i.test(address)) return address;
  if (unix) return `unix:${address}`;
  return `${plaintext ? 'grpc' : 'grpcs'}://${address}`;
}

/** grpcurl takes `package.Service.Method` too. */
function methodPath(method: string): string {
  const path = method.replace(/^\//, '');
  if (path.includes('/')) return path;
  const dot = path.lastIndexOf('.');
  return dot < 0 ? path : `${path.slice(0, dot)}/${path.slice(dot + 1)}`;
}

/** The JSON texts of `-d`, which stand one behind the other. */
function messagesIn(data: string, warnings: string[]): SavedMessage[] {
  if (data.trim() === '@') {
    warnings.push('The messages come from standard input, which is not part of a command line.');
    return [];
  }
  const texts = jsonTexts(data);
  return texts.map((text, i) => ({ name: texts.length === 1 ? 'Request' : `Request ${i + 1}`, text }));
}

function jsonTexts(data: string): string[] {
  const bytes = new TextEncoder().encode(data);
  const texts: string[] = [];
  const visitor = { open: nothing, close: nothing, key: nothing, scalar: nothing, full: false };
  for (let from = 0; from < bytes.length; ) {
    const { error } = scanJson(bytes, visitor, { from });
    const isLast = error?.code !== 'trailing';
    const to = isLast ? bytes.length : error!.at;
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(from, to)).trim();
    if (text !== '') texts.push(text);
    from = to;
  }
  return texts;
}

function nothing(): void {}

/**
 * The command line of a client's method. What grpcurl has no flag for is left out.
 * @param data messages as JSON text, one behind the other
 */
export function formatGrpcurl(config: SessionConfig, data: string | undefined): string {
  const { tls = {}, grpc = {}, connectTimeoutMs } = config;
  const { schema = {}, metadata = {} } = grpc;
  const target = /^(grpcs?:\/\/|https?:\/\/|unix:(?:\/\/(?=\/))?)?(.*)$/is.exec((config.target ?? '').trim())!;
  const scheme = (target[1] ?? '').toLowerCase();
  const isSecure = scheme === 'grpcs://' || scheme === 'https://';
  const flags: string[][] = [];
  const add = (name: string, value: string | number | undefined): void => {
    if (value !== undefined) flags.push([`-${name}`, String(value)]);
  };
  if (!isSecure) flags.push(['-plaintext']);
  if (scheme.startsWith('unix:')) flags.push(['-unix']);
  if (tls.verify === false) flags.push(['-insecure']);
  add('cacert', tls.ca);
  add('cert', tls.cert);
  add('key', tls.key);
  add('servername', tls.serverName);
  add('authority', grpc.authority);
  for (const folder of schema.importPaths ?? []) add('import-path', folder);
  for (const file of schema.files ?? []) add(file.endsWith('.proto') ? 'proto' : 'protoset', file);
  if (schema.reflection !== undefined) flags.push([`-use-reflection=${schema.reflection}`]);
  for (const [name, values] of Object.entries(metadata))
    for (const value of [values].flat()) add('H', `${name}: ${value}`);
  if (connectTimeoutMs !== undefined) add('connect-timeout', connectTimeoutMs / 1000);
  if (grpc.keepaliveSeconds) add('keepalive-time', grpc.keepaliveSeconds);
  if (grpc.deadlineMs) add('max-time', grpc.deadlineMs / 1000);
  add('max-msg-sz', grpc.maxReceiveBytes);
  add('d', data);
  const words = [['grpcurl'], ...flags, [target[2]!.replace(/\/$/, '')], [grpc.method ?? 'list']];
  return words.map((group) => group.map(quoteShell).join(' ')).join(' ');
}
