// The lines of the service browser: services with their methods, as far as they fit what was typed. Pure.
import type { ServiceMethod, ServiceType } from '../../src-main/core/schema.ts';

export type BrowserLine =
  | { kind: 'service'; service: ServiceType }
  | { kind: 'method'; service: ServiceType; method: ServiceMethod };

/** Words must all occur in a method's path, types or comment, or in its service's; names before comments. */
export function browserLines(services: readonly ServiceType[], typed: string): BrowserLine[] {
  const words = typed
    .toLowerCase()
    .split(/[\s/]+/)
    .filter(Boolean);
  const lines: BrowserLine[] = [];
  for (const service of services) {
    const methods = service.methods.filter((method) => {
      const text = [method.path, method.input, method.output, method.comment, service.comment].join(' ').toLowerCase();
      return words.every((word) => text.includes(word));
    });
    if (methods.length === 0 && words.length > 0) continue;
    const ranked = [...methods].sort((a, b) => rank(a, words) - rank(b, words));
    lines.push({ kind: 'service', service });
    for (const method of ranked) lines.push({ kind: 'method', service, method });
  }
  return lines;
}

/** How many of the words the method's own name lacks. */
function rank(method: ServiceMethod, words: readonly string[]): number {
  return words.filter((word) => !method.name.toLowerCase().includes(word)).length;
}

/** The next method line from `at` in steps of 1 or -1; `at` where there is none. */
export function stepLine(lines: readonly BrowserLine[], at: number, step: number): number {
  const direction = Math.sign(step);
  let left = Math.abs(step);
  let found = at;
  for (let next = at + direction; next >= 0 && next < lines.length && left > 0; next += direction) {
    if (lines[next]?.kind !== 'method') continue;
    found = next;
    left -= 1;
  }
  return found;
}
