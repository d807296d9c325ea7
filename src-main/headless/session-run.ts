// Runs one session file without an interface: starts its endpoint, runs its script, ends, and reports. A client runs
// the script once, a server for each connection.
import type { Capture } from '../capture/capture.ts';
import type { SessionConfig } from '../core/session-config.ts';
import type { EngineParts } from '../engine/parts.ts';
import { problemOf } from '../engine/problem.ts';
import { runClientScript, type SourceScript, serveScripts } from '../engine/scripts/source-script.ts';
import type { StepResult } from '../engine/scripts/steps.ts';
import { LiveSource } from '../engine/session/live-source.ts';
import { SessionSchema } from '../engine/session/schema.ts';
import { resolveCalls, resolveSettings } from '../workspace/session-variables.ts';
import type { VariableScope } from '../workspace/variables.ts';
import { masked, maskOf } from './masked-report.ts';
import { type CallReport, callReports, type MessageReport, messageReports } from './message-report.ts';

export interface SessionRunOptions {
  parts: EngineParts;
  /** As it is written, with what it inherits. */
  config: SessionConfig;
  /** Have values for all that it names. A client's script adds what it captures. */
  variables: VariableScope;
  /** Folder of the session file. */
  folder: string;
  capturePath: string;
  /** A server ends after the scripts of so many connections. */
  connections: number;
  /** Messages in the report: the last so many. */
  messages: number;
  /** Called when a server listens. */
  onListening(address: string): void;
  /** Ends the run early. */
  signal: AbortSignal;
}

export interface SessionReport {
  ok: boolean;
  session: string;
  /** With data: which row it ran for, counted from 1. */
  iteration?: { at: number; of: number };
  durationMs: number;
  connections: number;
  records: { events: number; frames: number; messages: number };
  bytes: { 'client→server': number; 'server→client': number };
  steps: StepResult[];
  messages: MessageReport[];
  /** gRPC: the last calls, as those saw them who took part. */
  calls?: CallReport[];
}

export interface SessionRun {
  report: SessionReport;
  /** false: there was nobody to run the script with. */
  reached: boolean;
}

/** Rejects only if the capture cannot be written. */
export async function runSession(options: SessionRunOptions): Promise<SessionRun> {
  const { parts, config, variables, folder, capturePath, signal } = options;
  const begunAt = performance.now();
  const changed = () => {};
  const begun = resolveSettings(config, variables);
  const mask = maskOf(variables);
  const schema = new SessionSchema(begun, { parts, folder: () => folder, changed });
  const source = new LiveSource({
    parts,
    openEndpoint: await parts.loadEndpoint(begun),
    started: begun,
    variables,
    calls: async () => resolveCalls(config, variables),
    mask,
    schema,
    folder: () => folder,
    capturePath,
    changed,
  });
  const abort = () => void source.stop();
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    const steps: StepResult[] = [];
    const reached = await reach(source, schema, begun, steps);
    if (reached) {
      const scripted = { source, schema, config, script: config.script ?? [], variables, signal };
      if (config.role === 'server') {
        options.onListening(source.status.text);
        steps.push(...(await serve(scripted, config, options.connections)));
      } else steps.push(...(await runClientScript(scripted)));
    }
    const cut = openCalls(source);
    await source.stop();
    const whole = report(source, schema, config, { steps, cut, begunAt, messages: options.messages });
    return { reached, report: masked(whole, mask) };
  } finally {
    signal.removeEventListener('abort', abort);
    schema.dispose();
    await source.dispose();
  }
}

/** Starts; a failure becomes the only step of the report. */
async function reach(
  source: LiveSource,
  schema: SessionSchema,
  config: SessionConfig,
  steps: StepResult[],
): Promise<boolean> {
  const begunAt = performance.now();
  try {
    await source.start();
    if (config.protocol === 'grpc') source.capture.explainWith((await schema.loaded()).types);
    return true;
  } catch (error) {
    const { what, why, next } = problemOf(error);
    const step = config.role === 'server' ? `listen on ${config.listen ?? ''}` : `connect to ${config.target ?? ''}`;
    const ms = Math.round(performance.now() - begunAt);
    steps.push({ step, ok: false, ms, error: [what, why, next].filter(Boolean).join(' ') });
    return false;
  }
}

/** Runs the script for each of the first connections; without a script, waits for them to end. */
async function serve(scripted: SourceScript, config: SessionConfig, connections: number): Promise<StepResult[]> {
  const results: StepResult[][] = [];
  const script = config.script ?? [{ expect: { status: 'closed', within: Number.MAX_SAFE_INTEGER } }];
  const onEnd = (connection: number, steps: StepResult[]) => {
    results[connection] = steps;
  };
  const served = await serveScripts({ ...scripted, script, connections, onEnd });
  if (!config.script) return [];
  const missing = connections - served;
  return missing > 0 && scripted.signal.aborted ? [...results.flat(), interrupted(missing)] : results.flat();
}

/** Numbers of the calls that are still open. */
function openCalls({ calls }: LiveSource): Set<number> {
  return new Set(calls.flatMap(({ call, ended }) => (ended ? [] : [call])));
}

/** What is in the report for connections that did not come before the run was interrupted. */
function interrupted(missing: number): StepResult {
  const step = `wait for ${missing === 1 ? 'a connection' : `${missing} connections`}`;
  return { step, ok: false, ms: 0, error: 'The run was interrupted.' };
}

function report(
  { capture, calls }: LiveSource,
  schema: SessionSchema,
  { name, protocol }: SessionConfig,
  { steps, cut, begunAt, messages }: { steps: StepResult[]; cut: Set<number>; begunAt: number; messages: number },
): SessionReport {
  const { counts, traffic } = capture;
  return {
    ok: steps.every(({ ok }) => ok),
    session: name,
    durationMs: Math.round(performance.now() - begunAt),
    connections: countConnections(capture),
    records: { events: counts.events, frames: counts.frames, messages: counts.messages },
    bytes: { 'client→server': traffic.clientToServer.bytes, 'server→client': traffic.serverToClient.bytes },
    steps,
    messages: messageReports(capture, schema.current, messages),
    ...(protocol === 'grpc' && { calls: callReports(calls, cut) }),
  };
}

function countConnections(capture: Capture): number {
  let count = 0;
  while (capture.connection(count + 1)) count += 1;
  return count;
}
