// How the desktop's window gets its port: from itself only, and only by the word that was agreed on.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { DesktopHost } from '../../../src-main/desktop/host.ts';

const page = new EventTarget();

beforeEach(() => vi.stubGlobal('window', page));
afterEach(() => vi.unstubAllGlobals());

function desktopHost() {
  const stopped = new Set<(reason: string) => void>();
  const requestPort = vi.fn();
  const onEngineStopped = (listener: (reason: string) => void) => {
    stopped.add(listener);
    return () => stopped.delete(listener);
  };
  return { host: { requestPort, onEngineStopped } as unknown as DesktopHost, requestPort, stopped };
}

/** A message of the window, as a browser would hand it over. */
function message(data: unknown, source: unknown, port: MessagePort): Event {
  return Object.assign(new Event('message'), { data, source, ports: [port] });
}

it('takes the port that its own preload posts, and no other', async () => {
  const { openDesktopChannel } = await import('../../../src-renderer/bridge/channels.ts');
  const { host, requestPort, stopped } = desktopHost();
  const [wrong, right] = [new MessageChannel(), new MessageChannel()];
  const channel = openDesktopChannel(host);
  expect(requestPort).toHaveBeenCalledOnce();
  page.dispatchEvent(message('wirescope:port', {}, wrong.port1));
  page.dispatchEvent(message('another word', page, wrong.port1));
  page.dispatchEvent(message('wirescope:port', page, right.port1));

  const heard = new Promise((resolve) => right.port2.addEventListener('message', ({ data }) => resolve(data)));
  right.port2.start();
  (await channel).send({ id: 1, method: 'app.info', input: {} });
  expect(await heard).toEqual({ id: 1, method: 'app.info', input: {} });
  expect(stopped.size).toBe(0);
  for (const { port1 } of [wrong, right]) port1.close();
});

it('fails with the reason when there is no engine', async () => {
  const { openDesktopChannel } = await import('../../../src-renderer/bridge/channels.ts');
  const { host, stopped } = desktopHost();
  const channel = openDesktopChannel(host);
  for (const listener of [...stopped]) listener('The engine is not running.');
  await expect(channel).rejects.toThrow('The engine is not running.');
});
