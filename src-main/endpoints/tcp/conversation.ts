// One TCP connection's part in a server's behaviour: cuts what it reads into the messages the behaviour hears, and
// writes the answers.
import type { Framing } from '../../core/protocol.ts';
import type { ConnectionRecorder, Recorder } from '../../core/recorder.ts';
import type { Behaviour, Membership, Participant } from '../behaviour.ts';
import type { OutgoingMessage } from '../endpoint.ts';
import { failedEvent } from '../failed-event.ts';
import { problemOf } from '../problems.ts';
import { frameForSending, MAX_MESSAGE_BYTES, MessageAssembler } from './framing.ts';
import type { TcpStream } from './stream.ts';

export interface Conversation {
  /** What was read. The chunk is not changed any more. */
  hear(chunk: Uint8Array): void;
  /** The peer has finished sending. */
  peerEnded(): void;
  /** The connection is over. */
  leave(): void;
}

/** Nothing for a silent behaviour: then nothing need be done with what is read. */
export function openConversation(
  behaviour: Behaviour,
  stream: TcpStream,
  connection: ConnectionRecorder,
  framing: Framing,
  recorder: Recorder,
): Conversation | undefined {
  if (behaviour.kind === 'silent') return undefined;
  // Only scripted answers are composed here; echoes and broadcasts go on as they came, with their framing.
  const composes = behaviour.kind === 'scripted';
  const participant: Participant = {
    connection: connection.connection,
    send: (message) => (composes ? sendFramed(message) : stream.write(message.bytes)),
    close: () => void stream.close(),
    pause: () => stream.pause(),
    resume: () => stream.resume(),
  };
  const membership = behaviour.join(participant);

  function sendFramed(message: OutgoingMessage): Promise<void> | undefined {
    let bytes: Uint8Array;
    try {
      bytes = frameForSending(framing, message.bytes);
    } catch (error) {
      const problem = problemOf(error, { step: 'send', address: stream.state.peer });
      connection.event(failedEvent(problem, `An answer was not sent: ${problem.what}`), recorder.now());
      return undefined;
    }
    return stream.write(bytes);
  }

  return {
    hear: behaviour.kind === 'echo' ? (chunk) => membership.hear({ bytes: chunk, text: false }) : messageHearer(),
    peerEnded: () => void answerEnd(behaviour, membership, stream),
    leave: () => membership.leave(),
  };

  function messageHearer(): (chunk: Uint8Array) => void {
    const assembler = new MessageAssembler(framing, {
      message: (bytes, wire) => membership.hear({ bytes: composes ? bytes : wire, text: false }),
      tooLong(wireBytes) {
        connection.event(
          {
            type: 'limit',
            severity: 'warning',
            text: `A message of ${wireBytes} bytes was not answered: it is longer than ${MAX_MESSAGE_BYTES}`,
          },
          recorder.now(),
        );
      },
    });
    return (chunk) => assembler.push(chunk);
  }
}

/** Who has asked its last question gets its last answer, then the end. In a broadcast there may be more to receive. */
async function answerEnd(behaviour: Behaviour, membership: Membership, stream: TcpStream): Promise<void> {
  if (behaviour.kind === 'broadcast' && !stream.secured) return;
  await membership.idle();
  if (stream.writable) await stream.halfClose().catch(() => {});
}
