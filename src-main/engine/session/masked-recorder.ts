// A recorder that writes no secret into what it tells of events. Bytes are left alone: they are what was on the wire.
import type { LifecycleEvent } from '../../core/event.ts';
import type { ConnectionRecorder, Recorder } from '../../core/recorder.ts';
import type { SecretMask } from '../../workspace/secret-mask.ts';

/** `mask`: of all secrets whose values were used up to then. */
export function maskedRecorder(recorder: Recorder, mask: SecretMask): Recorder {
  return {
    connection: (info, at) => maskedConnection(recorder.connection(info, at), mask),
    event: (event, at) => recorder.event(maskedEvent(event, mask), at),
    get congested() {
      return recorder.congested;
    },
    drained: () => recorder.drained(),
    now: () => recorder.now(),
  };
}

function maskedConnection(connection: ConnectionRecorder, mask: SecretMask): ConnectionRecorder {
  return {
    connection: connection.connection,
    chunk: (direction, bytes, at) => connection.chunk(direction, bytes, at),
    event: (event, at) => connection.event(maskedEvent(event, mask), at),
    end: (direction, at) => connection.end(direction, at),
    close: (at, reset) => connection.close(at, reset),
  };
}

function maskedEvent(event: LifecycleEvent, mask: SecretMask): LifecycleEvent {
  const { text, fields, problem } = event;
  return {
    ...event,
    text: mask.text(text),
    ...(fields && { fields: mask.data(fields) as NonNullable<LifecycleEvent['fields']> }),
    ...(problem && { problem: mask.problem(problem) }),
  };
}
