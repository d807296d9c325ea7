// A process that records until it is killed (or half a minute has passed), and says on standard output what it has recorded and when.
import { writeSync } from 'node:fs';
import { createCapture } from '../../src-main/capture/capture.ts';
import { Direction } from '../../src-main/core/record.ts';

const { recorder } = createCapture(process.argv[2]!);
const connection = recorder.connection(
  {
    transport: 'tcp',
    client: { address: '127.0.0.1', port: 50_000 },
    server: { address: '127.0.0.1', port: 9001 },
    decrypted: false,
    dissectAs: { protocol: 'tcp', framing: { kind: 'lines' } },
  },
  recorder.now(),
);
const encoder = new TextEncoder();
let number = 0;
setInterval(() => {
  connection.chunk(Direction.clientToServer, encoder.encode(`${number}\n`), recorder.now());
  writeSync(1, `${number} ${Date.now()}\n`);
  number++;
}, 2);
setTimeout(() => process.exit(1), 30_000);
