// The lock. Closed only when the peer was verified; open and amber, with the reason, when nobody checked who it is.
import { Lock, LockOpen, type LucideIcon, ShieldQuestion } from 'lucide-react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { Tooltip } from '../ui/tooltip.tsx';
import { type Trust, trustOf } from './trust.ts';

const ICONS: { readonly [K in Trust['kind']]: LucideIcon } = {
  verified: Lock,
  unverified: LockOpen,
  expected: ShieldQuestion,
  plain: LockOpen,
};

export function TrustMark({ session, config }: { session: SessionState; config: SessionConfig }) {
  const { kind, text } = trustOf(session, config);
  const Icon = ICONS[kind];
  return (
    <Tooltip text={text}>
      <span className={`trust trust-${kind}`} role="img" aria-label={text}>
        <Icon size={13} strokeWidth={2} aria-hidden />
      </span>
    </Tooltip>
  );
}
