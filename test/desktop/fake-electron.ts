// Of electron, what the desktop's modules call, recording what they were told. For vi.mock('electron').
import { EventEmitter } from 'node:events';
import { vi } from 'vitest';

type Handler = (event: unknown, ...args: unknown[]) => unknown;

export const handlers = new Map<string, Handler>();
export const listeners = new Map<string, Handler>();
export const windows = new Map<object, object>();

export const ipcMain = {
  handle: (channel: string, handler: Handler) => handlers.set(channel, handler),
  on: (channel: string, listener: Handler) => listeners.set(channel, listener),
};
export const shell = { openExternal: vi.fn(), showItemInFolder: vi.fn(), openPath: vi.fn() };
export const dialog = {
  showOpenDialog: vi.fn(async () => ({ canceled: false, filePaths: ['/chosen'] })),
  showSaveDialog: vi.fn(async () => ({ canceled: false, filePath: '/saved' })),
  showMessageBox: vi.fn(async () => ({ response: 0 })),
};
/** Encrypts by turning bytes round. */
export const safeStorage = {
  available: true,
  backend: 'gnome_libsecret',
  isEncryptionAvailable: () => safeStorage.available,
  getSelectedStorageBackend: () => safeStorage.backend,
  encryptString: (text: string) => Buffer.from(text).reverse(),
  decryptString: (bytes: Buffer) => Buffer.from(bytes).reverse().toString(),
};
export const BrowserWindow = {
  fromWebContents: (contents: object) => windows.get(contents) ?? null,
  getFocusedWindow: vi.fn((): object | null => null),
};

export class Notification extends EventEmitter {
  static shown: Notification[] = [];
  readonly options: { title: string; body: string };
  constructor(options: Notification['options']) {
    super();
    this.options = options;
  }
  show(): void {
    Notification.shown.push(this);
  }
}

export const clipboard = { writeText: vi.fn() };

export class FakeApp extends EventEmitter {
  getVersion = () => '1.2.3';
  quit = vi.fn(() => {
    const event = preventable();
    this.emit('before-quit', event);
    if (event.prevented) return;
    const last = preventable();
    this.emit('will-quit', last);
    this.ended ||= !last.prevented;
  });
  ended = false;
}
export const app = new FakeApp();
export const powerMonitor = new EventEmitter();

export const protocol = {
  handler: undefined as ((request: Request) => Promise<Response>) | undefined,
  privileges: undefined as unknown,
  registerSchemesAsPrivileged: (schemes: unknown) => {
    protocol.privileges = schemes;
  },
  handle: (_scheme: string, handler: (request: Request) => Promise<Response>) => {
    protocol.handler = handler;
  },
};

/** An event that can be prevented, and says whether it was. */
export function preventable(): { prevented: boolean; preventDefault(): void } {
  return {
    prevented: false,
    preventDefault() {
      this.prevented = true;
    },
  };
}
