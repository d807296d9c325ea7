// Finds files that import each other in a circle, which compilers refuse. Their types work here all the same.
import type { SchemaProblem } from '../core/schema.ts';
import type { SourcedFile } from './types.ts';

/** Circles that are told of. */
const MAX_CIRCLES = 10;

/** One warning a circle, at the file in which it closes. */
export function importCircles(files: readonly SourcedFile[]): SchemaProblem[] {
  const byName = new Map(files.map((sourced) => [sourced.file.name ?? '', sourced]));
  const problems: SchemaProblem[] = [];
  const done = new Set<string>();
  for (const start of byName.keys()) {
    // The way from `start` to the file being looked at, and how many of each one's imports were followed.
    const way: { name: string; next: number }[] = [{ name: start, next: 0 }];
    const onWay = new Set([start]);
    for (let top = way[way.length - 1]; top; top = way[way.length - 1]) {
      const name = done.has(top.name) ? undefined : byName.get(top.name)?.file.dependency?.[top.next++];
      if (name === undefined) {
        done.add(top.name);
        onWay.delete(top.name);
        way.pop();
      } else if (onWay.has(name)) {
        const circle = way.slice(way.findIndex((step) => step.name === name)).map((step) => step.name);
        const text = `Files import each other in a circle: ${[...circle, name].join(' → ')}.`;
        const source = byName.get(name)?.source ?? name;
        if (problems.length < MAX_CIRCLES) problems.push({ severity: 'warning', text, source });
      } else if (byName.has(name) && !done.has(name)) {
        way.push({ name, next: 0 });
        onWay.add(name);
      }
    }
  }
  return problems;
}
