// What carries the bridge's messages: two ends, ordered, whole messages. One file per transport implements it.
import type { Message } from './contract.ts';

export interface Channel {
  /** Never throws; does nothing once the channel is closed. */
  send(message: Message): void;
  /** Called with whatever arrives. It comes from outside: check it before use. Set once, before anything is sent. */
  onMessage(listener: (message: unknown) => void): void;
  /** Called once when the other end is gone. */
  onClose(listener: () => void): void;
  close(): void;
}
