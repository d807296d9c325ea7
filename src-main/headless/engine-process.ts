// Entry of the engine's own process under Electron: serves the bridge on every port that main hands over, and asks main
// for what needs the system's key store. Its argument is JSON: { dataFolder, version, samplesFolder }. Ends with a code
// other than 0 when something nobody foresaw happens, so that main can say so.
import { type EmitterPort, messagePortChannel } from '../bridge/message-port.ts';
import { serve } from '../bridge/serve.ts';
import { createEngine, type EngineOptions } from '../engine/engine.ts';
import { realParts } from '../engine/real-parts.ts';
import { RemoteCipher } from '../workspace/secret-cipher.ts';
import { yieldToWindow } from './priority.ts';

/** Of Electron's parentPort, what is used here; this process imports no electron. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: { data: unknown; ports: EmitterPort[] }) => void): void;
}

function log(line: string): void {
  process.stderr.write(`engine: ${line}\n`);
}

function crash(reason: unknown): void {
  log(reason instanceof Error ? (reason.stack ?? reason.message) : String(reason));
  process.exit(1);
}

process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);

const { parentPort } = process as unknown as { parentPort: ParentPort };
const options = JSON.parse(process.argv[2] ?? '{}') as Pick<EngineOptions, 'dataFolder' | 'version' | 'samplesFolder'>;
const cipher = new RemoteCipher((question) => parentPort.postMessage(question));
const starting = createEngine({ ...options, host: 'desktop', parts: realParts, log, cipher });
// Not before: a window that comes up waits for it.
void starting.then(yieldToWindow);

parentPort.on('message', ({ data, ports }) => {
  const { type } = data as { type: 'port' | 'stop' | 'cipher' };
  // At once: the engine may wait for it while it starts.
  if (type === 'cipher') cipher.hear(data);
  void starting.then(async (engine) => {
    const port = ports[0];
    if (type === 'port' && port) serve(engine, messagePortChannel(port));
    if (type !== 'stop') return;
    await engine.dispose();
    process.exit(0);
  });
});
