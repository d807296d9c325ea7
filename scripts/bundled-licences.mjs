// A plugin of the build: writes the licence texts of every package that went into a bundle to one file, a list of those
// packages to another, and fails the build for a package without a licence.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sbomOf } from './sbom.mjs';

const LICENCE_FILE = /^(licen[cs]e|copying|notice|thirdpartynotices)/i;

/** The packages of all builds of this process: the last to end writes them all. */
const packages = new Map();

/** `licences`, `sbom`: paths of the files to write. `root`: the repository. */
export function bundledLicences({ root, licences, sbom }) {
  return {
    name: 'bundled-licences',
    generateBundle() {
      for (const id of this.getModuleIds()) {
        const folder = packageFolder(id);
        if (folder) packages.set(folder, licenceOf(folder));
      }
    },
    writeBundle() {
      const entries = [...packages.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
      mkdirSync(dirname(licences), { recursive: true });
      writeFileSync(licences, `${INTRODUCTION}\n${entries.map(section).join('\n')}`);
      writeFileSync(sbom, `${JSON.stringify(sbomOf(entries, root), null, 2)}\n`);
    },
  };
}

const INTRODUCTION = `Wirescope is licensed under the Apache License 2.0. It contains the packages below, each under its own licence.
Electron and Chromium carry theirs in files of their own.
`;

/** The folder of the package a module belongs to; undefined for the app's own. */
function packageFolder(id) {
  const path = id.replace(/^\0/, '').replace(/\?.*$/, '');
  const match = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(path);
  return match && existsSync(join(match[1], 'package.json')) ? match[1] : undefined;
}

function licenceOf(folder) {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const texts = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && LICENCE_FILE.test(entry.name))
    .map((entry) => readFileSync(join(folder, entry.name), 'utf8').trim());
  // Some authors name the licence and leave its text to the reader.
  if (texts.length === 0 && license === 'MIT') texts.push(mit(author?.name ?? author ?? `the authors of ${name}`));
  if (!license || texts.length === 0) throw new Error(`${name} ${version} is bundled and has no licence text.`);
  return { name, version, license, texts };
}

function section({ name, version, license, texts }) {
  const rule = '─'.repeat(80);
  return `${rule}\n${name} ${version} (${license})\n${rule}\n\n${texts.join('\n\n')}\n`;
}

function mit(holder) {
  return `MIT License

Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
}
