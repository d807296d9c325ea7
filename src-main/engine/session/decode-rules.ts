// What a capture session says of its ports, as the dissectors are told of it.
import type { DissectAs } from '../../core/protocol.ts';
import type { DecodeRule } from '../../core/session-config.ts';
import { framingOf } from '../../endpoints/tcp/framing.ts';
import { problem } from '../problem.ts';

/** Server port → what its bytes are taken for. Throws a ProblemError or an EndpointError for rules that cannot be kept. */
export function decodeRules(rules: readonly DecodeRule[] = []): ReadonlyMap<number, DissectAs> {
  const byPort = new Map<number, DissectAs>();
  for (const rule of rules) {
    if (byPort.has(rule.port)) {
      throw problem(`Port ${rule.port} is to be decoded in two ways.`, {
        why: 'The session has two rules for it.',
        next: 'Delete one of them.',
      });
    }
    byPort.set(rule.port, rule.as === 'tcp' ? { protocol: 'tcp', framing: framingOf(rule) } : { protocol: rule.as });
  }
  return byPort;
}
