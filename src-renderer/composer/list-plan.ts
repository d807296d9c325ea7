// What is sent when a list is sent, and when: from lines of JSON, or from saved messages in rows. Pure.
import type { Input } from '../../src-main/bridge/contract.ts';
import type { Content, SavedMessage, Step } from '../../src-main/core/session-config.ts';
import { readContent, shownMessage } from './content.ts';

/** `name`: of the saved message that it is. */
export type ListItem = { send: Content; name?: string } | { waitMs: number };
export type ListPlan = { ok: true; items: ListItem[]; messages: number } | { ok: false; error: string };

/** A saved message, and what was typed as the wait before it: '' is the pause between two. */
export interface ListRow {
  name: string;
  wait: string;
}

/** More is for a file that a script names. */
const MAX_LIST_MESSAGES = 10_000;

const LONGEST_WAIT_MS = 2 ** 31 - 1;
const UNITS_MS = { ms: 1, s: 1000, m: 60_000 } as const;

/** A message in each line, or `wait 2s`; as the engine reads a file of lines. Empty lines are passed over. */
export function planOfLines(text: string, pauseMs: number): ListPlan {
  const plan = new Planner(pauseMs);
  for (const [index, line] of text.split('\n').entries()) {
    const said = line.trim();
    if (said === '') continue;
    const wait = /^wait\s+(.*)$/.exec(said)?.[1];
    const waitMs = wait === undefined ? undefined : waitMsOf(wait);
    if (waitMs !== undefined) {
      plan.wait(waitMs);
      continue;
    }
    const reading = readContent('json', said);
    if (!reading.ok) return { ok: false, error: `Line ${index + 1}: ${reading.error}` };
    plan.send({ send: reading.content });
  }
  return plan.result();
}

export function planOfRows(rows: readonly ListRow[], saved: readonly SavedMessage[], pauseMs: number): ListPlan {
  const plan = new Planner(pauseMs);
  for (const [index, { name, wait }] of rows.entries()) {
    const fault = (error: string): ListPlan => ({ ok: false, error: `Message ${index + 1}: ${error}` });
    const message = saved.find((each) => each.name === name);
    if (!message) return fault(`there is no saved message “${name}”.`);
    const waitMs = wait.trim() === '' ? undefined : waitMsOf(wait);
    if (waitMs === undefined && wait.trim() !== '') return fault(`“${wait}” is no time such as 250ms, 2s or 1m.`);
    const { mode, text } = shownMessage(message);
    const reading = readContent(mode, text);
    if (!reading.ok) return fault(reading.error);
    if (waitMs !== undefined) plan.wait(waitMs);
    plan.send({ send: reading.content, name });
  }
  return plan.result();
}

/** What the engine is told to send. */
export function entriesOf(items: readonly ListItem[]): Input<'sessions.sendList'>['list'] {
  return items.map((item) => ('waitMs' in item ? item : { send: item.send }));
}

/** Steps of a script that do the same. */
export function stepsOf(items: readonly ListItem[], endStreaming: boolean): Step[] {
  const steps = items.map(
    (item): Step => ('waitMs' in item ? { wait: durationOf(item.waitMs) } : { send: item.name ?? item.send }),
  );
  return endStreaming ? [...steps, 'endStreaming'] : steps;
}

/** As a person writes it in a file: `2s`, `250ms`. */
function durationOf(ms: number): string {
  return ms > 0 && ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

/** Milliseconds of `250ms`, `2s`, `1m` or a number of milliseconds; undefined for anything else. */
function waitMsOf(text: string): number | undefined {
  const [, amount, unit = 'ms'] = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text.trim()) ?? [];
  if (amount === undefined) return undefined;
  const ms = Number(amount) * UNITS_MS[unit as keyof typeof UNITS_MS];
  return ms <= LONGEST_WAIT_MS ? ms : undefined;
}

/** Puts the pause between two messages, but where a wait stands already. */
class Planner {
  readonly #pauseMs: number;
  readonly #items: ListItem[] = [];
  #messages = 0;

  constructor(pauseMs: number) {
    this.#pauseMs = pauseMs;
  }

  wait(waitMs: number): void {
    this.#items.push({ waitMs });
  }

  send(item: Extract<ListItem, { send: Content }>): void {
    const last = this.#items.at(-1);
    if (last && 'send' in last && this.#pauseMs > 0) this.wait(this.#pauseMs);
    this.#items.push(item);
    this.#messages += 1;
  }

  result(): ListPlan {
    if (this.#messages <= MAX_LIST_MESSAGES) return { ok: true, items: this.#items, messages: this.#messages };
    return { ok: false, error: 'These are more than 10,000 messages: have a script send the lines of the file.' };
  }
}
