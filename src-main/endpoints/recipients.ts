// Whom an order or a message is for, and how many it reached.
import type { ConnectionList, Listed } from './connection-list.ts';
import { EndpointError, type Recipients } from './endpoint.ts';

/** The open members meant. Throws an EndpointError for a connection that is not open, or if nobody was heard yet. */
export function recipientsOf<Member extends Listed>(
  to: Recipients,
  list: ConnectionList<Member>,
  last: Member | undefined,
): Member[] {
  if (to === 'all') return [...list.members];
  if (to === 'last') {
    if (last && list.get(last.state.connection) === last) return [last];
    throw new EndpointError({
      what: last ? 'The connection that was heard last is closed.' : 'Nobody has sent anything yet.',
      why: '',
      next: 'Choose a connection, or send to all.',
    });
  }
  return to.map((connection) => {
    const member = list.get(connection);
    if (member) return member;
    throw new EndpointError({
      what: `Connection ${connection} is not open.`,
      why: '',
      next: 'Choose an open connection, or send to all.',
    });
  });
}

/** How many of the deliveries succeeded. Rejects with the first failure if none did, though there were some. */
export async function countDelivered(deliveries: readonly Promise<unknown>[]): Promise<number> {
  const results = await Promise.allSettled(deliveries);
  const failures = results.filter((result) => result.status === 'rejected');
  const [first] = failures;
  if (first && failures.length === results.length) throw first.reason;
  return results.length - failures.length;
}
