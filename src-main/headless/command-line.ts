// Command line → options. Every mistake is a UsageError that names it.
import { parseArgs } from 'node:util';
import type { DissectAs } from '../core/protocol.ts';
import { Level, type LevelName } from '../core/record.ts';
import type { ReadOptions } from './read.ts';
import type { RunOptions } from './run.ts';
import { REPORTS, type ReportKind } from './run-report.ts';
import type { ServeOptions } from './serve.ts';
import { UsageError } from './usage.ts';

const MAX_PORT = 65_535;

const DISSECT_AS: { readonly [name: string]: DissectAs } = {
  auto: { protocol: 'auto' },
  http: { protocol: 'http' },
  http2: { protocol: 'http2' },
  websocket: { protocol: 'websocket' },
  tls: { protocol: 'tls' },
  tcp: { protocol: 'tcp', framing: { kind: 'none' } },
  lines: { protocol: 'tcp', framing: { kind: 'lines' } },
  udp: { protocol: 'udp' },
} satisfies { [protocol in DissectAs['protocol'] | 'lines']: DissectAs };

const text = { type: 'string' } as const;
const texts = { type: 'string', multiple: true } as const;
const flag = { type: 'boolean' } as const;

/** What stands behind `serve`. Throws a UsageError. */
export function parseServe(args: string[]): Pick<ServeOptions, 'port' | 'workspace' | 'data' | 'secretsFile'> {
  const { values, positionals } = parse(args, { port: text, workspace: text, data: text, 'secrets-file': text });
  if (positionals[0] !== undefined) throw new UsageError(`serve: unexpected ${JSON.stringify(positionals[0])}.`);
  const { workspace, data, 'secrets-file': secretsFile } = values;
  return {
    port: whole('--port', values.port, 0, MAX_PORT, 0),
    ...(workspace !== undefined && { workspace }),
    ...(data !== undefined && { data }),
    ...(secretsFile !== undefined && { secretsFile }),
  };
}

/** What stands behind `run`. Throws a UsageError. */
export function parseRun(args: string[]): RunOptions {
  const { values, positionals } = parse(args, {
    env: text,
    var: texts,
    data: text,
    'secrets-file': text,
    capture: text,
    report: text,
    quiet: flag,
    messages: text,
    connections: text,
  });
  const { env, data, capture, 'secrets-file': secretsFile } = values;
  return {
    files: positionals,
    variables: new Map((values.var ?? []).map((assignment) => pair('--var', assignment))),
    report: oneOf<ReportKind>('--report', values.report ?? 'text', REPORTS),
    quiet: values.quiet ?? false,
    messages: whole('--messages', values.messages, 0, 1_000_000, 100),
    connections: whole('--connections', values.connections, 1, 1_000_000, 1),
    ...(env !== undefined && { environment: env }),
    ...(data !== undefined && { data }),
    ...(secretsFile !== undefined && { secretsFile }),
    ...(capture !== undefined && { capture }),
  };
}

/** What stands behind `read`. Throws a UsageError. */
export function parseRead(args: string[]): ReadOptions {
  const { values, positionals } = parse(args, {
    filter: text,
    level: text,
    fields: text,
    format: text,
    count: flag,
    decode: texts,
    keylog: text,
    proto: texts,
    'import-path': texts,
  });
  const [file, extra] = positionals;
  if (file === undefined) throw new UsageError('read: name a capture file.');
  if (extra !== undefined) throw new UsageError(`read: one capture at a time, not ${JSON.stringify(extra)} too.`);
  const { level, fields, keylog } = values;
  return {
    file,
    filter: values.filter ?? '',
    format: oneOf('--format', values.format ?? 'tsv', ['tsv', 'json'] as const),
    count: values.count ?? false,
    decodeAs: new Map((values.decode ?? []).map(decodeRule)),
    protos: values.proto ?? [],
    importPaths: values['import-path'] ?? [],
    ...(keylog !== undefined && { keylog }),
    ...(level !== undefined && { level: oneOf('--level', level, Object.keys(Level) as LevelName[]) }),
    ...(fields !== undefined && { fields: fields.split(',').map((name) => name.trim()) }),
  };
}

function decodeRule(rule: string): [number, DissectAs] {
  const [port, name] = pair('--decode', rule);
  const dissectAs = Object.hasOwn(DISSECT_AS, name) ? DISSECT_AS[name] : undefined;
  if (!dissectAs) throw new UsageError(`--decode: ${name} is none of ${Object.keys(DISSECT_AS).join(', ')}.`);
  return [whole('--decode', port, 1, MAX_PORT, 0), dissectAs];
}

type OptionTypes = { [name: string]: typeof text | typeof texts | typeof flag };

function parse<T extends OptionTypes>(args: string[], options: T) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function pair(option: string, assignment: string): [string, string] {
  const at = assignment.indexOf('=');
  if (at <= 0) throw new UsageError(`${option}: ${JSON.stringify(assignment)} is not NAME=VALUE.`);
  return [assignment.slice(0, at), assignment.slice(at + 1)];
}

function whole(option: string, value: string | undefined, least: number, most: number, otherwise: number): number {
  if (value === undefined) return otherwise;
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`${option}: ${JSON.stringify(value)} is not a whole number from ${least} to ${most}.`);
}

function oneOf<T extends string>(option: string, value: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw new UsageError(`${option}: ${JSON.stringify(value)} is none of ${choices.join(', ')}.`);
}
