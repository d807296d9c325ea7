// Starts and supervises the engine: one utility process, owned by main. It hands out ports and says when the engine is
// gone; it never restarts on its own, so that a crash is seen.
import { MessageChannelMain, type MessagePortMain, type UtilityProcess, utilityProcess } from 'electron';

export interface EngineProcessOptions {
  /** The engine's bundle. */
  script: string;
  dataFolder: string;
  version: string;
  /** Called once for each engine that ends unasked. */
  onStopped(reason: string): void;
}

export class EngineProcess {
  readonly #options: EngineProcessOptions;
  #child: UtilityProcess | undefined;
  #stopping = false;

  constructor(options: EngineProcessOptions) {
    this.#options = options;
  }

  /** Does nothing while one is running. */
  start(): void {
    if (this.#child) return;
    const { script, dataFolder, version } = this.#options;
    const child = utilityProcess.fork(script, [JSON.stringify({ dataFolder, version })], {
      serviceName: 'Wirescope engine',
      stdio: 'inherit',
    });
    this.#child = child;
    child.on('exit', (code) => {
      if (this.#child === child) this.#child = undefined;
      if (!this.#stopping) this.#options.onStopped(`The engine process ended with code ${code}.`);
    });
  }

  /** One end of a new port; the other is already with the engine. Undefined if no engine is running. */
  openPort(): MessagePortMain | undefined {
    if (!this.#child) return undefined;
    const { port1, port2 } = new MessageChannelMain();
    this.#child.postMessage({ type: 'port' }, [port1]);
    return port2;
  }

  /** Asks the engine to finish its captures; resolves when it has ended, after `graceMs` at the latest. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (!child) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => child.kill(), graceMs);
      child.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
      child.postMessage({ type: 'stop' });
    });
  }
}
