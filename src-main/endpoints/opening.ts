// How the opening of an endpoint comes out: on the timeline, in its state, and for whoever waits for it.
import type { TlsConfig } from '../core/session-config.ts';
import type { EndpointError, EndpointHost, Trust } from './endpoint.ts';
import { failedEvent } from './failed-event.ts';
import { cancelled, endpointError, isCancelled, type ProblemContext } from './problems.ts';

/** Puts on the timeline that a try to open has failed, or was cancelled. Returns the failure. */
export function noteFailure({ recorder }: EndpointHost, error: unknown, context: ProblemContext): EndpointError {
  const failure = endpointError(error, context);
  const { problem } = failure;
  recorder.event(
    isCancelled(failure) ? { type: 'ended', severity: 'info', text: problem.what } : failedEvent(problem),
    recorder.now(),
  );
  return failure;
}

/** Shows that nothing more is tried. Returns the error to throw. */
export function giveUp(host: EndpointHost, failure: EndpointError, signal: AbortSignal): EndpointError {
  const stopped = isCancelled(failure) || signal.aborted;
  host.stateChanged(stopped ? { phase: 'closed', text: 'Cancelled' } : { phase: 'failed', problem: failure.problem });
  return stopped ? cancelled() : failure;
}

/** Opens what is tried once, or prepares what is tried again. Rejects with an EndpointError. */
export async function openOnce<T>(
  host: EndpointHost,
  signal: AbortSignal,
  context: ProblemContext,
  open: () => Promise<T> | T,
): Promise<T> {
  try {
    return await open();
  } catch (error) {
    throw giveUp(host, noteFailure(host, signal.aborted ? cancelled() : error, context), signal);
  }
}

/** What the lock of a server shows. */
export function serverTrust(tls: TlsConfig | undefined): Trust {
  if (!tls) return { lock: 'none' };
  return tls.requestClientCertificate && tls.verify !== false
    ? { lock: 'verified', text: 'Only clients with a verified certificate are let in.' }
    : { lock: 'unverified', text: 'Encrypted; who the clients are is not checked.' };
}
