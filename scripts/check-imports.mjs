// Holds the import rules of the architecture: which layer may import which, what the pure core may name, no cycles; and
// what lies in a folder beside a file of its name is that file's own.
// `node scripts/check-imports.mjs` prints each breach and exits with 1 if there is one.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseImports } from './parse-imports.mjs';

const root = resolve(process.argv[2] ?? join(import.meta.dirname, '..'));

/** layer → layers it may import (itself always). Layers are folders of src-main, single files, or the renderer. */
const ALLOWED = {
  core: [],
  capture: ['core'],
  schemas: ['core'],
  workspace: ['core'],
  endpoints: ['core', 'schemas'],
  engine: ['core', 'capture', 'schemas', 'workspace', 'endpoints', 'bridge'],
  bridge: ['core', 'engine'],
  headless: ['core', 'capture', 'schemas', 'workspace', 'endpoints', 'engine', 'bridge'],
  desktop: ['bridge', 'workspace'],
  'index.ts': ['desktop', 'headless'],
  'preload.ts': ['desktop'],
  'cli.ts': ['headless'],
  renderer: ['core', 'bridge', 'desktop'],
};

/** What only some may import from outside. */
const PACKAGES = [
  {
    test: (name) => name === 'electron' || name.startsWith('electron/'),
    layers: ['desktop', 'preload.ts'],
    say: 'only desktop/ and preload.ts import electron',
  },
  {
    test: (name) => name.startsWith('node:'),
    not: ['core', 'renderer'],
    say: 'core and the renderer import nothing from node:',
  },
  {
    test: (name) => /^(react|react-dom|monaco-editor|zustand)(\/|$)/.test(name),
    layers: ['renderer'],
    say: 'only the renderer imports interface libraries',
  },
  {
    test: (name) => /^(ws|dgram|net|tls)$/.test(name),
    layers: ['endpoints', 'headless', 'bridge'],
    say: 'sockets belong to endpoints, the gateway and its transport',
  },
];

/** What the renderer may run of src-main; of core, the contract and the desktop's host it may import types only. */
const RENDERER_MAY_RUN = new Set(['src-main/bridge/client.ts', 'src-main/bridge/websocket-client.ts']);
/** Bridge is two layers: what everybody may see, and serve.ts above the engine. */
const BELOW_ENGINE = new Set(['src-main/bridge/contract.ts']);

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return filesBelow(path);
    return /\.tsx?$/.test(name) ? [path] : [];
  });
}

/** The file that alone reads what lies in its folder (`bridge/contract.ts` of `bridge/contract/…`), if `path` lies in such a one. */
function ownerOf(path) {
  const owner = `${dirname(path)}.ts`;
  return existsSync(owner) ? owner : undefined;
}

function layerOf(path) {
  const parts = relative(root, path).split(/[\\/]/);
  return parts[0] === 'src-renderer' ? 'renderer' : parts[1];
}

const files = [...filesBelow(join(root, 'src-main')), ...filesBelow(join(root, 'src-renderer'))];
const breaches = [];
const graph = new Map();

for (const file of files) {
  const name = relative(root, file);
  const layer = layerOf(file);
  if (!(layer in ALLOWED)) breaches.push(`${name}: no layer of the architecture`);
  const targets = new Set();
  graph.set(file, targets);
  for (const { specifier, typeOnly } of parseImports(readFileSync(file, 'utf8'))) {
    if (!specifier.startsWith('.')) {
      for (const rule of PACKAGES) {
        if (!rule.test(specifier)) continue;
        const broken = rule.layers ? !rule.layers.includes(layer) : rule.not.includes(layer);
        if (broken && !typeOnly) breaches.push(`${name}: imports ${specifier}: ${rule.say}`);
      }
      continue;
    }
    if (!/\.tsx?$/.test(specifier)) continue;
    const target = resolve(dirname(file), specifier);
    if (!existsSync(target)) {
      breaches.push(`${name}: imports ${specifier}, which does not exist`);
      continue;
    }
    if (!typeOnly) targets.add(target);
    const owner = ownerOf(target);
    if (owner && file !== owner && ownerOf(file) !== owner)
      breaches.push(`${name}: ${specifier} is read by way of ${relative(root, owner)} only`);
    const targetName = relative(root, target).replaceAll('\\', '/');
    const targetLayer = layerOf(target);
    if (targetLayer === layer) continue;
    if (!ALLOWED[layer]?.includes(targetLayer))
      breaches.push(`${name}: ${layer} must not import ${targetLayer} (${specifier})`);
    else if (layer === 'renderer' && !typeOnly && !RENDERER_MAY_RUN.has(targetName)) {
      breaches.push(`${name}: the renderer imports only types from ${targetName}`);
    } else if (layer === 'engine' && targetLayer === 'bridge' && !BELOW_ENGINE.has(targetName)) {
      breaches.push(`${name}: the engine knows the contract, not ${targetName}`);
    }
  }
}

const state = new Map();
function visit(file, trail) {
  state.set(file, 'open');
  for (const target of graph.get(file) ?? []) {
    if (state.get(target) === 'open') {
      const cycle = [...trail.slice(trail.indexOf(target)), target].map((path) => relative(root, path));
      breaches.push(`cycle: ${cycle.join(' → ')}`);
    } else if (!state.has(target)) visit(target, [...trail, target]);
  }
  state.set(file, 'done');
}
for (const file of files) if (!state.has(file)) visit(file, [file]);

for (const breach of breaches) console.error(breach);
if (breaches.length > 0) process.exit(1);
console.log(`imports: ${files.length} files keep the rules`);
