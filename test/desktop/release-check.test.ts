// The check before a release: it passes as things are, and finds each thing that would be wrong.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import config from '../../electron-builder.config.mjs';
import { changelogProblems, sectionsOf } from '../../scripts/release-check-changelog.mjs';
import { packageProblems } from '../../scripts/release-check-packages.mjs';
import { workflowProblems } from '../../scripts/release-check-workflows.mjs';

const root = join(__dirname, '../..');
const { GITHUB_REPOSITORY: _repository, WIRESCOPE_MAINTAINER: _maintainer, ...environment } = process.env;
const releaseCheck = (args: string[] = [], more: { [name: string]: string } = {}) =>
  spawnSync(process.execPath, [join(root, 'scripts/release-check.mjs'), ...args], {
    encoding: 'utf8',
    env: { ...environment, ...more },
  });

test('as things are, nothing would fail but what is to be set', () => {
  const { status, stdout, stderr } = releaseCheck();
  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /^Ready: .*\nTo be set before a release:\n.*homepage is .*GITHUB_REPOSITORY.*\n.*WIRESCOPE_MAINTAINER/,
  );
});

test('nothing is published under an address that nobody has', () => {
  expect(releaseCheck(['--tag', 'v0.0.0']).stderr).toMatch(/maintainer is .*\.invalid/);
  const given = { GITHUB_REPOSITORY: 'a/b', WIRESCOPE_MAINTAINER: 'A <a@example.org>' };
  const { stdout, stderr } = releaseCheck([], given);
  expect(stderr).toBe('');
  expect(stdout).not.toContain('To be set');
});

test('a tag of another version does not', () => {
  const { status, stderr } = releaseCheck(['--tag', 'v99.0.0']);
  expect(stderr).toContain('The tag v99.0.0 is not v');
  expect(status).toBe(1);
});

const CHANGELOG = '# Changelog\n\n## [Unreleased]\n\n## [1.2.0] - 2026-01-31\n\n### Fixed\n- It.\n';

test('the notes of a release are its section', () => {
  expect(sectionsOf(CHANGELOG).at(-1)).toEqual({ version: '1.2.0', date: '2026-01-31', body: '### Fixed\n- It.' });
  expect(changelogProblems(CHANGELOG, '1.2.0', true)).toEqual([]);
});

test.each([
  ['no section', CHANGELOG.replace('1.2.0', '1.1.0'), /no section for 1\.2\.0/],
  ['no date', CHANGELOG.replace(' - 2026-01-31', ''), /no date/],
  ['nothing in it', CHANGELOG.replace('- It.', ''), /says nothing/],
  ['a heading of another form', CHANGELOG.replace('[1.2.0]', '1.2.0'), /is not "## \[1\.2\.3\]/],
  ['a kind of its own', CHANGELOG.replace('Fixed', 'Repaired'), /"Repaired".*no kind/],
  ['no place for what comes', CHANGELOG.replace('## [Unreleased]', ''), /does not begin/],
])('a changelog with %s', (_title, changelog, problem) => {
  expect(changelogProblems(changelog, '1.2.0', true).join('\n')).toMatch(problem);
});

const CHECKOUT = `actions/checkout@${'a'.repeat(40)} # v4.2.2`;
const WORKFLOW = `name: CI
on:
  push:
permissions: {}
jobs:
  build:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions:
      contents: read
    steps:
      - uses: ${CHECKOUT}
        with:
          persist-credentials: false
      - run: echo "$NAME"
        env:
          NAME: \${{ github.event.pull_request.title }}
`;

test('a careful workflow is left alone', () => {
  expect(workflowProblems('ci.yml', WORKFLOW)).toEqual([]);
  expect(
    workflowProblems('ci.yml', WORKFLOW.replace('contents: read', 'contents: write'), { build: ['contents'] }),
  ).toEqual([]);
});

test.each([
  ['YAML that is none', 'jobs:', 'jobs: [', /ci\.yml:/],
  ['a key twice', 'name: CI', 'name: CI\nname: CI', /ci\.yml:2: .*unique/],
  ['an unknown key', 'timeout-minutes', 'timeout', /unknown key "timeout"/],
  ['an unknown key of a step', '- run:', '- shel: x\n        run:', /unknown key "shel"/],
  ['an event with secrets for strangers', '  push:', '  pull_request_target:', /pull_request_target/],
  ['wide permissions', 'permissions: {}', 'permissions: write-all', /must be \{\}/],
  ['no permissions of a job', '    permissions:\n      contents: read\n', '', /must say its permissions/],
  ['a permission to write', 'contents: read', 'contents: write', /must not write contents/],
  ['an unknown permission', 'contents: read', 'content: read', /unknown permission/],
  ['an action by its tag', CHECKOUT, 'actions/checkout@v4', /not pinned/],
  ['an action by a short commit', CHECKOUT, 'actions/checkout@11bd719 # v4', /not pinned/],
  ['an action of no version', ' # v4.2.2', '', /does not say its version/],
  ['credentials that stay', 'persist-credentials: false', 'fetch-depth: 1', /persist-credentials/],
  ['a stranger’s text in a script', 'echo "$NAME"', `echo "\${{ github.event.issue.title }}"`, /hand it over by env/],
  ['an expression that does not end', 'github.event.pull_request.title }}', 'github.event', /does not end/],
  ['a runner of no version', 'ubuntu-24.04', 'ubuntu-latest', /name the runner/],
  ['a runner of one’s own', 'ubuntu-24.04', 'self-hosted', /runs on "self-hosted"/],
  ['no limit of time', '    timeout-minutes: 5\n', '', /no timeout-minutes/],
  ['a need of nobody', 'timeout-minutes: 5', 'timeout-minutes: 5\n    needs: test', /needs "test"/],
  ['a step that does nothing', '- run: echo "$NAME"', '- name: x', /either uses an action or runs/],
])('a workflow with %s', (_title, part, replacement, problem) => {
  expect(WORKFLOW).toContain(part);
  expect(workflowProblems('ci.yml', WORKFLOW.replace(part, replacement)).join('\n')).toMatch(problem);
});

const everything = () => true;

test('the packages are configured', async () => {
  expect(await packageProblems(config, everything)).toEqual([]);
});

test.each<[string, object, RegExp]>([
  ['a key that electron-builder does not know', { ...config, apId: 'x' }, /apId/],
  [
    'a fuse that was left in',
    { ...config, electronFuses: { ...config.electronFuses, runAsNode: true } },
    /runAsNode must be false/,
  ],
  ['no asar', { ...config, asar: false }, /must be an asar/],
  ['a target less', { ...config, linux: { ...config.linux, target: [] } }, /linux: no deb for x64/],
  [
    'releases that nobody has looked at',
    { ...config, publish: { provider: 'github', releaseType: 'release' } },
    /drafts/,
  ],
  ['no hardened runtime', { ...config, mac: { ...config.mac, hardenedRuntime: false } }, /hardened runtime/],
  ['no command', { ...config, win: { ...config.win, extraResources: [] } }, /win: the command wirescope/],
  ['no licences', { ...config, extraResources: [] }, /licences/],
])('packages with %s', async (_title, wrong, problem) => {
  expect((await packageProblems(wrong, everything)).join('\n')).toMatch(problem);
});

test('every file that the packages name is there', async () => {
  expect(await packageProblems(config, (path) => path !== 'build/icon.icns')).toEqual([
    'electron-builder.config.mjs: there is no build/icon.icns',
  ]);
});

test('the workflows hand the release’s tag to the check', () => {
  const release = readFileSync(join(root, '.github/workflows/release.yml'), 'utf8');
  expect(release).toContain('npm run release:check -- --tag "$GITHUB_REF_NAME"');
  expect(release).toContain('--draft');
  expect(release.match(/WIRESCOPE_MAINTAINER: .*vars\.WIRESCOPE_MAINTAINER/g)).toHaveLength(2);
});
