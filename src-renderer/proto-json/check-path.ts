// Where in the text a fault stands that the engine names by a path, as `user.tags[2]: a string is wanted`. Pure.
import { type JsonNode, type JsonTree, propertyOf } from './json-tree.ts';

const STEP = /([^.[\]:\s]+)|\["((?:[^"\\]|\\.)*)"\]|\[([^\]]*)\]/y;

/** Range of the value (or of its key, where it is not there) that an error begins by naming; undefined if it names none. */
export function faultRange(tree: JsonTree, error: string): { start: number; end: number } | undefined {
  const colon = error.indexOf(': ');
  if (colon <= 0 || !tree.root) return undefined;
  let node: JsonNode | undefined = tree.root;
  let range: { start: number; end: number } | undefined;
  let at = 0;
  while (at < colon) {
    if (error[at] === '.') at++;
    STEP.lastIndex = at;
    const match = STEP.exec(error);
    if (!match) return undefined;
    at += match[0].length;
    const step: string = match[1] ?? match[2] ?? match[3] ?? '';
    if (node?.kind === 'array') {
      node = node.items[Number(step)];
      range = node ?? range;
      continue;
    }
    // The key of an extension has brackets of its own.
    const property = propertyOf(node, step, camelCase(step), match[0]);
    if (!property) return range;
    node = property.value;
    range = node ?? { start: property.keyStart, end: property.keyEnd };
  }
  return range;
}

/** `user_name` → `userName` */
function camelCase(name: string): string {
  return name.replace(/_+([a-z0-9])/gi, (_all, letter: string) => letter.toUpperCase());
}
