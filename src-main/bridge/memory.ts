// A channel inside one process, for tests: messages are cloned as a port would, and arrive in a later task.
import type { Channel } from './channel.ts';

class MemoryEnd implements Channel {
  other: MemoryEnd | undefined;
  #message: (message: unknown) => void = () => {};
  #close: () => void = () => {};
  #open = true;

  send(message: unknown): void {
    if (!this.#open) return;
    const copy: unknown = structuredClone(message);
    setTimeout(() => this.other?.deliver(copy), 0);
  }

  deliver(message: unknown): void {
    if (this.#open) this.#message(message);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#message = listener;
  }

  onClose(listener: () => void): void {
    this.#close = listener;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#close();
    this.other?.close();
  }
}

/** Two ends of one channel. */
export function memoryChannel(): [Channel, Channel] {
  const left = new MemoryEnd();
  const right = new MemoryEnd();
  left.other = right;
  right.other = left;
  return [left, right];
}
