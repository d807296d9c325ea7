// Which files of the interface a path means, and what its pages may do.
import { expect, test } from 'vitest';
import { CONTENT_SECURITY_POLICY, interfaceFile } from '../../src-main/bridge/interface-files.ts';

test.each([
  ['/', '/app/index.html', 'text/html; charset=utf-8'],
  ['/index.html', '/app/index.html', 'text/html; charset=utf-8'],
  ['/assets/a%20b.js', '/app/assets/a b.js', 'text/javascript; charset=utf-8'],
  ['/assets/../index.html', '/app/index.html', 'text/html; charset=utf-8'],
])('%s is %s', (pathname, path, type) => {
  expect(interfaceFile('/app', pathname)).toEqual({ path, type });
});

test.each([
  '/..',
  '/../app-secrets/a.js',
  '/..%2fapp-secrets/a.js',
  '/%2e%2e%2f%2e%2e%2fetc/passwd.js',
  // Elsewhere a separator.
  '/..%5c..%5ca.js',
  '/a%00.js',
  '/%',
  '/assets/secret',
])('%s leads nowhere', (pathname) => {
  expect(interfaceFile('/app', pathname)).toBeUndefined();
});

test('the policy lets in no script but the app’s own, and nothing from elsewhere', () => {
  const policy = new Map(
    CONTENT_SECURITY_POLICY.split('; ').map((rule) => [rule.split(' ')[0], rule.split(' ').slice(1)]),
  );
  expect(policy.get('default-src')).toEqual(["'none'"]);
  expect(policy.get('script-src')).toEqual(["'self'"]);
  expect(policy.get('connect-src')).toEqual(["'self'"]);
  for (const name of ['base-uri', 'form-action', 'frame-ancestors']) expect(policy.get(name)).toEqual(["'none'"]);
  expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe-eval|wasm|https?:|\*|blob:/);
  // Monaco's inline styles; never scripts.
  expect([...policy].filter(([, sources]) => sources.includes("'unsafe-inline'")).map(([name]) => name)).toEqual([
    'style-src',
  ]);
});
