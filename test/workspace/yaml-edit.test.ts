import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { isSame } from '../../src-main/workspace/plain.ts';
import { editYaml } from '../../src-main/workspace/yaml-edit.ts';

const text = `# The seed server's chat
wirescope: 1
name: Seed chat # as in the README
role: client

# Where it runs
target: ws://127.0.0.1:9001/chat
websocket: { headers: { X-Team: a }, compression: true }
messages:
  # says hello
  - { name: hello, json: { user: User1 } }
  - name: bytes
    hex: "00ff" # two of them
script:
  - send: hello
  # give it time
  - wait: 100ms
`;

function edit(change: (config: ReturnType<typeof parse>) => void): string {
  const value = parse(text);
  change(value);
  const edited = editYaml(text, value);
  expect(parse(edited)).toEqual(value);
  return edited;
}

describe('editing YAML', () => {
  test('no change is no change', () => {
    expect(editYaml(text, parse(text))).toBe(text);
  });

  test('line ends and a byte order mark stay', () => {
    const before = '\ufeffa: 1 # one\r\n\r\n# two\r\nb:\r\n- x\r\n- y\r\nc: |\r\n  k\r\n  l\r\n';
    expect(editYaml(before, { a: 1, b: ['x', 'y'], c: 'k\nl\n' })).toBe(before);
    const after = editYaml(before, { a: 2, b: ['x', 'y'], c: 'k\nl\n' });
    expect(after).toBe(before.replace('a: 1', 'a: 2'));
    expect(editYaml('a: 1\r\n', { a: 'x\r\ny\n' })).toMatch(/^a: [^\r\n]*\r\n$/);
  });

  test('a value changes where it stands, comments and all', () => {
    expect(
      edit((it) => {
        it.name = 'Chat';
      }),
    ).toBe(text.replace('name: Seed chat #', 'name: Chat #'));
    expect(
      edit((it) => {
        it.websocket.headers['X-Team'] = 'b';
      }),
    ).toBe(text.replace('X-Team: a', 'X-Team: b'));
  });

  test('a key that gets another name keeps its place, its comments and its value', () => {
    const variables =
      '# All of them.\nhost: h # mine\n# Of the chat.\nport: 9001\ntoken: { secret: true } # never here\n';
    const renamed = { host: 'h', chatPort: 9001, token: { secret: true } };
    expect(editYaml(variables, renamed)).toBe(variables.replace('port:', 'chatPort:'));
    const both = { url: 'h', chatPort: 9001, secretToken: { secret: true } };
    expect(editYaml(variables, both)).toBe(
      variables.replace('host:', 'url:').replace('port:', 'chatPort:').replace('token:', 'secretToken:'),
    );
    // Another value is another thing.
    expect(editYaml(variables, { host: 'h', chatPort: 1, token: { secret: true } })).not.toContain('9001');
  });

  test('a new key follows the one before it', () => {
    expect(
      edit((it) => {
        const { role, ...rest } = it;
        Object.keys(it).forEach((key) => {
          delete it[key];
        });
        Object.assign(it, { wirescope: 1, name: rest.name, role, protocol: 'websocket' }, rest);
      }),
    ).toBe(text.replace('role: client\n', 'role: client\nprotocol: websocket\n'));
  });

  test('a removed key goes with its comment, the others keep theirs', () => {
    const edited = edit((it) => {
      delete it.websocket;
    });
    expect(edited).toBe(text.replace('websocket: { headers: { X-Team: a }, compression: true }\n', ''));
  });

  test('a message changes, moves, comes and goes without disturbing the others', () => {
    const changed = edit((it) => {
      it.messages[0].json.user = 'User2';
    });
    expect(changed).toBe(text.replace('User1', 'User2'));
    const added = edit((it) => {
      it.messages.push({ name: 'third', text: 'x' });
    });
    expect(added).toContain('# says hello\n  - { name: hello');
    expect(added).toContain('hex: "00ff" # two of them\n  - name: third\n    text: x\n');
    const gone = edit((it) => {
      it.messages.shift();
    });
    expect(gone).toContain('hex: "00ff" # two of them');
    expect(gone).toContain('# give it time');
  });

  test('lists that are not indented stay so', () => {
    const flat = 'wirescope: 1\nscript:\n- send: a\n- send: b\n';
    expect(editYaml(flat, { wirescope: 1, script: [{ send: 'a' }, { send: 'c' }] })).toBe(
      'wirescope: 1\nscript:\n- send: a\n- send: c\n',
    );
  });

  test('spaces inside braces and brackets stay, or stay away', () => {
    const styled = "target: 'tcp://{{host}}'\ntcp: { framing: none }\nfiles: [a, b]\nmore: {a: [ 1 ]}\n";
    const value = parse(styled);
    value.target = 'tcp://[::1]:1';
    value.files = ['a', 'c', { d: ['e'] }];
    expect(editYaml(styled, value)).toBe(
      "target: 'tcp://[::1]:1'\ntcp: { framing: none }\nfiles: [a, c, { d: [e] }]\nmore: {a: [ 1 ]}\n",
    );
  });

  test('an anchor that is still true stays', () => {
    const shared = 'a: &x { k: 1 }\nb: *x\nc: 1\n';
    expect(editYaml(shared, { a: { k: 1 }, b: { k: 1 }, c: 2 })).toBe('a: &x { k: 1 }\nb: *x\nc: 2\n');
  });

  test('what is no YAML mapping is replaced', () => {
    expect(editYaml('a: [', { a: 1 })).toBe('a: 1\n');
    expect(editYaml('', { a: 1 })).toBe('a: 1\n');
  });

  test('whatever it says, it says the new value afterwards', () => {
    const plain = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), tie('value'), { maxKeys: 4 }),
      ),
    })).value;
    const mapping = fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), plain, { maxKeys: 5 });
    fc.assert(
      fc.property(mapping, mapping, (before, after) => {
        const edited = editYaml(editYaml('# note\nx: 1\n', before), after);
        expect(isSame(parse(edited), after), edited).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
