// The lock: closed for a verified peer only, amber when nobody checked, and a refusal that says why. Against openssl.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';

test('a throw-away certificate is refused until its verification is switched off', async ({
  workbench,
  peers,
  page,
}) => {
  await workbench.newServer('WebSocket');
  await workbench.settings('TLS', (drawer) => drawer.getByRole('switch', { name: 'Serve over TLS' }).click());
  const address = await workbench.startListening();

  await workbench.newClient('WebSocket', `wss://${address}/`);
  await page.getByRole('button', { name: 'Connect', exact: true }).first().click();
  const problem = page.getByRole('main').getByRole('alert');
  await expect(problem).toContainText(`The certificate of ${address} was not accepted`);
  await expect(workbench.state).toHaveText(/Failed$/);
  await expect(page.getByRole('img', { name: /^Uses TLS and checks the certificate/ })).toBeVisible();

  await workbench.settings('TLS', async (drawer) => {
    await drawer.getByRole('switch', { name: 'Verify the peer’s certificate' }).click();
    await expect(drawer.getByRole('alert')).toContainText('Any certificate is accepted');
  });
  await problem.getByRole('button', { name: 'Try again' }).click();
  await expect(workbench.state).toHaveText(/Connected$/);
  await expect(problem).toBeHidden();
  await expect(
    page.getByRole('img', { name: /^Certificate of .* not verified: verification is off, and/ }),
  ).toBeVisible();
  await workbench.send('Text', 'in private');
  await expect(workbench.rows(/server to client text 10 in private/)).toBeVisible();

  const openssl = peers.start('openssl', 's_client', '-connect', address, '-brief');
  await openssl.complains(/self.signed certificate/);
});

test('a peer vouched for by a named authority closes the lock', async ({ workbench, peers, page, app }) => {
  const certificate = join(app.dataFolder, 'cert.pem');
  const key = join(app.dataFolder, 'key.pem');
  const request = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout ${key} -out ${certificate}`;
  const made = spawnSync('openssl', request.split(' '));
  expect(made.status, 'openssl makes a certificate').toBe(0);
  expect(readFileSync(certificate, 'latin1')).toContain('BEGIN CERTIFICATE');
  const server = `s_server -accept 127.0.0.1:0 -cert ${certificate} -key ${key}`;
  const openssl = peers.start('openssl', ...server.split(' '));
  const port = /ACCEPT .*:(\d+)/.exec(await openssl.says(/ACCEPT .*:\d+/))?.[1];

  await workbench.newClient('TCP', `tls://localhost:${port}`);
  await workbench.settings('TLS', (drawer) =>
    drawer.getByRole('textbox', { name: 'Authorities (CA)' }).fill(certificate),
  );
  await page.getByRole('button', { name: 'Connect', exact: true }).first().click();
  await expect(workbench.state).toHaveText(/Connected$/);
  await expect(
    page.getByRole('img', { name: 'Certificate of CN=localhost verified, issued by CN=localhost.' }),
  ).toBeVisible();
  const handshake = workbench.rows(/event tls .*TLSv1\.3 with/);
  await workbench.select(handshake);
  for (const field of [/^Cipher TLS_/, /^Certificate expires /, /^Verified true/]) {
    await expect(workbench.field(field)).toBeVisible();
  }
  await workbench.send('Text', 'for your eyes only\n');
  await openssl.says('for your eyes only');
});
