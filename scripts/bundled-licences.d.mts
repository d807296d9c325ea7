import type { Plugin } from 'vite';

/** Writes the licence texts of all bundled packages to `file`. */
export function bundledLicences(file: string): Plugin;
