// Starts and supervises the engine: one utility process, owned by main. It hands out ports and says when the engine is
// gone; it never restarts on its own, so that a crash is seen.
import { MessageChannelMain, type MessagePortMain, type UtilityProcess, utilityProcess } from 'electron';
import { createBridge } from '../bridge/client.ts';
import type { Bridge } from '../bridge/contract.ts';
import { messagePortChannel } from '../bridge/message-port.ts';
import type { SecretCipher } from '../workspace/secret-cipher.ts';

export interface EngineProcessOptions {
  /** The engine's bundle. */
  script: string;
  dataFolder: string;
  version: string;
  /** The bundled samples. */
  samplesFolder: string;
  /** The system's key store, for the engine's secrets. */
  cipher: SecretCipher;
  /** What the engine prints. */
  log(text: string): void;
  /** An engine was started. */
  onStarted(): void;
  /** Called once for each engine that ends unasked. */
  onStopped(reason: string): void;
}

export class EngineProcess {
  readonly #options: EngineProcessOptions;
  #child: UtilityProcess | undefined;
  #bridge: Bridge | undefined;
  #stopping = false;

  constructor(options: EngineProcessOptions) {
    this.#options = options;
  }

  /** Does nothing while one is running. */
  start(): void {
    if (this.#child) return;
    const { script, dataFolder, version, samplesFolder, cipher, log, onStarted, onStopped } = this.#options;
    const child = utilityProcess.fork(script, [JSON.stringify({ dataFolder, version, samplesFolder })], {
      serviceName: 'Wirescope engine',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => log(String(data)));
    this.#child = child;
    child.on('message', async (message) => {
      // What checks the question is loaded by the first, not by every start.
      const { answerCipher } = await import('../workspace/secret-cipher.ts');
      // The engine may have ended before the answer is there.
      await answerCipher(message, cipher, (answer) => this.#child === child && child.postMessage(answer));
    });
    child.on('exit', (code) => {
      if (this.#child === child) {
        this.#child = undefined;
        this.#bridge = undefined;
      }
      if (!this.#stopping) onStopped(`The engine process ended with code ${code}.`);
    });
    onStarted();
  }

  /** One end of a new port; the other is already with the engine. Undefined if no engine is running. */
  openPort(): MessagePortMain | undefined {
    if (!this.#child) return undefined;
    const { port1, port2 } = new MessageChannelMain();
    this.#child.postMessage({ type: 'port' }, [port1]);
    return port2;
  }

  /** Main's own bridge to the running engine; undefined if none is running. */
  bridge(): Bridge | undefined {
    if (this.#bridge) return this.#bridge;
    const port = this.openPort();
    if (port) this.#bridge = createBridge(messagePortChannel(port));
    return this.#bridge;
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
