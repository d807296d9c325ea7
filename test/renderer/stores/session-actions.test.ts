// Edits are shown at once, sent in order, and always before whatever needs them.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SessionConfig } from '../../../src-main/core/session-config.ts';
import { sessionState } from '../session-state.ts';

const { call, listen, onState } = vi.hoisted(() => ({ call: vi.fn(), listen: vi.fn(), onState: vi.fn() }));
vi.mock('../../../src-renderer/bridge/bridge.ts', () => ({ bridge: { call, listen, onState } }));
vi.mock('../../../src-renderer/bridge/host.ts', () => ({ desktop: undefined, isMac: false }));

const actions = await import('../../../src-renderer/stores/session-actions.ts');
const { closeTab, configOf, followSessions, openTab, putSession, stepTab, useSessions } = await import(
  '../../../src-renderer/stores/sessions.ts'
);
const { undoDeletion } = await import('../../../src-renderer/stores/undoing.ts');
const { BridgeError } = await import('../../../src-main/bridge/client.ts');
const initial = useSessions.getState();
const stored = new Map<string, string>();
vi.stubGlobal('localStorage', {
  getItem: (key: string) => stored.get(key) ?? null,
  setItem: (key: string, value: string) => void stored.set(key, value),
});

const named = (name: string) => (config: SessionConfig) => ({ ...config, name });
const shownName = () => configOf(useSessions.getState(), 's1')?.name;

beforeEach(() => {
  vi.useFakeTimers();
  stored.clear();
  useSessions.setState(initial, true);
  putSession(sessionState());
  call.mockReset();
  call.mockImplementation(async (method: string, input: { config?: SessionConfig }) =>
    method === 'sessions.update' ? sessionState({ config: input.config! }) : null,
  );
});
afterEach(() => void vi.useRealTimers());

describe('edits', () => {
  it('show at once and are sent together after a pause', async () => {
    actions.editConfig('s1', named('b'));
    actions.editConfig('s1', named('c'));
    expect(shownName()).toBe('c');
    expect(call).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1000);
    expect(call.mock.calls.map(([, input]) => input.config.name)).toEqual(['c']);
    expect(useSessions.getState().edits).toEqual({});
  });

  it('are sent before a start', async () => {
    actions.editConfig('s1', named('b'));
    await actions.startSession('s1');
    expect(call.mock.calls.map(([method]) => method)).toEqual(['sessions.update', 'sessions.start']);
  });

  it('typed on while the engine answers are kept and sent next', async () => {
    let answer: () => void = () => {};
    call.mockImplementationOnce(async (_method, input) => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return sessionState({ config: input.config });
    });
    actions.editConfig('s1', named('b'));
    const first = actions.saveEdits('s1');
    await vi.advanceTimersByTimeAsync(0);
    actions.editConfig('s1', named('c'));
    answer();
    await first;
    expect(shownName()).toBe('c');
    await vi.advanceTimersByTimeAsync(1000);
    expect(call.mock.calls.map(([, input]) => input.config.name)).toEqual(['b', 'c']);
  });

  it('that are refused stay, say why, and hold back the start', async () => {
    call.mockRejectedValueOnce(new BridgeError({ what: 'No.', why: '', next: '' }));
    actions.editConfig('s1', named('b'));
    await actions.startSession('s1');
    expect(call.mock.calls.map(([method]) => method)).toEqual(['sessions.update']);
    expect(shownName()).toBe('b');
    expect(useSessions.getState().editProblems.s1?.what).toBe('No.');
  });
});

it('remembers why a start failed until the next one', async () => {
  call.mockRejectedValueOnce(new BridgeError({ what: 'Refused.', why: '', next: '' }));
  await actions.startSession('s1');
  expect(useSessions.getState().startProblems.s1?.what).toBe('Refused.');
  await actions.startSession('s1');
  expect(useSessions.getState().startProblems).toEqual({});
});

it('hands every edit over with what it was made of', async () => {
  actions.editConfig('s1', named('b'));
  actions.editConfig('s1', named('c'));
  await actions.saveEdits('s1');
  actions.editConfig('s1', named('d'));
  await actions.saveEdits('s1');
  expect(call.mock.calls.map(([, { base, config }]) => [base.name, config.name])).toEqual([
    ['Session', 'c'],
    ['c', 'd'],
  ]);
});

it('deletes what was typed last, and opens the tab again when it is brought back', async () => {
  useSessions.setState({ loading: 'loaded' });
  openTab('s1');
  actions.editConfig('s1', named('b'));
  await actions.deleteSession('s1');
  expect(call.mock.calls.map(([method]) => method)).toEqual(['sessions.update', 'sessions.remove']);
  expect(useSessions.getState().tabs).toEqual([]);
  await undoDeletion([sessionState().place]);
  expect(call.mock.lastCall?.[0]).toBe('workspace.state');
  putSession(sessionState({ id: 's7' }));
  expect(useSessions.getState().tabs).toEqual(['s7']);
});

it('keeps an unchanged config the same object', () => {
  const before = useSessions.getState().byId.s1?.config;
  putSession(sessionState({ phase: 'open', config: structuredClone(before!) }));
  expect(useSessions.getState().byId.s1?.phase).toBe('open');
  expect(useSessions.getState().byId.s1?.config).toBe(before);
});

it('shows a change of phase at once and counters at their own pace', async () => {
  followSessions();
  const announce = listen.mock.calls[0]![0] as (announcement: unknown) => void;
  const shown = () => useSessions.getState().byId.s1!;
  const { counts } = sessionState();
  announce({ type: 'session', session: sessionState({ phase: 'open' }) });
  expect(shown().phase).toBe('open');
  for (let records = 1; records <= 5; records++)
    announce({ type: 'session', session: sessionState({ phase: 'open', counts: { ...counts, records } }) });
  expect(shown().counts.records).toBe(0);
  await vi.advanceTimersByTimeAsync(200);
  expect(shown().counts.records).toBe(5);
  announce({ type: 'session', session: sessionState({ phase: 'open', counts: { ...counts, records: 6 } }) });
  announce({ type: 'session', session: sessionState({ phase: 'closed', counts: { ...counts, records: 7 } }) });
  await vi.advanceTimersByTimeAsync(200);
  expect(shown()).toMatchObject({ phase: 'closed', counts: { records: 7 } });
});

it('shows sessions cut off with their engine, whatever was still to be shown', async () => {
  followSessions();
  const announce = listen.mock.lastCall![0] as (announcement: unknown) => void;
  const engine = onState.mock.lastCall![0] as (state: 'open' | 'gone') => void;
  const { counts } = sessionState();
  announce({ type: 'session', session: sessionState({ phase: 'open', connections: 1 }) });
  announce({
    type: 'session',
    session: sessionState({ phase: 'open', connections: 1, counts: { ...counts, records: 9 } }),
  });
  engine('gone');
  await vi.advanceTimersByTimeAsync(1000);
  expect(useSessions.getState().engine).toBe('gone');
  expect(useSessions.getState().byId.s1).toMatchObject({ phase: 'closed', connections: 0, counts: { records: 9 } });
});

it('opens, steps through and closes tabs', () => {
  for (const id of ['s1', 's2', 's3']) openTab(id);
  const active = () => useSessions.getState().active;
  stepTab(1);
  expect(active()).toBe('s1');
  stepTab(-1);
  expect(active()).toBe('s3');
  openTab('s2');
  closeTab('s2');
  expect(active()).toBe('s3');
  closeTab('s3');
  closeTab('s1');
  expect(active()).toBeNull();
});
