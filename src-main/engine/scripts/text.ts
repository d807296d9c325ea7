// A script as YAML text, for those who would rather write it.
import { stringify } from 'yaml';
import { z } from 'zod';
import type { Output } from '../../bridge/contract.ts';
import { type Step, stepSchema } from '../../core/session-config.ts';
import { checkYaml, YamlFault } from '../../workspace/checked-yaml.ts';

const LINE_WIDTH = 120;

const scriptSchema = z.array(stepSchema).max(10_000);

/** '' for a script without steps. */
export function formatScript(script: readonly Step[]): string {
  return script.length === 0 ? '' : stringify(script, { lineWidth: LINE_WIDTH });
}

/** The steps, or what is wrong and in which line. Nothing written is a script without steps. */
export function parseScript(text: string): Output['script.parse'] {
  try {
    return { ok: true, script: checkYaml(text, scriptSchema.or(z.null())) ?? [] };
  } catch (error) {
    // The latter for aliases that stand for more and more.
    if (!(error instanceof YamlFault || error instanceof ReferenceError)) throw error;
    const line = error instanceof YamlFault ? error.line : undefined;
    return { ok: false, error: stepsByNumber(error.message), ...(line !== undefined && { line }) };
  }
}

/** `1.expect.within: …` → `step 2, expect.within: …`. */
function stepsByNumber(reason: string): string {
  return reason.replace(/(^| in )(\d+)(\.|:|$)/, (_, before: string, index: string, after: string) => {
    return `${before}step ${Number(index) + 1}${after === '.' ? ', ' : after}`;
  });
}
