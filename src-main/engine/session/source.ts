// What fills a session's capture: an endpoint that runs, or a file that is read.
import type { Phase, SessionState } from '../../bridge/contract.ts';
import type { Capture } from '../../capture/capture.ts';
import type { Problem } from '../../core/event.ts';
import type { ConnectionState } from '../../endpoints/endpoint.ts';

export interface SourceStatus {
  phase: Phase;
  /** What the phase is at, for a person: the step, the peer, how it closed. */
  text: string;
  trust: SessionState['trust'];
  problem?: Problem;
  /** How far a file is read, 0 … 1; absent when all is. */
  progress?: number;
}

export const NO_TRUST: SessionState['trust'] = { lock: 'none', text: '' };

export interface Source {
  readonly capture: Capture;
  readonly status: SourceStatus;
  readonly connections: readonly ConnectionState[];
  readonly openConnections: number;
  /** Ends what runs; the capture stays readable. Never rejects. */
  stop(): Promise<void>;
  /** Ends everything and lets go of the capture's file. */
  dispose(): Promise<void>;
}
