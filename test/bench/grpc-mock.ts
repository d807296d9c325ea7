// Our mock server as a peer of a benchmark: it echoes, and records on a capture on disk, as a session does.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCapture } from '../../src-main/capture/capture.ts';
import { createGrpcServer } from '../../src-main/endpoints/grpc/server.ts';
import { benchSchema } from './grpc-methods.ts';

/** Resolves with the port; the capture goes with the process. */
export async function startMock(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'wirescope-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const { recorder } = createCapture(join(folder, 'bench.pcapng'));
  return new Promise((resolve, reject) => {
    const endpoint = createGrpcServer(
      {
        wirescope: 1,
        name: 'bench',
        role: 'server',
        protocol: 'grpc',
        listen: '127.0.0.1:0',
        server: { behaviour: 'echo' },
      },
      {
        recorder,
        stateChanged: (state) => {
          if (state.phase === 'open') resolve(Number(state.address.split(':').at(-1)));
        },
        connectionsChanged: () => {},
        content: async () => ({ bytes: new Uint8Array(0), text: false }),
        path: (relative) => relative,
        schema: async () => benchSchema,
      },
    );
    endpoint.start().catch(reject);
  });
}
