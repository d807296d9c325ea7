// A CycloneDX list of what a package is made of: the packages that were bundled, and Electron. The same build makes the
// same list.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `packages`: `{ name, version, license }` of each that is in a bundle. `root`: the repository. */
export function sbomOf(packages, root) {
  const { name, version, license, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const electron = { name: 'electron', version: devDependencies.electron, license: 'MIT' };
  const components = [electron, ...packages].sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: { type: 'application', name, version, ...licenses(license) } },
    components: components.map((component) => {
      const purl = `pkg:npm/${component.name.replace('@', '%40')}@${component.version}`;
      return {
        type: component === electron ? 'framework' : 'library',
        'bom-ref': purl,
        name: component.name,
        version: component.version,
        scope: 'required',
        ...licenses(component.license),
        purl,
        ...hashes(component, lock),
      };
    }),
  };
}

/** An SPDX expression, or the one name of a licence. */
function licenses(license) {
  return { licenses: [/[ (]/.test(license) ? { expression: license } : { license: { id: license } }] };
}

/** Of the archive in the registry, as the lock file has it. */
function hashes({ name, version }, lock) {
  const locked = Object.entries(lock).find(
    ([path, entry]) => path.endsWith(`node_modules/${name}`) && entry.version === version,
  );
  const digest = /^sha512-(.+)$/.exec(locked?.[1].integrity ?? '')?.[1];
  return digest ? { hashes: [{ alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') }] } : {};
}
