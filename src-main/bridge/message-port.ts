// The bridge over a MessagePort: Electron's in the engine process, the browser's elsewhere. Structured clone carries
// typed arrays and bigints as they are; a port never cuts a message.
import type { Channel } from './channel.ts';
import type { Message } from './contract.ts';

/** Electron's MessagePortMain, which is an EventEmitter. */
export interface EmitterPort {
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
}

/** The browser's (and Node's) MessagePort. `close` tells that the other end is gone. */
export interface TargetPort {
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
  addEventListener(event: string, listener: (event: { data?: unknown }) => void): void;
}

/** Nothing is received before onMessage() is called: the port holds it. */
export function messagePortChannel(port: EmitterPort | TargetPort): Channel {
  let open = true;
  const listen = (event: 'message' | 'close', listener: (event: { data?: unknown }) => void) => {
    if ('addEventListener' in port) port.addEventListener(event, listener);
    else port.on(event as 'message', listener);
  };
  return {
    send(message: Message) {
      if (open) port.postMessage(message);
    },
    onMessage(listener) {
      listen('message', (event) => listener(event.data));
      port.start();
    },
    onClose(listener) {
      listen('close', () => {
        if (!open) return;
        open = false;
        listener();
      });
    },
    close: () => port.close(),
  };
}
