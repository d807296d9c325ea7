import { describe, expect, test } from 'vitest';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { withoutSecrets } from '../../src-main/workspace/secrets.ts';

function config(more: Partial<SessionConfig>): SessionConfig {
  return { wirescope: 1, name: 'Chat', role: 'client', protocol: 'websocket', ...more };
}

const authorization = (value: string) =>
  withoutSecrets(config({ websocket: { headers: { Authorization: value } } })).websocket?.headers?.Authorization;
const cookie = (value: string) =>
  withoutSecrets(config({ websocket: { headers: { cookie: value } } })).websocket?.headers?.cookie;
const target = (value: string) => withoutSecrets(config({ target: value })).target;

describe('what is written of a secret header', () => {
  test.each(['{{token}}', ' {{ token }} ', 'Bearer {{token}}', 'Basic {{user}}{{rest}}', 'Bearer {{$env TOKEN}}'])(
    '%s stays',
    (value) => expect(authorization(value)).toBe(value),
  );
  test.each(['Bearer abc', 'Bearer abc{{x}}', '{{x}}abc', 'abc', 's3cret {{x}}', 'Bearer', 'user={{x}} secret'])(
    '%s does not',
    (value) => expect(authorization(value)).toBe(''),
  );
  test.each([
    ['session={{id}}', 'session={{id}}'],
    ['session={{id}}; theme={{theme}}', 'session={{id}}; theme={{theme}}'],
    ['session=abc; theme={{theme}}', ''],
    ['session={{id}}; theme=dark', ''],
  ])('the cookie %s becomes %s', (value, written) => expect(cookie(value)).toBe(written));

  test('a name without values is left alone, and several values stand or fall together', () => {
    const grpc = { metadata: { authorization: ['{{a}}', 'Bearer {{b}}'], cookie: ['{{a}}', 'b'], other: 'plain' } };
    expect(withoutSecrets(config({ grpc })).grpc?.metadata).toEqual({
      authorization: ['{{a}}', 'Bearer {{b}}'],
      cookie: '',
      other: 'plain',
    });
  });
});

test.each([
  ['ws://ann:{{password}}@host/', 'ws://ann:{{password}}@host/'],
  ['ws://{{user}}:{{password}}@host/', 'ws://{{user}}:{{password}}@host/'],
  ['ws://{{token}}@host/', 'ws://{{token}}@host/'],
  ['ws://ann:secret@host/', 'ws://host/'],
  ['ws://token@host/', 'ws://host/'],
  ['ws://ann:x{{password}}@host/', 'ws://host/'],
  ['ws://{{host}}/?x=a@b', 'ws://{{host}}/?x=a@b'],
])('the address %s is written as %s', (given, written) => expect(target(given)).toBe(written));

test('passwords are left out, references to them stay, and the config given is untouched', () => {
  const given = config({ tls: { passphrase: 'abc' }, websocket: { basicAuth: { user: 'ann', password: '{{p}}' } } });
  const written = withoutSecrets(given);
  expect(written.tls).toEqual({});
  expect(written.websocket?.basicAuth).toEqual({ user: 'ann', password: '{{p}}' });
  expect(given.tls?.passphrase).toBe('abc');
});
