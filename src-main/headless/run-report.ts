// The reports of `wirescope run`: text for people, JSON for programs, JUnit XML for build servers.
import type { StepResult } from '../engine/scripts/steps.ts';
import type { SessionReport } from './session-run.ts';

export const REPORTS = ['text', 'json', 'junit'] as const;
export type ReportKind = (typeof REPORTS)[number];

/** How a report calls its session: with the row of the data it ran for. */
function titleOf({ session, iteration }: SessionReport): string {
  return iteration ? `${session} [${iteration.at} of ${iteration.of}]` : session;
}

/** One object for one session; for several `{ ok, sessions }`. */
export function jsonReport(reports: readonly SessionReport[]): string {
  const [only] = reports;
  const value = reports.length === 1 ? only : { ok: reports.every(({ ok }) => ok), sessions: reports };
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** `quiet`: failures only. */
export function textReport(report: SessionReport, quiet: boolean): string {
  if (quiet && report.ok) return '';
  const { ok, durationMs, steps, records, bytes, calls = [] } = report;
  const lines = steps.filter((step) => !quiet || !step.ok).map(stepLine);
  const cut = calls.filter((call) => call.cut).map(({ method }) => `  ! ${method} was still open and was cancelled`);
  const traffic = `${records.messages} messages, ${bytes['client→server']} B →, ${bytes['server→client']} B ←`;
  return `${[titleOf(report), ...lines, ...cut, `  ${ok ? 'passed' : 'failed'} in ${durationMs} ms: ${traffic}`].join('\n')}\n`;
}

function stepLine({ step, ok, ms, error }: StepResult): string {
  const line = `  ${ok ? '✓' : '✗'} ${step}  ${ms} ms`;
  return error === null ? line : `${line}\n      ${error}`;
}

/** A test suite for each session, a test case for each step that was run. */
export function junitReport(reports: readonly SessionReport[]): string {
  const suites = reports.map((report) => {
    const title = xml(titleOf(report));
    const cases = report.steps.map(({ step, ms, error }) => {
      const attributes = `classname="${title}" name="${xml(step)}" time="${seconds(ms)}"`;
      if (error === null) return `    <testcase ${attributes}/>\n`;
      return `    <testcase ${attributes}><failure message="${xml(error)}"/></testcase>\n`;
    });
    const failures = report.steps.filter(({ ok }) => !ok).length;
    const totals = `tests="${cases.length}" failures="${failures}" time="${seconds(report.durationMs)}"`;
    return `  <testsuite name="${title}" ${totals}>\n${cases.join('')}  </testsuite>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('')}</testsuites>\n`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** XML 1.0 has no way to write most control characters: they become spaces. */
function xml(text: string): string {
  return text
    .replace(/(?![\x80-\x9f])[\p{Cc}\ufffe\uffff]/gu, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}
