// `npm run release:check [-- --tag v1.2.3]`: what a release would fail on, found here: version, changelog, lock file,
// workflows, the packages' configuration. With a tag it must be the version's, the changelog must be ready, and nothing may
// be published under an address that nobody has.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseDocument } from 'yaml';
import { changelogProblems } from './release-check-changelog.mjs';
import { packageProblems, placeholders } from './release-check-packages.mjs';
import { workflowProblems } from './release-check-workflows.mjs';

const root = join(import.meta.dirname, '..');
const read = (...path) => readFileSync(join(root, ...path), 'utf8');

/** Jobs that write, and what. */
const WRITERS = {
  'release.yml': { draft: ['contents', 'id-token', 'attestations'] },
  'code-scanning.yml': { codeql: ['security-events'] },
};

const { values } = parseArgs({ options: { tag: { type: 'string' } } });
const { version, dependencies, devDependencies } = JSON.parse(read('package.json'));
const lock = JSON.parse(read('package-lock.json'));
const problems = [];

if (!/^\d+\.\d+\.\d+$/.test(version)) problems.push(`package.json: "${version}" is no version.`);
if (values.tag && values.tag !== `v${version}`) problems.push(`The tag ${values.tag} is not v${version}.`);
if (lock.version !== version) problems.push(`package-lock.json is of ${lock.version}, package.json of ${version}.`);
if (dependencies) problems.push('package.json: everything is bundled, so it must have no dependencies.');
for (const [name, range] of Object.entries(devDependencies))
  if (!/^\d/.test(range)) problems.push(`package.json: ${name} is not pinned to a version but ${range}.`);

problems.push(...changelogProblems(read('CHANGELOG.md'), version, values.tag !== undefined));

const workflows = readdirSync(join(root, '.github', 'workflows'));
for (const wanted of ['ci.yml', 'release.yml', 'code-scanning.yml'])
  if (!workflows.includes(wanted)) problems.push(`.github/workflows/${wanted} is missing.`);
for (const name of workflows)
  problems.push(...workflowProblems(name, read('.github', 'workflows', name), WRITERS[name]));
for (const error of parseDocument(read('.github', 'dependabot.yml')).errors) problems.push(`dependabot.yml: ${error}`);

const { default: config } = await import('../electron-builder.config.mjs');
problems.push(...(await packageProblems(config, (path) => existsSync(join(root, path)))));

const unset = placeholders(config);
if (values.tag) problems.push(...unset);

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(`Ready: ${version}, ${workflows.length} workflows, packages for macOS, Windows and Linux.`);
if (unset.length > 0) console.log(['To be set before a release:', ...unset].join('\n  '));
