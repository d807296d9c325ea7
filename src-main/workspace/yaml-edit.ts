// Changing a YAML text so that it says something else and everything that says nothing stays: comments, the order of keys,
// styles, blank lines. A diff of it shows what a person changed.
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  stringify,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { commonItems, isPlainObject, isSame, type PlainObject } from './plain.ts';

const LINE_WIDTH = 120;

/**
 * The text with `value` as its content. A text that is no YAML is replaced. New keys follow the key before them in `value`.
 * Line ends stay those of the first line, and a byte order mark stays.
 */
export function editYaml(text: string, value: unknown): string {
  const plain = text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n');
  const edited = editPlainYaml(plain, value);
  if (edited === plain) return text;
  const mark = text.startsWith('\ufeff') ? '\ufeff' : '';
  return mark + (/^[^\n]*\r\n/.test(text) ? edited.replaceAll('\n', '\r\n') : edited);
}

function editPlainYaml(text: string, value: unknown): string {
  const document = parseDocument(text, { keepSourceTokens: false });
  if (document.errors.length > 0 || !isCollection(document.contents))
    return stringify(value, { lineWidth: LINE_WIDTH });
  if (isSame(document.toJS(), value)) return text;
  document.contents = changed(document, document.contents, value) as typeof document.contents;
  keepPadding(document, text);
  return document.toString({ lineWidth: LINE_WIDTH, ...styleOf(text) });
}

/** How far its blocks are indented, and whether lists inside mappings are. */
function styleOf(text: string): { indent: number; indentSeq: boolean } {
  const indents = [...text.matchAll(/\n( +)[^\s#]/g)].map((match) => match[1]!.length);
  const indent = indents.reduce((least, each) => Math.min(least, each), indents[0] ?? 2);
  return {
    indent: Math.min(Math.max(indent, 2), 8),
    indentSeq: !/(^|\n)( *)[^\s#-][^\n]*:[ \t]*\n\2- /.test(text),
  };
}

/**
 * Has each pair of braces and brackets written with the spaces inside that it had, and new ones as the first of their kind.
 * The library knows one rule for all.
 */
function keepPadding(document: Document, text: string): void {
  const firsts: { map?: boolean; seq?: boolean } = {};
  const collections: { node: YAMLMap | YAMLSeq; kind: 'map' | 'seq'; padded?: boolean }[] = [];
  visit(document, {
    Collection(_key, node) {
      const kind = isMap(node) ? 'map' : 'seq';
      if (!node.flow || !node.range || node.items.length === 0) return void collections.push({ node, kind });
      const padded = /\s/.test(text[node.range[0] + 1] ?? '');
      firsts[kind] ??= padded;
      collections.push({ node, kind, padded });
    },
  });
  for (const { node, kind, padded = firsts[kind] ?? kind === 'map' } of collections) {
    const write = node.toString.bind(node);
    node.toString = (context, ...more) =>
      write(context && { ...context, flowCollectionPadding: padded ? ' ' : '' }, ...more);
  }
}

/** The node with another content: the same one where that is possible. */
function changed(document: Document, node: unknown, value: unknown): unknown {
  if (isNode(node) && isSame(contentOf(document, node), value)) return node;
  if (isMap(node) && isPlainObject(value)) return changeMap(document, node, value);
  if (isSeq(node) && Array.isArray(value)) return changeSeq(document, node, value);
  const made = document.createNode(value) as Node;
  if (!isNode(node)) return made;
  made.commentBefore = node.commentBefore ?? null;
  made.comment = node.comment ?? null;
  if (node.spaceBefore) made.spaceBefore = true;
  if (isScalar(node) && isScalar(made) && typeof node.value === typeof made.value && node.type) made.type = node.type;
  return made;
}

/** A key with the value, and in the place, of one that is gone is that one under another name. */
function changeMap(document: Document, map: YAMLMap, value: PlainObject): YAMLMap {
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  for (const [index, key] of keys.entries()) {
    const pair = map.items[index];
    const isNew = map.items.every((item) => keyText(item.key) !== key);
    if (!pair || !isNew || keys.includes(keyText(pair.key))) continue;
    if (isScalar(pair.key) && isSame(contentOf(document, pair.value), value[key])) pair.key.value = key;
  }
  map.items = map.items.filter(({ key }) => keys.includes(keyText(key)));
  let at = 0;
  for (const key of keys) {
    const index = map.items.findIndex((pair) => keyText(pair.key) === key);
    if (index >= 0) {
      const pair = map.items[index]!;
      pair.value = changed(document, pair.value, value[key]);
      at = index + 1;
    } else {
      map.items.splice(at, 0, document.createPair(key, value[key]) as Pair<unknown, unknown>);
      at += 1;
    }
  }
  return map;
}

/** Items that are there already keep their comments, wherever they are now; one that changed is the one in its place. */
function changeSeq(document: Document, seq: YAMLSeq, value: readonly unknown[]): YAMLSeq {
  const old = seq.items;
  const contents = old.map((item) => contentOf(document, item));
  const kept = new Map(commonItems(value, contents, isSame));
  const taken = new Set(kept.values());
  const named = new Map(
    contents.flatMap((content, index) => (isPlainObject(content) && !taken.has(index) ? [[content.name, index]] : [])),
  );
  let next = 0;
  seq.items = value.map((item, index) => {
    const same = kept.get(index);
    if (same !== undefined) {
      next = same + 1;
      return old[same];
    }
    const byName = isPlainObject(item) && item.name !== undefined ? named.get(item.name) : undefined;
    const place = byName ?? (next < old.length && !taken.has(next) ? next : undefined);
    if (place === undefined || taken.has(place)) return document.createNode(item);
    taken.add(place);
    next = place + 1;
    return changed(document, old[place], item);
  });
  return seq;
}

function contentOf(document: Document, node: unknown): unknown {
  if (isAlias(node)) return contentOf(document, node.resolve(document));
  return isNode(node) ? node.toJS(document) : node;
}

function keyText(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}
