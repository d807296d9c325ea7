// The methods of what one session does and shows, whatever else there is: each is found and asked.
import type { MethodsOf } from '../methods.ts';
import type { Session } from './session.ts';

type Running =
  | 'sessions.start'
  | 'sessions.stop'
  | 'sessions.send'
  | 'sessions.sendList'
  | 'sessions.stopSending'
  | 'sessions.control'
  | 'sessions.connections'
  | 'sessions.calls';

type SessionMethods = Pick<MethodsOf<'sessions'>, Running> &
  MethodsOf<'timeline'> &
  MethodsOf<'record'> &
  MethodsOf<'schema'>;

/** `find`: throws where there is no such session. */
export function sessionMethods(find: (id: string) => Session): SessionMethods {
  return {
    'sessions.start': async ({ session }) => {
      await find(session).start();
      return null;
    },
    'sessions.stop': async ({ session }) => {
      await find(session).stop();
      return null;
    },
    'sessions.send': ({ session, ...order }) => find(session).send(order),
    'sessions.sendList': async ({ session, ...order }) => {
      await find(session).sendList(order);
      return null;
    },
    'sessions.stopSending': ({ session }) => {
      find(session).stopSending();
      return null;
    },
    'sessions.control': async ({ session, command, to }) => {
      await find(session).control(command, to);
      return null;
    },
    'sessions.connections': ({ session, from, count }) => find(session).connections(from, count),
    'sessions.calls': ({ session, from, count }) => find(session).calls(from, count),
    'timeline.rows': ({ session, query, from, count }) => find(session).timeline.rows(query, from, count),
    'timeline.find': ({ session, query, text, from, backwards }) =>
      find(session).timeline.find(query, text, from, backwards),
    'timeline.position': ({ session, query, seq }) => find(session).timeline.position(query, seq),
    'timeline.copy': ({ session, query, from, count, format }) =>
      find(session).timeline.copy(query, from, count, format),
    'record.detail': ({ session, seq }) => find(session).inspection.detail(seq),
    'record.bytes': ({ session, seq, source, from, count }) => find(session).inspection.bytes(seq, source, from, count),
    'record.payload': ({ session, seq, view }) => find(session).inspection.payload(seq, view),
    'schema.services': ({ session }) => find(session).schema.state(),
    'schema.types': ({ session, names }) => find(session).schema.types(names),
    'schema.search': ({ session, text, count }) => find(session).schema.search(text, count),
    'schema.example': ({ session, type }) => find(session).schema.example(type),
    'schema.source': ({ session, file }) => find(session).schema.source(file),
    'schema.reload': async ({ session }) => {
      await find(session).schema.reload();
      return null;
    },
  };
}
