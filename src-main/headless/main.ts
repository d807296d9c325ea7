// The command line as a whole: which command, its surroundings, its exit code.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { problemOf } from '../engine/problem.ts';
import { realParts } from '../engine/real-parts.ts';
import { parseRead, parseRun, parseServe } from './command-line.ts';
import { standardOutput } from './output.ts';
import { yieldToWindow } from './priority.ts';
import { read } from './read.ts';
import { run } from './run.ts';
import { serveApp } from './serve.ts';
import { ExitCode, HELP, UsageError } from './usage.ts';

/** Runs `wirescope ARGS…` and resolves with its exit code. `script`: the path this program was started by. */
export async function main(args: readonly string[], script: string): Promise<ExitCode> {
  const [command, ...rest] = args;
  const output = standardOutput();
  const log = (line: string) => void process.stderr.write(`${line}\n`);
  // Nobody is left to be told.
  process.stderr.on('error', () => {});
  const surroundings = { parts: realParts, output, log, signal: interruption() };
  try {
    if (command === '--help' || command === '-h' || rest.includes('--help')) {
      await output.write(HELP);
      return ExitCode.ok;
    }
    if (command === '--version') {
      await output.write(`${version(script)}\n`);
      return ExitCode.ok;
    }
    if (command === 'run') return await run(parseRun(rest), surroundings);
    if (command === 'read') return await read(parseRead(rest), realParts, output);
    if (command === 'serve') {
      yieldToWindow();
      const options = {
        ...parseServe(rest),
        version: version(script),
        samplesFolder: samplesFolder(script),
        rendererFolder: rendererFolder(script),
      };
      return await serveApp(options, surroundings);
    }
    throw new UsageError(command === undefined ? 'Name a command.' : `There is no command ${JSON.stringify(command)}.`);
  } catch (error) {
    if (error instanceof UsageError) {
      log(`wirescope: ${error.message}\nSee wirescope --help.`);
      return ExitCode.usage;
    }
    const { what, why, next, details } = problemOf(error);
    log(`wirescope: ${[what, why, next, details].filter(Boolean).join('\n')}`);
    return ExitCode.usage;
  }
}

/** Aborted by the first Ctrl+C or termination; the second ends the process at once. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
  return controller.signal;
}

/** The folder of the program's package.json: the nearest one above the program, from sources and bundle alike. */
function packageFolder(script: string): string {
  let folder = dirname(realpathSync(script));
  while (!existsSync(join(folder, 'package.json'))) {
    const above = dirname(folder);
    if (above === folder) throw new UsageError('The installation is incomplete: package.json is missing.');
    folder = above;
  }
  return folder;
}

function rendererFolder(script: string): string {
  return join(packageFolder(script), 'out', 'renderer');
}

/** Of a checkout, or beside the packed program. */
function samplesFolder(script: string): string {
  const inside = join(packageFolder(script), 'fixtures', 'samples');
  return existsSync(inside) ? inside : join(dirname(packageFolder(script)), 'samples');
}

function version(script: string): string {
  const file = join(packageFolder(script), 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
