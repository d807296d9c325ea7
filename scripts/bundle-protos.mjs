// Writes src-main/schemas/bundled-protos.ts: the protos that are there without anybody's files, as text that bundles
// into the built programs. Run it after changing protos/google or protos/grpc; a test tells when it was forgotten.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const protos = join(root, 'protos');

function filesIn(folder) {
  return readdirSync(join(protos, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

const escaped = (text) => text.replace(/[\\`]|\$\{/g, (special) => `\\${special}`);
const entries = [...filesIn('google'), ...filesIn('grpc')]
  .filter((file) => file.endsWith('.proto'))
  .sort()
  .map((file) => `  '${file}': \`${escaped(readFileSync(join(protos, file), 'utf8'))}\`,\n`);

writeFileSync(
  join(root, 'src-main/schemas/bundled-protos.ts'),
  `// Made by scripts/bundle-protos.mjs from protos/: change those instead.

/** Text of well-known .proto files by the name that others import them with. */
export const BUNDLED_PROTOS: { readonly [file: string]: string } = {
${entries.join('')}};
`,
);
