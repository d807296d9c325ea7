// The native menus: every item does something, commands are those of the interface with its keys, and what is off is off.
import type { MenuItemConstructorOptions } from 'electron';
import { expect, test, vi } from 'vitest';
import { type MenuActions, menuTemplate } from '../../../src-main/desktop/menu.ts';

vi.mock('electron', () => ({}));
// The registry of the desktop, not of a browser.
vi.mock('../../../src-renderer/bridge/host.ts', () => ({ desktop: {}, isMac: false }));
const { commands } = await import('../../../src-renderer/shell/commands.ts');

function actions(more: Partial<MenuActions> = {}): MenuActions {
  return {
    command: vi.fn(),
    newWindow: vi.fn(),
    openFile: vi.fn(),
    recentFiles: () => [],
    clearRecentFiles: vi.fn(),
    showLogs: vi.fn(),
    showAbout: vi.fn(),
    showLicences: vi.fn(),
    notifications: { isOn: () => false, set: vi.fn() },
    ...more,
  };
}

function itemsOf(items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? itemsOf(item.submenu) : [])]);
}

function choose(items: readonly MenuItemConstructorOptions[], label: string, checked = false): void {
  const item = itemsOf(items).find((each) => each.label === label);
  item?.click?.({ checked } as never, undefined, {} as never);
}

test.each([false, true])('commands exist, under the keys of the interface; on a Mac: %s', (mac) => {
  const run: string[] = [];
  const host = actions({ command: (id) => void run.push(id) });
  for (const { accelerator, registerAccelerator, click } of itemsOf(menuTemplate(host, mac))) {
    const before = run.length;
    click?.({ checked: true } as never, undefined, {} as never);
    const id = run[before];
    if (id === undefined) continue;
    expect(Object.keys(commands)).toContain(id);
    const [shortcut] = commands[id as keyof typeof commands].shortcuts ?? [];
    expect(accelerator, id).toBe(shortcut?.replace('Mod', 'CmdOrCtrl'));
    // The interface binds the key: the system must not run it a second time.
    if (accelerator) expect(registerAccelerator, id).toBe(false);
  }
  expect(run.length).toBeGreaterThan(20);
});

test.each([false, true])('no key is given twice; on a Mac: %s', (mac) => {
  const keys = itemsOf(menuTemplate(actions(), mac)).flatMap(({ accelerator }) => accelerator ?? []);
  expect(keys).toEqual([...new Set(keys)]);
});

test.each([false, true])('the system’s own items are there; on a Mac: %s', (mac) => {
  const roles = itemsOf(menuTemplate(actions(), mac)).flatMap(({ role }) => role ?? []);
  for (const role of ['fileMenu', 'editMenu', 'windowMenu', 'help', 'close', 'quit', 'togglefullscreen'])
    expect(roles).toContain(role);
  for (const role of ['resetZoom', 'zoomIn', 'zoomOut']) expect(roles).toContain(role);
  expect(roles.includes('services')).toBe(mac);
});

test('About, logs and licences are shown', () => {
  const host = actions();
  const items = menuTemplate(host, false);
  choose(items, 'About Wirescope');
  choose(items, 'Show Logs');
  choose(items, 'Third-Party Licences');
  choose(items, 'New Window');
  for (const shown of [host.showAbout, host.showLogs, host.showLicences, host.newWindow])
    expect(shown).toHaveBeenCalledOnce();
});

test('recent files are opened, and forgotten when asked', () => {
  const host = actions({ recentFiles: () => ['/a/R&D.pcapng', '/b/c.proto'] });
  const items = menuTemplate(host, false);
  choose(items, 'R&&D.pcapng');
  expect(host.openFile).toHaveBeenCalledExactlyOnceWith('/a/R&D.pcapng');
  choose(items, 'Clear Recent Files');
  expect(host.clearRecentFiles).toHaveBeenCalledOnce();
  expect(itemsOf(menuTemplate(actions(), false))).toContainEqual({ label: 'No recent files', enabled: false });
});

test('notifications are off until they are chosen', () => {
  const host = actions();
  const items = menuTemplate(host, false);
  const item = itemsOf(items).find(({ label }) => label === 'Notify When a Session Ends');
  expect(item).toMatchObject({ type: 'checkbox', checked: false });
  choose(items, 'Notify When a Session Ends', true);
  expect(host.notifications.set).toHaveBeenCalledExactlyOnceWith(true);
});

test('updates are offered only where they are allowed', () => {
  const labels = (host: MenuActions) => itemsOf(menuTemplate(host, false)).flatMap(({ label }) => label ?? []);
  expect(labels(actions()).filter((label) => /update/i.test(label))).toEqual([]);
  const updates = { look: vi.fn(), atStart: { isOn: () => true, set: vi.fn() } };
  const items = menuTemplate(actions({ updates }), false);
  choose(items, 'Check for Updates…');
  choose(items, 'Check for Updates on Start', false);
  expect(updates.look).toHaveBeenCalledOnce();
  expect(updates.atStart.set).toHaveBeenCalledExactlyOnceWith(false);
  expect(itemsOf(items).find(({ label }) => label === 'Check for Updates on Start')?.checked).toBe(true);
});
