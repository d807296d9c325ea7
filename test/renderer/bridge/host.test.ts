// The desktop's offer and what the renderer takes it for are declared on both sides of a border that types may not
// cross: the compiler compares them here, both ways.
import { expect, expectTypeOf, it, vi } from 'vitest';
import type { DesktopHost as Offered } from '../../../src-main/desktop/host.ts';
import { PORT_MESSAGE as sent } from '../../../src-main/desktop/host.ts';
import type { DesktopHost as Taken } from '../../../src-renderer/bridge/host.ts';

vi.stubGlobal('window', {});
const { desktop, PORT_MESSAGE: awaited } = await import('../../../src-renderer/bridge/host.ts');

it('is the same on both sides', () => {
  expectTypeOf<Offered>().toMatchTypeOf<Taken>();
  expectTypeOf<Taken>().toMatchTypeOf<Offered>();
  expect(awaited).toBe(sent);
});

it('is absent in a browser', () => expect(desktop).toBeUndefined());
