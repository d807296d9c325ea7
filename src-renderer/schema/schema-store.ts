// What the window knows of each session's message types: services, problems, and the types that were looked at. Asked for
// when somebody shows them; asked again when the engine says that they have changed.
import { useEffect } from 'react';
import { create } from 'zustand';
import type { SchemaState } from '../../src-main/bridge/contract.ts';
import type { Problem } from '../../src-main/core/event.ts';
import type { ServiceMethod } from '../../src-main/core/schema.ts';
import { bridge } from '../bridge/bridge.ts';
import { ENGINE_GONE, problemOf } from '../stores/problem.ts';
import { without } from '../stores/sessions.ts';
import { TypeCache } from './type-cache.ts';

export interface KnownSchema {
  /** Absent until the first answer. */
  state?: SchemaState;
  /** Why there is no answer. */
  problem?: Problem;
  types: TypeCache;
  /** Rises when types have come: for React. */
  version: number;
}

interface Schemas {
  bySession: { readonly [session: string]: KnownSchema };
}

const useSchemas = create<Schemas>(() => ({ bySession: {} }));

/** Keeps what is shown in step with the engine. Call once. */
export function followSchemas(): void {
  bridge.listen((announcement) => {
    if (announcement.type === 'schema' && useSchemas.getState().bySession[announcement.session]) {
      void askServices(announcement.session);
    }
    if (announcement.type === 'sessionRemoved') {
      useSchemas.setState(({ bySession }) => ({ bySession: without(bySession, announcement.session) }));
    }
  });
  bridge.onState((engine) => {
    if (engine === 'open')
      for (const session of Object.keys(useSchemas.getState().bySession)) void askServices(session);
  });
}

/** The session's schema, asked for when it is not here yet. */
export function useSchema(session: string): KnownSchema | undefined {
  const known = useSchemas((state) => state.bySession[session]);
  const isAsked = known !== undefined;
  useEffect(() => {
    if (!isAsked) void askServices(session);
  }, [session, isAsked]);
  return known;
}

/** The schema as it is now. */
export function schemaOf(session: string): KnownSchema | undefined {
  return useSchemas.getState().bySession[session];
}

/** The method that a path names, with or without the slash in front. */
export function methodOf(state: SchemaState | undefined, path: string | undefined): ServiceMethod | undefined {
  const wanted = path?.replace(/^\//, '');
  if (!wanted) return undefined;
  for (const service of state?.services ?? []) {
    const method = service.methods.find((each) => each.path.replace(/^\//, '') === wanted);
    if (method) return method;
  }
  return undefined;
}

/** Only the answer to the last question counts. */
const questions = new Map<string, number>();

async function askServices(session: string): Promise<void> {
  const question = (questions.get(session) ?? 0) + 1;
  questions.set(session, question);
  const old = schemaOf(session);
  if (!old) put(session, { types: cacheFor(session), version: 0 });
  try {
    const state = await bridge.call('schema.services', { session });
    if (questions.get(session) !== question) return;
    const isSame = old?.state?.revision === state.revision;
    put(session, {
      state,
      types: isSame && old ? old.types : cacheFor(session, old?.types),
      version: (old?.version ?? 0) + 1,
    });
  } catch (error) {
    const problem = problemOf(error);
    if (questions.get(session) !== question || problem.code === ENGINE_GONE) return;
    put(session, { problem, types: cacheFor(session), version: (old?.version ?? 0) + 1 });
  }
}

function put(session: string, known: KnownSchema): void {
  useSchemas.setState(({ bySession }) => ({ bySession: { ...bySession, [session]: known } }));
}

function cacheFor(session: string, before?: TypeCache): TypeCache {
  const cache = new TypeCache(
    (names) => bridge.call('schema.types', { session, names }),
    () => {
      const known = schemaOf(session);
      if (known?.types === cache) put(session, { ...known, version: known.version + 1 });
    },
    before,
  );
  return cache;
}
