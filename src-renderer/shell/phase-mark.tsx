// A session's state as a shape and a colour, so that neither alone has to tell it.
import type { Phase, SessionState } from '../../src-main/bridge/contract.ts';
import { formatPlural } from '../ui/format.ts';
import './phase-mark.css';

/** What a person calls each phase. */
const PHASE_WORDS: { readonly [P in Phase]: string } = {
  idle: 'Not connected',
  connecting: 'Connecting',
  waiting: 'Waiting to retry',
  open: 'Connected',
  closing: 'Closing',
  closed: 'Closed',
  failed: 'Failed',
  loading: 'Loading',
};

/** The phase in a word or two, fit to the role: `Listening, 3 connections`. */
export function phaseText(session: SessionState): string {
  const { phase, connections } = session;
  const { role, protocol } = session.config;
  if (role === 'capture') return phase === 'loading' ? 'Loading' : phase === 'failed' ? 'Failed' : 'Capture';
  if (role === 'server') {
    if (phase === 'open' && protocol === 'udp') return 'Listening';
    if (phase === 'open')
      return connections > 0 ? `Listening, ${formatPlural(connections, 'connection')}` : 'Listening';
    if (phase === 'idle') return 'Not listening';
    if (phase === 'connecting') return 'Starting';
    if (phase === 'closed') return 'Stopped';
  }
  return PHASE_WORDS[phase];
}

/** Silent: whoever shows it says phaseText too. Filled: open. Ring: at rest. Turning arc: on its way. Cross: failed. Bar: a file. */
export function PhaseMark({ session }: { session: SessionState }) {
  const isFile = session.config.role === 'capture' && session.phase !== 'loading' && session.phase !== 'failed';
  const shape = isFile ? 'file' : session.phase;
  return (
    <svg className={`phase phase-${shape}`} width="12" height="12" viewBox="0 0 12 12" aria-hidden>
      {shape === 'open' && <circle cx="6" cy="6" r="4" />}
      {(shape === 'idle' || shape === 'closed') && <circle cx="6" cy="6" r="3.4" />}
      {shape === 'failed' && <path d="M3 3l6 6M9 3l-6 6" />}
      {shape === 'waiting' && <path d="M6 1.4a4.6 4.6 0 1 0 0.01 0M6 3.6v2.6h2" />}
      {(shape === 'connecting' || shape === 'closing' || shape === 'loading') && (
        <path className="phase-arc" d="M6 2.2a3.8 3.8 0 1 1-3.8 3.8" />
      )}
      {shape === 'file' && <path d="M2.5 3.5h7M2.5 6h7M2.5 8.5h4" />}
    </svg>
  );
}
