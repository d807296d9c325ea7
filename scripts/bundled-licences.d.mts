import type { Plugin } from 'vite';

/** Writes the licence texts of all bundled packages to one file, and a CycloneDX list of them to another. */
export function bundledLicences(files: { root: string; licences: string; sbom: string }): Plugin;
