// The command line inside the packaged app: the launcher `wirescope run …` starts the app's own executable with
// `--cli -- run …`, for a package has no other Node. No window, no single instance, no page.
import { join } from 'node:path';
import { app } from 'electron';

/** The command line's own among the app's arguments, or undefined if the app is to open its window. */
export function commandLineArguments(args: readonly string[]): string[] | undefined {
  // The second mark keeps Chromium from reading what follows as switches of its own.
  const at = args.findIndex((argument, index) => argument === '--cli' && args[index + 1] === '--');
  return at < 0 ? undefined : args.slice(at + 2);
}

/** Runs `main` with the arguments and ends the process with its exit code. */
export async function runCommandLine(
  args: readonly string[],
  main: (args: readonly string[], script: string) => Promise<number>,
): Promise<void> {
  app.disableHardwareAcceleration();
  if (process.platform === 'darwin') app.setActivationPolicy('prohibited');
  // Chromium takes the signals of the terminal until it is ready; then they are the command line's.
  await app.whenReady();
  const code = await main(args, join(app.getAppPath(), 'out', 'main', 'cli.cjs'));
  process.stdout.write('', () => app.exit(code));
}
