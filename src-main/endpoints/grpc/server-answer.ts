// Between a call of a server and whoever answers it: the mock of a method, reflection, health, or a person.
import type { Metadata } from '@grpc/grpc-js';
import type { CallStatus } from './status.ts';

/** A call as those see it who answer it. All that is ordered happens in that order, as fast as the client takes it. */
export interface AnswerableCall {
  /** What comes next waits so long. */
  wait(delayMs: number): void;
  /** Initial metadata; once, before the first message. */
  metadata(metadata: Metadata): void;
  reply(bytes: Uint8Array): void;
  /** Ends the call after what was ordered before. */
  finish(status: CallStatus): void;
}

/** Answers one call. It owns no timers and needs no end: a call that is over forgets what is still to be sent. */
export interface Answerer {
  /** A message; of a method without client streaming the only one. It is not changed any more. */
  heard(message: Uint8Array): void;
  /** The client has sent all it will. */
  ended(): void;
}

/** How calls of one method are answered. */
export interface MethodAnswer {
  /** false: the client must send one message, and it is heard when it is clear that there are no more. */
  clientStreaming: boolean;
  /** false: a person's message is the whole answer. */
  serverStreaming: boolean;
  /** Calls are listed, and a person can send into them. Not so what the server answers by itself. */
  listed: boolean;
  /** A person should answer. */
  manual: boolean;
  begin(call: AnswerableCall): Answerer;
}

/** Of an answerer that has nothing to say to messages. */
export const DEAF: Answerer = { heard() {}, ended() {} };
