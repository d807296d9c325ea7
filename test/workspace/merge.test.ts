import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { merge } from '../../src-main/workspace/merge.ts';
import { commonItems, isPlainObject, isSame } from '../../src-main/workspace/plain.ts';

const session = {
  name: 'Seed chat',
  websocket: { headers: { 'X-Team': 'a' }, compression: true },
  messages: [
    { name: 'hello', text: 'Hello' },
    { name: 'bye', text: 'Bye' },
  ],
  script: [{ send: 'hello' }, { wait: '1s' }, { send: 'bye' }],
};

type Session = typeof session & { [key: string]: unknown };

function edited(change: (session: Session) => void): Session {
  const copy = structuredClone(session) as Session;
  change(copy);
  return copy;
}

describe('merging', () => {
  test('changes of different keys are both there', () => {
    const ours = edited((it) => {
      it.websocket.headers['X-Team'] = 'b';
    });
    const theirs = edited((it) => {
      it.name = 'Chat';
      it.target = 'ws://x';
    });
    expect(merge(session, ours, theirs)).toEqual({
      value: { ...ours, name: 'Chat', target: 'ws://x' },
      conflicts: [],
    });
  });

  test('the same change twice is one', () => {
    const both = edited((it) => {
      it.name = 'Chat';
    });
    expect(merge(session, both, structuredClone(both))).toEqual({ value: both, conflicts: [] });
  });

  test('a key that one side removed is gone', () => {
    const ours = edited((it) => {
      Reflect.deleteProperty(it, 'script');
    });
    const theirs = edited((it) => {
      it.name = 'Chat';
    });
    expect(merge(session, ours, theirs)).toEqual({ value: { ...ours, name: 'Chat' }, conflicts: [] });
  });

  test('contradicting changes are named, and ours are in the value', () => {
    const ours = edited((it) => {
      it.websocket.headers['X-Team'] = 'b';
    });
    const theirs = edited((it) => {
      it.websocket.headers['X-Team'] = 'c';
    });
    expect(merge(session, ours, theirs)).toEqual({ value: ours, conflicts: ['websocket.headers.X-Team'] });
  });

  test('messages are one list by name: both new ones stay, and changes inside meet', () => {
    const ours = edited((it) => {
      it.messages[0]!.text = 'Hello!';
      it.messages.push({ name: 'ours', text: '1' });
    });
    const theirs = edited((it) => {
      it.messages[1]!.text = 'Goodbye';
      it.messages.push({ name: 'theirs', text: '2' });
    });
    expect(merge(session, ours, theirs)).toEqual({
      value: {
        ...session,
        messages: [
          { name: 'hello', text: 'Hello!' },
          { name: 'bye', text: 'Goodbye' },
          { name: 'ours', text: '1' },
          { name: 'theirs', text: '2' },
        ],
      },
      conflicts: [],
    });
  });

  test('a message that one side removed and the other changed stays, and is named', () => {
    const ours = edited((it) => {
      it.messages.shift();
    });
    const theirs = edited((it) => {
      it.messages[0]!.text = 'Hello!';
    });
    const { value, conflicts } = merge(session, ours, theirs);
    expect(conflicts).toEqual(['messages.hello']);
    expect((value as Session).messages).toContainEqual({ name: 'hello', text: 'Hello!' });
  });

  test('steps added at different places are both there, at the same place they contradict', () => {
    const front = edited((it) => {
      it.script.unshift({ wait: '5s' });
    });
    const back = edited((it) => {
      it.script.push({ wait: '9s' });
    });
    expect(merge(session, front, back)).toEqual({
      value: { ...session, script: [{ wait: '5s' }, ...session.script, { wait: '9s' }] },
      conflicts: [],
    });
    const other = edited((it) => {
      it.script.push({ wait: '7s' });
    });
    expect(merge(session, other, back).conflicts).toEqual(['script[3]']);
  });

  test('the key __proto__ is a key', () => {
    const ours = JSON.parse('{"headers":{"a":"1"}}');
    const theirs = JSON.parse('{"headers":{"__proto__":"x"}}');
    const { value } = merge({}, ours, theirs);
    expect(JSON.stringify(value)).toBe('{"headers":{"a":"1","__proto__":"x"}}');
  });
});

// Edits by path: one at a time, so that what each side did can be looked for in what came out.
const leaf = fc.oneof(fc.integer({ min: 0, max: 99 }), fc.stringMatching(/^[a-z]{1,5}$/), fc.boolean());
const key = fc.stringMatching(/^[a-e]$/);
const tree = fc.letrec((tie) => ({
  node: fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, fc.dictionary(key, tie('node'), { maxKeys: 4 })),
})).node;
const content = fc.dictionary(key, tree, { maxKeys: 5 });
const edit = fc.record({ path: fc.array(key, { minLength: 1, maxLength: 3 }), value: fc.option(leaf) });
type Edit = { path: string[]; value: unknown };

function apply(value: unknown, { path, value: wanted }: Edit): unknown {
  const [first = '', ...rest] = path;
  const object: { [key: string]: unknown } = isPlainObject(value) ? { ...value } : {};
  if (rest.length > 0) object[first] = apply(object[first], { path: rest, value: wanted });
  else if (wanted === null) delete object[first];
  else object[first] = wanted;
  return object;
}

/** Every path to a leaf, with it. */
function leaves(value: unknown, path = ''): Map<string, unknown> {
  if (!isPlainObject(value)) return new Map([[path, value]]);
  return new Map(Object.entries(value).flatMap(([name, item]) => [...leaves(item, `${path}.${name}`)]));
}

describe('laws of merging', () => {
  test('one side alone is taken as it is', () => {
    fc.assert(
      fc.property(content, fc.array(edit, { maxLength: 6 }), (base, edits) => {
        const ours = edits.reduce<unknown>(apply, base);
        expect(isSame(merge(base, ours, base).value, ours)).toBe(true);
        expect(isSame(merge(base, base, ours).value, ours)).toBe(true);
        expect(merge(base, ours, ours)).toEqual({ value: ours, conflicts: [] });
      }),
    );
  });

  test('what either side wrote is in the result, or at a place that is named', () => {
    fc.assert(
      fc.property(content, fc.array(edit, { maxLength: 6 }), fc.array(edit, { maxLength: 6 }), (base, one, other) => {
        const ours = one.reduce<unknown>(apply, base);
        const theirs = other.reduce<unknown>(apply, base);
        const { value, conflicts } = merge(base, ours, theirs);
        const before = leaves(base);
        const after = leaves(value);
        for (const side of [ours, theirs]) {
          for (const [path, wanted] of leaves(side)) {
            if (before.get(path) === wanted || isPlainObject(wanted)) continue;
            const isNamed = conflicts.some(
              (conflict) => `${path}.`.startsWith(`.${conflict}.`) || `.${conflict}.`.startsWith(`${path}.`),
            );
            expect(isNamed || after.get(path) === wanted, `${path} of ${JSON.stringify(side)}`).toBe(true);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('lists of named items lose none', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-h]$/), { maxLength: 8 });
    fc.assert(
      fc.property(names, names, names, (base, one, other) => {
        const list = (them: string[]) => ({ list: them.map((name) => ({ name })) });
        const { value, conflicts } = merge(list(base), list(one), list(other));
        const merged = (value as { list: { name: string }[] }).list.map(({ name }) => name);
        const expected = new Set([
          ...one.filter((name) => other.includes(name) || !base.includes(name)),
          ...other.filter((name) => one.includes(name) || !base.includes(name)),
        ]);
        expect(new Set(merged)).toEqual(expected);
        expect(merged).toHaveLength(expected.size);
        expect(conflicts).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  test('common items are common and in order', () => {
    const numbers = fc.array(fc.nat(4), { maxLength: 12 });
    fc.assert(
      fc.property(numbers, numbers, (one, other) => {
        const pairs = commonItems(one, other, Object.is);
        for (const [a, b] of pairs) expect(one[a]).toBe(other[b]);
        for (const [index, [a, b]] of pairs.entries()) {
          if (index === 0) continue;
          expect(a).toBeGreaterThan(pairs[index - 1]![0]);
          expect(b).toBeGreaterThan(pairs[index - 1]![1]);
        }
      }),
    );
  });
});
