// Runs the steps of a script against one peer, in order, up to the first that fails.
import { setTimeout as delay } from 'node:timers/promises';
import type { Control } from '../../bridge/contract.ts';
import type { Content, SavedMessage, Step } from '../../core/session-config.ts';
import { durationMs } from '../../core/session-config.ts';
import type { VariableScope } from '../../workspace/variables.ts';
import { problem, problemOf } from '../problem.ts';
import type { CallChoice } from '../session/live-source.ts';
import { capturedVariable } from './captured-values.ts';
import { type Expect, MessageWatch, type WatchedPeer } from './expectation.ts';
import { atLine, readMessageFile } from './message-file.ts';

/** Whom a script talks to: a client's server, or one of a server's clients. */
export interface ScriptPeer extends WatchedPeer {
  /** `choice`: of gRPC, the call that it begins. */
  send(content: Content, choice: CallChoice): Promise<unknown>;
  /** For messages that belong together: sends them, of gRPC into one call. */
  together(choice: CallChoice): (content: Content) => Promise<unknown>;
  /** Where a file is that a step names. */
  path(name: string): string;
  control(command: Control): Promise<void>;
}

export interface StepResult {
  /** The step in words, as `send hello`. */
  step: string;
  ok: boolean;
  ms: number;
  error: string | null;
}

/** What a script runs with. */
export interface ScriptSurroundings {
  /** Saved ones. */
  messages: readonly SavedMessage[];
  peer: ScriptPeer;
  /** Each step sees their values as they are when it begins. Gets those that the script captures. */
  variables: VariableScope;
  /** Aborted: fails the step it interrupts. */
  signal: AbortSignal;
  /** The first record that it may expect; absent: all are new to it. */
  from?: number;
  /** Called when a step begins, and with its result when it has ended. `index`: its place in the script. */
  onStep?(index: number, result?: StepResult): void;
}

/** Names of saved messages that a script sends and that do not exist. */
export function unknownMessages(script: readonly Step[], messages: readonly SavedMessage[]): string[] {
  const known = new Set(messages.map(({ name }) => name));
  const sent = script.flatMap((step) => (sends(step) && typeof step.send === 'string' ? [step.send] : []));
  return sent.filter((name) => !known.has(name));
}

/** Resolves with what was run; the last one is the one that failed, if any did. Never rejects. */
export async function runScript(script: readonly Step[], surroundings: ScriptSurroundings): Promise<StepResult[]> {
  const { peer, signal, from, onStep = () => {} } = surroundings;
  const watch = new MessageWatch(peer, from);
  const results: StepResult[] = [];
  for (const [index, step] of script.entries()) {
    const begunAt = performance.now();
    let error: string | null = null;
    onStep(index);
    try {
      await orAborted(runStep(step, surroundings, watch), signal);
    } catch (reason) {
      const { what, why } = problemOf(reason);
      error = [what, why].filter(Boolean).join(' ');
    }
    if (signal.aborted) error = 'The run was interrupted.';
    const ms = Math.round(performance.now() - begunAt);
    const result = { step: describeStep(step), ok: error === null, ms, error };
    results.push(result);
    onStep(index, result);
    if (!result.ok) break;
  }
  return results;
}

/** Settles as the work does, or resolves when the signal is aborted. */
export function orAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = () => {
      signal.removeEventListener('abort', done);
      resolve();
    };
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
    work.then(done, (error) => {
      signal.removeEventListener('abort', done);
      reject(error);
    });
  });
}

async function runStep(step: Step, surroundings: ScriptSurroundings, watch: MessageWatch): Promise<void> {
  const { messages, peer, variables, signal } = surroundings;
  if (step === 'endStreaming') await peer.control({ type: 'halfClose' });
  else if (step === 'cancel') await peer.control({ type: 'cancel' });
  else if ('send' in step) {
    const { send, ...choice } = step;
    await peer.send(variables.resolve(savedContent(send, messages)), variables.resolve(choice) as CallChoice);
  } else if ('sendLines' in step) {
    await sendLines(step, surroundings);
  } else if ('expect' in step) {
    const values = await watch.expect(variables.resolve(step.expect));
    for (const [name, value] of values) variables.define(capturedVariable(name, value));
  } else if ('wait' in step) await delay(durationMs(step.wait), undefined, { signal });
  else if ('ping' in step) {
    const content = variables.resolve(step.ping);
    await peer.control({ type: 'ping', content: isEmpty(content) ? { text: '' } : content });
  } else {
    const { code, reason } = variables.resolve(step.close);
    await peer.control({ type: 'close', ...(code !== undefined && { code }), ...(reason !== undefined && { reason }) });
  }
}

/** What is in the file is sent as it is: braces in it name no variables. */
async function sendLines(step: SendLines, { peer, variables, signal }: ScriptSurroundings): Promise<void> {
  const { sendLines, ...choice } = variables.resolve(step);
  const send = peer.together(choice as CallChoice);
  for await (const entry of readMessageFile(peer.path(sendLines.file), durationMs(sendLines.pause ?? 0))) {
    if (signal.aborted) return;
    if ('waitMs' in entry) await delay(entry.waitMs, undefined, { signal });
    else {
      try {
        await send({ text: entry.text });
      } catch (error) {
        throw atLine(entry.line, error);
      }
    }
  }
}

/** One line for reports. */
export function describeStep(step: Step): string {
  if (step === 'endStreaming' || step === 'cancel') return step;
  if ('send' in step) {
    const message = typeof step.send === 'string' ? step.send : brief(step.send);
    return step.method === undefined ? `send ${message}` : `send ${message} to ${step.method}`;
  }
  if ('sendLines' in step) {
    const lines = `send lines of ${step.sendLines.file}`;
    return step.method === undefined ? lines : `${lines} to ${step.method}`;
  }
  if ('expect' in step) return `expect ${describeExpectation(step.expect)}`;
  if ('wait' in step) return `wait ${typeof step.wait === 'number' ? `${step.wait}ms` : step.wait}`;
  if ('ping' in step) return isEmpty(step.ping) ? 'ping' : `ping ${brief(step.ping)}`;
  return ['close', step.close.code, step.close.reason].filter((part) => part !== undefined).join(' ');
}

function describeExpectation({ direction, within, ...conditions }: Expect): string {
  const parts = Object.entries(conditions).map(([name, value]) => `${name} ${brief(value)}`);
  return [direction, ...parts, within !== undefined && `within ${within}`].filter(Boolean).join(' ');
}

const MAX_BRIEF_CHARS = 120;

function brief(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > MAX_BRIEF_CHARS ? `${text.slice(0, MAX_BRIEF_CHARS)}…` : text;
}

type SendLines = Extract<Step, { sendLines: unknown }>;

function sends(step: Step): step is Extract<Step, { send: unknown }> {
  return typeof step === 'object' && 'send' in step;
}

function isEmpty(content: Content | Record<string, never>): content is Record<string, never> {
  return Object.keys(content).length === 0;
}

/** What a step sends: a content, or a saved message's by its name. Throws a ProblemError for an unknown name. */
export function savedContent(send: string | Content, messages: readonly SavedMessage[]): Content {
  if (typeof send !== 'string') return send;
  const found = messages.find(({ name }) => name === send);
  if (!found) throw problem(`There is no saved message ${JSON.stringify(send)}.`);
  const { name: _name, ...content } = found;
  return content;
}
