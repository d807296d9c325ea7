// What can be wrong with a script, and with whom it is to run with, is found before any of it runs.
import type { SessionConfig } from '../../core/session-config.ts';
import { parseListen, parseTarget } from '../../endpoints/address.ts';
import { resolveSettings } from '../../workspace/session-variables.ts';
import type { VariableScope } from '../../workspace/variables.ts';
import { problem } from '../problem.ts';
import { capturedVariable } from './captured-values.ts';
import { compileExpectation, type Expect } from './expectation.ts';
import { savedContent, unknownMessages } from './steps.ts';

/** Throws for addresses that are none, and as checkScript(). `variables`: none of them is changed. */
export function checkRun(config: SessionConfig, variables: VariableScope): void {
  const { role, protocol } = config;
  if (role === 'capture') throw problem('A capture has nobody to run a script with.', { next: 'Read it instead.' });
  const { target, listen } = resolveSettings(config, variables);
  if (role === 'client') parseTarget(target ?? '', protocol);
  parseListen(listen);
  checkScript(config, variables);
}

/**
 * Throws for what is sent and does not exist, calls without a method, expectations that cannot be judged and variables
 * without a value: a ProblemError or a SessionFileError. `variables`: none of them is changed.
 */
export function checkScript(config: SessionConfig, variables: VariableScope): void {
  const { script = [], messages = [], protocol, role, grpc } = config;
  const [unknown] = unknownMessages(script, messages);
  if (unknown !== undefined) throw problem(`The script sends ${JSON.stringify(unknown)}, which is no saved message.`);
  const known = variables.fork();
  for (const step of script) {
    if (typeof step === 'string') continue;
    if ('send' in step || 'sendLines' in step) {
      if (role === 'client' && protocol === 'grpc' && !step.method && !grpc?.method) {
        throw problem('The script sends, but no method is named: write grpc.method, or method beside send.');
      }
      known.resolve('send' in step ? { ...step, send: savedContent(step.send, messages) } : step);
    } else if ('expect' in step) {
      checkExpectation(step.expect, config, variables, known);
    } else known.resolve(step);
  }
}

/** `known`: `variables` and those that were captured up to here; gets those that this one captures. */
function checkExpectation(
  expectation: Expect,
  { protocol }: SessionConfig,
  variables: VariableScope,
  known: VariableScope,
): void {
  known.resolve(expectation);
  if (variables.covers(expectation)) compileExpectation(variables.resolve(expectation), protocol);
  for (const name of Object.keys(expectation.capture ?? {})) known.define(capturedVariable(name, ''));
}
