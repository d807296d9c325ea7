// What can be said about who the peer is and who can read along: pure.
import type { SessionState } from '../../src-main/bridge/contract.ts';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { wantsTls } from '../stores/config-edit.ts';

export interface Trust {
  kind: 'verified' | 'unverified' | 'plain' | 'expected';
  text: string;
}

/** What can be said now: of the connection when there is one, else of what the config asks for. */
export function trustOf(session: Pick<SessionState, 'trust' | 'phase' | 'inherited'>, config: SessionConfig): Trust {
  const { lock, text } = session.trust;
  if (lock === 'verified') return { kind: 'verified', text: text || 'Encrypted, and the peer is verified.' };
  if (lock === 'unverified') {
    return { kind: 'unverified', text: text || 'Encrypted, but nobody checked who the peer is.' };
  }
  if (wantsTls(config) && session.phase !== 'open') {
    const inherited = session.inherited?.find(({ path }) => path === 'tls.verify');
    const isOff = config.tls?.verify === false || (config.tls?.verify === undefined && inherited?.value === 'false');
    if (config.role === 'client' && isOff) {
      const where = config.tls?.verify === false ? 'the settings' : inherited?.from;
      return { kind: 'unverified', text: `TLS without checking the certificate: switched off in ${where}.` };
    }
    const check = config.role === 'client' ? ' and checks the certificate' : '';
    return { kind: 'expected', text: `Uses TLS${check} when connecting.` };
  }
  return { kind: 'plain', text: 'Not encrypted.' };
}
