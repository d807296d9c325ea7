// The lock. Closed only when the peer was verified; open and amber, with the reason, when nobody checked who it is.
import { Lock, LockOpen, ShieldQuestion, Unplug } from 'lucide-react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { wantsTls } from '../stores/config-edit.ts';
import { Tooltip } from '../ui/tooltip.tsx';

interface Trust {
  kind: 'verified' | 'unverified' | 'plain' | 'expected';
  icon: typeof Lock;
  text: string;
}

/** What can be said now: of the connection when there is one, else of what the config asks for. */
export function trustOf(session: Pick<SessionState, 'trust' | 'phase'>, config: SessionConfig): Trust {
  const { lock, text } = session.trust;
  if (lock === 'verified')
    return { kind: 'verified', icon: Lock, text: text || 'Encrypted, and the peer is verified.' };
  if (lock === 'unverified') {
    return { kind: 'unverified', icon: LockOpen, text: text || 'Encrypted, but nobody checked who the peer is.' };
  }
  if (wantsTls(config) && session.phase !== 'open') {
    if (config.role === 'client' && config.tls?.verify === false) {
      return {
        kind: 'unverified',
        icon: LockOpen,
        text: 'TLS without checking the certificate: switched off in the settings.',
      };
    }
    const check = config.role === 'client' ? ' and checks the certificate' : '';
    return { kind: 'expected', icon: ShieldQuestion, text: `Uses TLS${check} when connecting.` };
  }
  return { kind: 'plain', icon: Unplug, text: 'Not encrypted.' };
}

export function TrustMark({ session, config }: { session: SessionState; config: SessionConfig }) {
  const { kind, icon: Icon, text } = trustOf(session, config);
  return (
    <Tooltip text={text}>
      <span className={`trust trust-${kind}`} role="img" aria-label={text}>
        <Icon size={13} strokeWidth={2} aria-hidden />
      </span>
    </Tooltip>
  );
}
