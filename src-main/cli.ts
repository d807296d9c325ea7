#!/usr/bin/env node
// `wirescope serve | run | read`: wires, nothing else.
import { main } from './headless/main.ts';

void main(process.argv.slice(2), process.argv[1]!).then((code) => {
  process.exitCode = code;
});
