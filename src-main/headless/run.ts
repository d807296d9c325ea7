// `wirescope run FILE…`: everything that can be wrong with files is found before anything is sent.
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { sidecarPaths } from '../capture/sidecar.ts';
import type { SessionConfig } from '../core/session-config.ts';
import { parseListen, parseTarget } from '../endpoints/address.ts';
import { compileExpectation } from '../engine/expectation.ts';
import type { EngineParts } from '../engine/parts.ts';
import { problemOf } from '../engine/problem.ts';
import { unknownMessages } from '../engine/script.ts';
import { createDynamics } from '../workspace/dynamics.ts';
import { readSessionFile } from '../workspace/session-file.ts';
import { readEnvironment, variablesOf } from '../workspace/variable-file.ts';
import { VariableScope } from '../workspace/variables.ts';
import type { Output } from './output.ts';
import { jsonReport, junitReport, type ReportKind, textReport } from './run-report.ts';
import { loadSchemaFiles } from './schema-files.ts';
import { runSession, type SessionReport } from './session-run.ts';
import { ExitCode, UsageError } from './usage.ts';

export interface RunOptions {
  files: readonly string[];
  environment?: string;
  variables: ReadonlyMap<string, string>;
  /** Where to keep the capture. */
  capture?: string;
  report: ReportKind;
  quiet: boolean;
  messages: number;
  connections: number;
}

export interface RunSurroundings {
  parts: EngineParts;
  output: Output;
  /** Takes a line for standard error. */
  log(line: string): void;
  signal: AbortSignal;
}

/** Resolves with the exit code. Rejects with a UsageError, or what reading the files rejects with. */
export async function run(options: RunOptions, { parts, output, log, signal }: RunSurroundings): Promise<ExitCode> {
  if (options.files.length === 0) throw new UsageError('run: name a session file.');
  if (options.capture !== undefined && options.files.length > 1)
    throw new UsageError('run: --capture goes with one file only.');
  if (options.capture !== undefined) await requireFileOrNothing(options.capture);
  const sessions = await Promise.all(options.files.map((file) => load(file, options, parts)));
  const scratch = await mkdtemp(join(tmpdir(), 'wirescope-run-'));
  const reports: SessionReport[] = [];
  let reachedAll = true;
  try {
    for (const [index, { config, folder }] of sessions.entries()) {
      if (signal.aborted) break;
      const capturePath = resolve(options.capture ?? join(scratch, `${index}.pcapng`));
      const { report, reached } = await runSession({
        parts,
        config,
        folder,
        capturePath,
        connections: options.connections,
        messages: options.messages,
        signal,
        onListening: (address) => {
          if (!options.quiet) log(`${config.name}: listening on ${address}`);
        },
      });
      // The index beside a capture serves who opens it again here; a kept file is for others.
      for (const path of Object.values(sidecarPaths(capturePath))) await rm(path, { force: true });
      reports.push(report);
      if (!reached) reachedAll = false;
      if (options.report === 'text') await output.write(textReport(report, options.quiet));
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  if (options.report === 'json') await output.write(jsonReport(reports));
  if (options.report === 'junit') await output.write(junitReport(reports));
  if (!reachedAll) return ExitCode.unreachable;
  const isWhole = reports.length === sessions.length;
  return isWhole && reports.every(({ ok }) => ok) ? ExitCode.ok : ExitCode.failed;
}

/** A capture is written over a file, never into a device or a pipe: beside it come files of its name. */
async function requireFileOrNothing(path: string): Promise<void> {
  const status = await stat(path).catch(() => undefined);
  if (status && !status.isFile()) throw new UsageError(`run: --capture: ${path} is a folder, a pipe or a device.`);
}

async function load(
  file: string,
  options: RunOptions,
  parts: EngineParts,
): Promise<{ config: SessionConfig; folder: string }> {
  try {
    const config = (await variablesFor(file, options)).resolve(await readSessionFile(file));
    const folder = dirname(resolve(file));
    check(config);
    const { files = [], importPaths = [] } = config.grpc?.schema ?? {};
    if (config.protocol === 'grpc') await loadSchemaFiles(parts, { files, importPaths, folder });
    return { config, folder };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { what, why, next } = problemOf(error);
    throw new UsageError([what, why, next].filter(Boolean).join(' '));
  }
}

async function variablesFor(file: string, { environment, variables }: RunOptions): Promise<VariableScope> {
  const given = [...variables].map(
    ([name, value]) => ({ name, value, secret: false, layer: 'command line', origin: '--var' }) as const,
  );
  const texts = environment === undefined ? {} : await readEnvironment(dirname(resolve(file)), environment);
  const secrets = (name: string) => process.env[`WIRESCOPE_SECRET_${name}`];
  const written = variablesOf(texts, 'environment', `environments/${environment}.yaml`, secrets);
  return new VariableScope([...written, ...given], createDynamics());
}

/** What the schema cannot say. */
function check(config: SessionConfig): void {
  const { name, role, protocol, target, listen, script, messages } = config;
  if (role === 'capture') throw new UsageError(`${name}: a capture cannot be run; use wirescope read.`);
  if (role === 'client') parseTarget(target ?? '', protocol);
  parseListen(listen);
  const [unknown] = unknownMessages(script ?? [], messages ?? []);
  if (unknown !== undefined)
    throw new UsageError(`${name}: the script sends ${JSON.stringify(unknown)}, which is no saved message.`);
  for (const step of script ?? []) {
    if (typeof step === 'string') continue;
    const calls = role === 'client' && protocol === 'grpc' && 'send' in step;
    if (calls && !step.method && !config.grpc?.method)
      throw new UsageError(
        `${name}: the script sends, but no method is named: write grpc.method, or method beside send.`,
      );
    if (!('expect' in step)) continue;
    try {
      compileExpectation(step.expect, protocol);
    } catch (error) {
      throw new UsageError(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
