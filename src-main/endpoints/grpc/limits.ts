// How long messages may be: what counts where the config says nothing, and what to do when a limit bites.
import type { GrpcConfig } from '../../core/session-config.ts';

/** The longest message that is taken if the config names no other: as long as with WebSocket. */
const MAX_RECEIVE_BYTES = 64 * 1024 * 1024;

/** Of received messages as grpc-js wants it: −1 is no limit. */
export function receiveLimit({ maxReceiveBytes = MAX_RECEIVE_BYTES }: GrpcConfig): number {
  return maxReceiveBytes || -1;
}

export const RAISE_SEND_LIMIT = 'raise grpc.maxSendBytes, in the settings “Largest message sent”; 0 is no limit';
const RAISE_RECEIVE_LIMIT = 'raise grpc.maxReceiveBytes, in the settings “Largest message received”; 0 is no limit';

/** What grpc-js says of a message beyond a limit of ours, with the setting to raise; undefined if it says something else. */
export function limitText(said: string): string | undefined {
  if (/^Received message (larger|that decompresses)/.test(said)) return `${said}: ${RAISE_RECEIVE_LIMIT}`;
  if (/^Sent message larger/.test(said)) return `${said}: ${RAISE_SEND_LIMIT}`;
  return undefined;
}
