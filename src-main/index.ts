// Electron's entry: wires, nothing else.
import { commandLineArguments, runCommandLine } from './desktop/command-line.ts';
import { startDesktop } from './desktop/desktop.ts';

const args = commandLineArguments(process.argv);
if (args) void runCommandLine(args, async (...call) => (await import('./headless/main.ts')).main(...call));
else startDesktop();
