// Builds the stage: the timeline and the inspector over a fake bridge, to be looked at and driven without an engine.
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));

export default defineConfig({
  root: here,
  plugins: [
    react(),
    {
      name: 'fake-bridge',
      enforce: 'pre',
      resolveId: (source) => (source.endsWith('/bridge/bridge.ts') ? `${here}bridge.ts` : undefined),
    },
  ],
});
