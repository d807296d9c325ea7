// The way out: asked once while sessions run, never when none do, and not by the system's own shutdown.
import { beforeEach, expect, test, vi } from 'vitest';
import type { EngineProcess } from '../../src-main/desktop/engine-process.ts';
import { Quitting } from '../../src-main/desktop/quitting.ts';
import { eventually } from '../eventually.ts';
import * as electron from './fake-electron.ts';

vi.mock('electron', () => import('./fake-electron.ts'));

beforeEach(() => {
  vi.clearAllMocks();
  electron.app.removeAllListeners();
  electron.app.ended = false;
});

function engine(...phases: string[]) {
  const stop = vi.fn(async () => {});
  const call = vi.fn(async () => phases.map((phase) => ({ phase, config: { name: `a ${phase} one` } })));
  return { stop, call, bridge: () => ({ call }) } as unknown as EngineProcess & {
    stop: typeof stop;
    call: typeof call;
  };
}

test('with nothing running it quits unasked, when the engine has finished', async () => {
  const idle = engine('closed', 'idle', 'failed');
  new Quitting(idle);
  electron.app.quit();
  await eventually(() => expect(electron.app.ended).toBe(true));
  expect(electron.dialog.showMessageBox).not.toHaveBeenCalled();
  expect(idle.stop).toHaveBeenCalledOnce();
});

test('it does not end before the engine has finished its captures', async () => {
  const idle = engine();
  let finish = () => {};
  idle.stop.mockImplementation(
    () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
  );
  new Quitting(idle);
  electron.app.quit();
  await eventually(() => expect(idle.stop).toHaveBeenCalledOnce());
  expect(electron.app.ended).toBe(false);
  finish();
  await eventually(() => expect(electron.app.ended).toBe(true));
});

test('with a live session it asks once, and stays when told to', async () => {
  electron.dialog.showMessageBox.mockResolvedValueOnce({ response: 1 });
  const live = engine('open', 'closed');
  new Quitting(live);
  electron.app.quit();
  electron.app.quit();
  await eventually(() => expect(electron.dialog.showMessageBox).toHaveBeenCalledOnce());
  expect(electron.dialog.showMessageBox).toHaveBeenCalledWith(
    expect.objectContaining({ message: '“a open one” is running.' }),
  );
  await new Promise(setImmediate);
  expect(electron.app.ended).toBe(false);
  expect(live.stop).not.toHaveBeenCalled();

  // Told to go: it asks no second time on the way.
  electron.app.quit();
  await eventually(() => expect(electron.app.ended).toBe(true));
  expect(electron.dialog.showMessageBox).toHaveBeenCalledTimes(2);
});

test('the system’s shutdown is not held up', async () => {
  new Quitting(engine('open')).followSystem();
  electron.powerMonitor.emit('shutdown');
  electron.app.quit();
  await eventually(() => expect(electron.app.ended).toBe(true));
  expect(electron.dialog.showMessageBox).not.toHaveBeenCalled();
});

test('without an engine there is nothing to lose', async () => {
  new Quitting({ bridge: () => undefined, stop: async () => {} } as unknown as EngineProcess);
  electron.app.quit();
  await eventually(() => expect(electron.app.ended).toBe(true));
});
