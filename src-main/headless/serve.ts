// `wirescope serve`: the engine and its gateway, until a signal.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createEngine } from '../engine/engine.ts';
import type { EngineParts } from '../engine/parts.ts';
import { userDataFolder } from './data-folder.ts';
import { openGateway } from './gateway.ts';
import type { Output } from './output.ts';
import { ExitCode, UsageError } from './usage.ts';

export interface ServeOptions {
  port: number;
  /** Folder to open as workspace instead of the last one. */
  workspace?: string;
  /** Data folder instead of the user's. */
  data?: string;
  /** File of secrets instead of the data folder's. */
  secretsFile?: string;
  version: string;
  /** The bundled samples. */
  samplesFolder: string;
  /** Folder of the built renderer. */
  rendererFolder: string;
}

export interface ServeSurroundings {
  parts: EngineParts;
  output: Output;
  log(line: string): void;
  signal: AbortSignal;
}

/** Prints one line, the URL, and resolves after the signal. */
export async function serveApp(options: ServeOptions, { parts, output, log, signal }: ServeSurroundings) {
  const { port, version, samplesFolder, rendererFolder, workspace, secretsFile } = options;
  if (!existsSync(join(rendererFolder, 'index.html')))
    throw new UsageError('The app is not built yet: run "npm run build" first.');
  if (workspace !== undefined && !existsSync(workspace)) throw new UsageError(`There is no folder ${workspace}.`);
  const engine = await createEngine({
    dataFolder: resolve(options.data ?? userDataFolder()),
    ...(workspace !== undefined && { workspace: resolve(workspace) }),
    ...(secretsFile !== undefined && { secretsFile: resolve(secretsFile) }),
    samplesFolder,
    host: 'headless',
    version,
    parts,
    log,
  });
  try {
    const gateway = await openGateway({ engine, rendererFolder, port });
    await output.write(`${gateway.url}\n`);
    if (!signal.aborted) await new Promise((done) => signal.addEventListener('abort', done, { once: true }));
    await gateway.close();
  } finally {
    await engine.dispose();
  }
  return ExitCode.ok;
}
