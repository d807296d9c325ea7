// Builds the four programs: desktop entry, engine, command line, preload; and the renderer. Everything is bundled.
// CommonJS for what Electron loads: its oldest supported version takes no ES modules in the main process.
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { bundledLicences } from './scripts/bundled-licences.mjs';

const folder = (path: string) => resolve(import.meta.dirname, path);

const licences = bundledLicences({
  root: folder('.'),
  licences: folder('out/licences.txt'),
  sbom: folder('out/wirescope.cdx.json'),
});

export default defineConfig({
  main: {
    plugins: [licences],
    build: {
      outDir: 'out/main',
      minify: true,
      rollupOptions: {
        input: {
          index: folder('src-main/index.ts'),
          engine: folder('src-main/headless/engine-process.ts'),
          cli: folder('src-main/cli.ts'),
        },
        output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' },
      },
    },
  },
  preload: {
    plugins: [licences],
    build: {
      outDir: 'out/preload',
      minify: true,
      rollupOptions: {
        input: { preload: folder('src-main/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: folder('src-renderer'),
    plugins: [react(), licences],
    build: {
      outDir: folder('out/renderer'),
      minify: true,
      target: 'chrome114',
      // The content security policy lets no data: fonts in.
      assetsInlineLimit: 0,
      // Monaco is one piece and comes from the disk.
      chunkSizeWarningLimit: 5000,
      rollupOptions: { input: folder('src-renderer/index.html') },
    },
    worker: { format: 'es', plugins: () => [licences] },
  },
});
