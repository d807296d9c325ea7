// What GitHub or an attacker would find wrong with a workflow, found before it is pushed: syntax, unknown keys, actions
// that are not pinned, permissions wider than needed, untrusted text inside scripts.
import { isMap, isSeq, LineCounter, parseDocument, visit } from 'yaml';

const WORKFLOW_KEYS = ['name', 'run-name', 'on', 'permissions', 'env', 'defaults', 'concurrency', 'jobs'];
const JOB_KEYS = [
  ...['name', 'needs', 'if', 'permissions', 'runs-on', 'environment', 'concurrency', 'outputs', 'env', 'defaults'],
  ...['steps', 'timeout-minutes', 'strategy', 'continue-on-error', 'container', 'services'],
];
const STEP_KEYS = [
  ...['id', 'if', 'name', 'uses', 'run', 'working-directory', 'shell', 'with', 'env', 'continue-on-error'],
  'timeout-minutes',
];
const EVENTS = ['push', 'pull_request', 'schedule', 'workflow_dispatch'];
const SCOPES = [
  'actions',
  'attestations',
  'checks',
  'contents',
  'id-token',
  'issues',
  'packages',
  'pull-requests',
  'security-events',
];
const RUNNERS = /^(ubuntu|macos|windows)-[\w.]+$|^\$\{\{ matrix\.[\w-]+ \}\}$/;
/** An action of somebody at one commit, with the version that it is for those who read. */
const PINNED = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/;
const VERSION_COMMENT = /^ v\d+(\.\d+)*$/;
/** Text that others choose: inside a script it would be run. */
const UNTRUSTED = /\$\{\{[^}]*\b(github\.(event|head_ref|ref_name|ref)|inputs|matrix|secrets|steps)\b[^}]*\}\}/;

/**
 * Problems of one workflow, each with its line. `writers`: jobs that may have these write permissions,
 * `{ job: ['contents'] }`.
 */
export function workflowProblems(name, text, writers = {}) {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const problems = [];
  const say = (node, what) => problems.push(`${name}:${node?.range ? lines.linePos(node.range[0]).line : 1}: ${what}`);
  for (const error of document.errors) say({ range: error.pos }, error.message.split('\n', 1)[0]);
  if (problems.length > 0 || !isMap(document.contents))
    return problems.length > 0 ? problems : [`${name}:1: no workflow`];

  const root = document.contents;
  known(root, WORKFLOW_KEYS, say);
  checkEvents(root.get('on', true), say);
  const permissions = root.get('permissions', true);
  if (!isMap(permissions) || permissions.items.length > 0) say(permissions, 'top-level permissions must be {}');
  const jobs = root.get('jobs', true);
  if (!isMap(jobs) || jobs.items.length === 0) {
    say(jobs, 'a workflow needs jobs');
    return problems;
  }
  for (const { key, value: job } of jobs.items) checkJob(String(key), job, jobs, writers[String(key)] ?? [], say);
  checkExpressions(document, say);
  return problems;
}

function known(map, keys, say) {
  for (const { key } of map.items) if (!keys.includes(String(key))) say(key, `unknown key "${key}"`);
}

function checkEvents(on, say) {
  const names = isMap(on) ? on.items.map(({ key }) => key) : isSeq(on) ? on.items : [on];
  // pull_request_target and workflow_run would run with secrets what strangers wrote.
  for (const event of names) if (!EVENTS.includes(String(event))) say(event, `event "${event}" is not allowed`);
}

function checkJob(id, job, jobs, mayWrite, say) {
  if (!isMap(job)) return say(job, `job ${id} is empty`);
  known(job, JOB_KEYS, say);
  const runner = String(job.get('runs-on') ?? '');
  if (!RUNNERS.test(runner)) say(job, `job ${id} runs on "${runner}"`);
  else if (runner.endsWith('-latest')) say(job, `job ${id}: name the runner's version`);
  if (typeof job.get('timeout-minutes') !== 'number') say(job, `job ${id} has no timeout-minutes`);
  const needs = job.get('needs');
  for (const need of isSeq(needs) ? needs.items.map(String) : needs ? [String(needs)] : [])
    if (!jobs.has(need)) say(job, `job ${id} needs "${need}", which there is not`);
  checkPermissions(id, job.get('permissions', true), mayWrite, say);
  const steps = job.get('steps', true);
  if (!isSeq(steps) || steps.items.length === 0) return say(job, `job ${id} has no steps`);
  for (const step of steps.items) checkStep(step, say);
}

function checkPermissions(id, permissions, mayWrite, say) {
  if (!isMap(permissions)) return say(permissions, `job ${id} must say its permissions`);
  for (const { key, value } of permissions.items) {
    const level = String(value);
    if (!SCOPES.includes(String(key))) say(key, `unknown permission "${key}"`);
    if (!['read', 'write', 'none'].includes(level)) say(value, `"${level}" is no level of a permission`);
    if (level === 'write' && !mayWrite.includes(String(key))) say(value, `job ${id} must not write ${key}`);
  }
}

function checkStep(step, say) {
  if (!isMap(step)) return say(step, 'a step must be a map');
  known(step, STEP_KEYS, say);
  if (step.has('uses') === step.has('run')) return say(step, 'a step either uses an action or runs a script');
  if (step.has('run')) {
    const run = step.get('run', true);
    if (UNTRUSTED.test(String(run.value))) say(run, 'an expression inside a script: hand it over by env');
    return;
  }
  const uses = step.get('uses', true);
  if (!PINNED.test(String(uses.value))) say(uses, `${uses.value} is not pinned to a commit`);
  else if (!VERSION_COMMENT.test(uses.comment ?? '')) say(uses, `${uses.value} does not say its version: "# v1.2.3"`);
  const credentials = step.getIn(['with', 'persist-credentials']);
  if (String(uses.value).startsWith('actions/checkout@') && credentials !== false)
    say(uses, 'checkout must not keep credentials: persist-credentials: false');
}

/** Expressions that GitHub would not read. */
function checkExpressions(document, say) {
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value !== 'string') return;
      const opened = node.value.split('${{').length - 1;
      const closed = [...node.value.matchAll(/\$\{\{(?:(?!\$\{\{|\}\}).)+\}\}/gs)].length;
      if (opened !== closed) say(node, 'an expression that does not end');
    },
  });
}
