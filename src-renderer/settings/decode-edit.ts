// Rules for the ports of a capture while they are typed: pure.
import type { DecodeRule } from '../../src-main/core/session-config.ts';
import { framingFault } from './framing-fault.ts';

/** A rule whose port may not have been named yet. */
export type DecodeDraft = Omit<DecodeRule, 'port'> & { port?: number };

/** The rule for another kind; only TCP has a framing. */
export function withKind(draft: DecodeDraft, as: DecodeDraft['as']): DecodeDraft {
  if (as === 'tcp') return { ...draft, as };
  return draft.port === undefined ? { as } : { port: draft.port, as };
}

/** Those that name their port; undefined for none. */
export function wholeRules(drafts: readonly DecodeDraft[]): DecodeRule[] | undefined {
  const whole = drafts.flatMap(({ port, ...rest }) => (port === undefined ? [] : [{ port, ...rest }]));
  return whole.length === 0 ? undefined : whole;
}

/** Why the capture cannot be read by these rules. */
export function decodeFault(drafts: readonly DecodeDraft[]): string | undefined {
  const ports = drafts.map(({ port }) => port);
  const twice = ports.find((port, at) => port !== undefined && ports.indexOf(port) !== at);
  if (twice !== undefined) return `Port ${twice} has two rules: delete one of them.`;
  if (ports.includes(undefined)) return 'A rule names no port yet.';
  for (const { port, ...framing } of drafts) {
    const fault = framingFault(framing);
    if (fault) return `Port ${port}: ${fault}.`;
  }
  return undefined;
}
