// The engine's sessions as the window knows them, and which of them are open as tabs. Mirrors announcements; orders go
// through session-actions.ts.
import { create } from 'zustand';
import type { SessionPlace, SessionState } from '../../src-main/bridge/contract.ts';
import type { Problem } from '../../src-main/core/event.ts';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { bridge } from '../bridge/bridge.ts';
import { AnnouncedSessions, type SessionChanges } from './announced-sessions.ts';
import { isComparison } from './comparisons.ts';
import { problemOf } from './problem.ts';
import { sameData } from './same-data.ts';
import { uncoverSessions } from './sidebar.ts';
import { isPlaceOpen, placeKey, readTabs, remember, writeTabs } from './tab-memory.ts';
import { useWorkspace } from './workspace.ts';

interface Sessions {
  engine: 'open' | 'gone';
  /** loading until the first list has come; failed with the problem if it could not. */
  loading: 'loading' | 'loaded' | Problem;
  byId: { readonly [id: string]: SessionState };
  /** In order of creation. */
  order: readonly string[];
  /** What was typed and the engine has not answered yet. Shown in place of the engine's config. */
  edits: { readonly [id: string]: SessionConfig };
  /** Why the engine refused the last edit. */
  editProblems: { readonly [id: string]: Problem };
  /** Why the last start was refused or failed. */
  startProblems: { readonly [id: string]: Problem };
  /** Sessions, and comparisons: see comparisons.ts. */
  tabs: readonly string[];
  active: string | null;
}

export const useSessions = create<Sessions>(() => ({
  engine: 'open',
  loading: 'loading',
  byId: {},
  order: [],
  edits: {},
  editProblems: {},
  startProblems: {},
  tabs: [],
  active: null,
}));

/** Phases in which a session holds sockets or is about to. */
export function isRunning(session: SessionState): boolean {
  return ['connecting', 'waiting', 'open', 'closing'].includes(session.phase);
}

/** The session of the chosen tab, with what was typed last. */
export function activeSession(state: Sessions = useSessions.getState()): SessionState | undefined {
  return state.active === null ? undefined : state.byId[state.active];
}

/** The config of a session with what was typed last. */
export function configOf(state: Sessions, id: string): SessionConfig | undefined {
  return state.edits[id] ?? state.byId[id]?.config;
}

/** Sessions in order. */
export function shownSessions(state: Sessions): SessionState[] {
  return state.order.flatMap((id) => state.byId[id] ?? []);
}

/** Listens to the engine and loads the list; again after each reconnection. Call once. */
export function followSessions(): void {
  bridge.listen((announcement) => {
    if (announcement.type === 'session') announced.receive(announcement.session.id, announcement.session);
    else if (announcement.type === 'sessionRemoved') announced.receive(announcement.session, undefined);
  });
  let known: 'open' | 'gone' | undefined;
  bridge.onState((engine) => {
    if (engine === known) return;
    known = engine;
    useSessions.setState({ engine });
    if (engine === 'open') void loadSessions();
    else {
      announced.flush();
      useSessions.setState(({ byId }) => ({ byId: cutOff(byId) }));
    }
  });
  // The tabs of a workspace come back with it, whichever is heard of first: the folder or its sessions.
  let folder = useWorkspace.getState().state.folder;
  useWorkspace.subscribe(({ state }) => {
    if (state.folder === folder) return;
    folder = state.folder;
    awaitTabs();
  });
}

/** `status` of a session whose engine stopped under it. */
export const CUT_OFF = 'The engine stopped';

/** With the engine gone its sockets are closed, whatever it said last. */
function cutOff(byId: Sessions['byId']): Sessions['byId'] {
  return Object.fromEntries(
    Object.entries(byId).map(([id, session]) => {
      if (!isRunning(session)) return [id, session];
      const { series: _gone, ...rest } = session;
      return [id, { ...rest, phase: 'closed', status: CUT_OFF, connections: 0 }];
    }),
  );
}

async function loadSessions(): Promise<void> {
  try {
    const sessions = await bridge.call('sessions.list', {});
    announced.overtaken();
    const byId = Object.fromEntries(sessions.map((session) => [session.id, session]));
    const before = useSessions.getState();
    const tabs = before.tabs.filter((id) => byId[id] || isComparison(id));
    useSessions.setState({
      loading: 'loaded',
      byId,
      order: sessions.map((session) => session.id),
      tabs,
      active: before.active !== null && tabs.includes(before.active) ? before.active : null,
    });
    awaitTabs();
  } catch (error) {
    useSessions.setState({ loading: problemOf(error) });
  }
}

/** Places of tabs that were open and whose sessions have not been heard of yet. */
let awaited: ReadonlySet<string> = new Set();
/** A person has chosen a tab since the list was loaded. */
let hasChosen = false;

const keyOf = ({ place }: SessionState) => placeKey(place, useWorkspace.getState().state.folder);

/** Opens the remembered tabs, those whose sessions are still to be heard of later. */
function awaitTabs(): void {
  const { folder } = useWorkspace.getState().state;
  awaited = new Set(readTabs().tabs.filter((key) => isPlaceOpen(key, folder)));
  reopenTabs();
}

/** Opens the awaited tabs whose sessions are there, in their old order. What a person chose meanwhile stays chosen. */
function reopenTabs(): void {
  const state = useSessions.getState();
  if (state.loading !== 'loaded') return;
  const byKey = new Map(shownSessions(state).map((session) => [keyOf(session), session.id]));
  const found = [...awaited].filter((key) => byKey.has(key));
  awaited = new Set([...awaited].filter((key) => !byKey.has(key)));
  const ids = found.map((key) => byKey.get(key)!).filter((id) => !state.tabs.includes(id));
  const tabs = [...state.tabs, ...ids];
  const chosen = hasChosen ? undefined : byKey.get(readTabs().active ?? '');
  const active = chosen !== undefined && tabs.includes(chosen) ? chosen : (state.active ?? tabs[0] ?? null);
  if (ids.length > 0 || active !== state.active) useSessions.setState({ tabs, active });
}

/** Opens the sessions of these places as soon as they are there. */
export function openWhenThere(places: readonly SessionPlace[]): void {
  const { folder } = useWorkspace.getState().state;
  awaited = new Set([...awaited, ...places.map((place) => placeKey(place, folder))]);
  reopenTabs();
}

/** After a person opened, chose or closed a tab, or its file was moved. Sessions that go take nothing from the memory. */
function rememberTabs(): void {
  const { tabs, active, byId, loading } = useSessions.getState();
  if (loading !== 'loaded') return;
  hasChosen = true;
  const key = (id: string) => (byId[id] ? [keyOf(byId[id])] : []);
  const now = { tabs: [...tabs.flatMap(key), ...awaited], active: active === null ? null : (key(active)[0] ?? null) };
  writeTabs(remember(readTabs(), now, useWorkspace.getState().state.folder));
}

/** A session's state without its counters. */
function standing({ counts: _c, traffic: _t, capture, progress, series, ...rest }: SessionState): object {
  return { ...rest, capture: capture?.path, isLoading: progress !== undefined, isSending: series !== undefined };
}

/** Whether nothing but counters differs. */
function onlyCounts(old: SessionState, session: SessionState): boolean {
  return sameData(standing(old), standing(session));
}

const announced = new AnnouncedSessions(takeOver, (session) => {
  const shown = useSessions.getState().byId[session.id];
  return shown !== undefined && onlyCounts(shown, session);
});

/** Takes over the state that the engine answered. */
export function putSession(session: SessionState): void {
  announced.overtaken(session.id);
  takeOver(new Map([[session.id, session]]));
}

/** Forgets a session that the engine no longer has. */
export function dropSession(id: string): void {
  announced.overtaken(id);
  takeOver(new Map([[id, undefined]]));
}

/** An unchanged config stays the same object, so that who shows it need not look. */
function takeOver(changes: SessionChanges): void {
  const before = useSessions.getState();
  const byId = { ...before.byId };
  const added: string[] = [];
  const gone: string[] = [];
  let isMoved = false;
  for (const [id, session] of changes) {
    const old = byId[id];
    if (!session) {
      delete byId[id];
      gone.push(id);
      continue;
    }
    byId[id] = { ...session, config: old && sameData(old.config, session.config) ? old.config : session.config };
    if (!old) added.push(id);
    else if (old.place.path !== session.place.path && before.tabs.includes(id)) isMoved = true;
  }
  useSessions.setState({
    byId,
    ...(added.length > 0 && { order: [...before.order, ...added] }),
  });
  if (gone.length > 0) forget(gone);
  if (added.length > 0 && awaited.size > 0) reopenTabs();
  if (isMoved) rememberTabs();
}

/** What was kept of sessions that are gone. */
function forget(ids: readonly string[]): void {
  const { tabs } = useSessions.getState();
  for (const id of ids) if (tabs.includes(id)) takeTab(id);
  const gone = new Set(ids);
  useSessions.setState(({ order, edits, editProblems, startProblems }) => ({
    order: order.filter((id) => !gone.has(id)),
    edits: withoutAll(edits, ids),
    editProblems: withoutAll(editProblems, ids),
    startProblems: withoutAll(startProblems, ids),
  }));
}

/** The same record if nothing is taken away. */
function withoutAll<T>(record: { readonly [key: string]: T }, keys: readonly string[]): { readonly [key: string]: T } {
  const found = keys.filter((key) => Object.hasOwn(record, key));
  if (found.length === 0) return record;
  const rest = { ...record };
  for (const key of found) delete rest[key];
  return rest;
}

export function without<T>(record: { readonly [key: string]: T }, key: string): { [key: string]: T } {
  const { [key]: _gone, ...rest } = record;
  return rest;
}

/** Opens a session as a tab, or goes to its tab. */
export function openTab(id: string): void {
  useSessions.setState(({ tabs }) => ({ tabs: tabs.includes(id) ? tabs : [...tabs, id], active: id }));
  uncoverSessions();
  rememberTabs();
}

/** Closes a tab; its neighbour becomes the chosen one. The session goes on. */
export function closeTab(id: string): void {
  takeTab(id);
  rememberTabs();
}

function takeTab(id: string): void {
  useSessions.setState(({ tabs, active }) => {
    const at = tabs.indexOf(id);
    if (at < 0) return {};
    const rest = tabs.filter((each) => each !== id);
    return { tabs: rest, active: active === id ? (rest[Math.min(at, rest.length - 1)] ?? null) : active };
  });
}

/** Goes `step` tabs to the right, around the end. */
export function stepTab(step: number): void {
  const { tabs, active } = useSessions.getState();
  if (tabs.length === 0) return;
  const at = active === null ? 0 : tabs.indexOf(active);
  useSessions.setState({ active: tabs[(at + step + tabs.length) % tabs.length] ?? null });
  rememberTabs();
}
