// The changelog as a source of release notes. `node scripts/release-check-changelog.mjs v1.2.3` prints those of a version.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const HEADING = /^## \[(?<version>[^\]]+)\](?: - (?<date>\d{4}-\d{2}-\d{2}))?$/;
const KINDS = new Set(['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security']);

/** The sections of a changelog: `{ version, date, body }`, newest first. */
export function sectionsOf(changelog) {
  const sections = [];
  for (const line of changelog.split('\n')) {
    const heading = HEADING.exec(line)?.groups;
    if (heading) sections.push({ version: heading.version, date: heading.date, lines: [] });
    else if (line.startsWith('## ')) sections.push({ version: line.slice(3), malformed: true, lines: [] });
    else sections.at(-1)?.lines.push(line);
  }
  return sections.map(({ lines, ...section }) => ({ ...section, body: lines.join('\n').trim() }));
}

/** What is wrong with a changelog for `version`; `released`: the version must have a section with a date. */
export function changelogProblems(changelog, version, released) {
  const sections = sectionsOf(changelog);
  const problems = [];
  if (sections[0]?.version !== 'Unreleased') problems.push('CHANGELOG.md does not begin with [Unreleased].');
  for (const { version: name, malformed, body } of sections) {
    if (malformed) problems.push(`CHANGELOG.md: "## ${name}" is not "## [1.2.3] - 2026-01-31".`);
    for (const [, kind] of body.matchAll(/^### (.+)$/gm))
      if (!KINDS.has(kind)) problems.push(`CHANGELOG.md: "${kind}" under ${name} is no kind of Keep a Changelog.`);
  }
  if (!released) return problems;
  const section = sections.find((each) => each.version === version);
  if (!section) problems.push(`CHANGELOG.md has no section for ${version}.`);
  else if (!section.date) problems.push(`CHANGELOG.md: ${version} has no date.`);
  else if (!/^[-*] /m.test(section.body)) problems.push(`CHANGELOG.md says nothing about ${version}.`);
  return problems;
}

if (import.meta.filename === resolve(process.argv[1] ?? '')) {
  const version = (process.argv[2] ?? '').replace(/^v/, '');
  const changelog = readFileSync(join(import.meta.dirname, '..', 'CHANGELOG.md'), 'utf8');
  const section = sectionsOf(changelog).find((each) => each.version === version);
  if (!section) {
    console.error(`CHANGELOG.md has no section for ${version}.`);
    process.exit(1);
  }
  console.log(section.body);
}
