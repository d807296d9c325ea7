// `wirescope run FILE…`: runs what was planned, one after the other, and reports.
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { sidecarPaths } from '../capture/index/sidecar.ts';
import type { EngineParts } from '../engine/parts.ts';
import type { Output } from './output.ts';
import { type PlanOptions, planRuns } from './run-plan.ts';
import { jsonReport, junitReport, type ReportKind, textReport } from './run-report.ts';
import { runSession, type SessionReport } from './session-run.ts';
import { ExitCode, UsageError } from './usage.ts';

export interface RunOptions extends PlanOptions {
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
  if (options.capture !== undefined) await requireOverwritable(options.capture, [...options.files, options.data]);
  const plans = await planRuns(options, parts);
  if (options.capture !== undefined && plans.length > 1)
    throw new UsageError('run: --capture goes with one row of data only.');
  const scratch = await mkdtemp(join(tmpdir(), 'wirescope-run-'));
  const reports: SessionReport[] = [];
  let reachedAll = true;
  try {
    for (const [index, { config, folder, variables, iteration }] of plans.entries()) {
      if (signal.aborted) break;
      const capturePath = resolve(options.capture ?? join(scratch, `${index}.pcapng`));
      const { report, reached } = await runSession({
        parts,
        config,
        variables,
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
      if (options.capture === undefined) await rm(capturePath, { force: true });
      const named = iteration ? { ...report, iteration } : report;
      reports.push(named);
      if (!reached) reachedAll = false;
      if (options.report === 'text') await output.write(textReport(named, options.quiet));
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  if (options.report === 'json') await output.write(jsonReport(reports));
  if (options.report === 'junit') await output.write(junitReport(reports));
  if (!reachedAll) return ExitCode.unreachable;
  const isWhole = reports.length === plans.length;
  return isWhole && reports.every(({ ok }) => ok) ? ExitCode.ok : ExitCode.failed;
}

/**
 * A capture is written over a file, but none of those that are read, and never into a device or a pipe: beside it come files
 * of its name.
 */
async function requireOverwritable(path: string, read: readonly (string | undefined)[]): Promise<void> {
  if (read.some((each) => each !== undefined && resolve(each) === resolve(path)))
    throw new UsageError(`run: --capture: ${path} is read by this run; name another file.`);
  const status = await stat(path).catch(() => undefined);
  if (status && !status.isFile()) throw new UsageError(`run: --capture: ${path} is a folder, a pipe or a device.`);
}
