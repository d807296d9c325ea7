// Electron's entry: wires, nothing else.
import { startDesktop } from './desktop/desktop.ts';

startDesktop();
