// Whom an order or a message is for, and how many it reached.
import type { ConnectionList, Listed } from './connection-list.ts';
import { EndpointError, type Recipients } from './endpoint.ts';

/** The open members meant. Throws an EndpointError if none of those named is open, or if nobody was heard yet. */
export function recipientsOf<Member extends Listed>(
  to: Recipients,
  list: ConnectionList<Member>,
  last: Member | undefined,
): Member[] {
  if (to === 'all') return [...list.members];
  if (to === 'last') {
    if (last && list.get(last.state.connection) === last) return [last];
    throw new EndpointError({
      what: 'Nobody has sent anything yet, or whoever did has left.',
      why: '',
      next: 'Choose a connection, or send to all.',
    });
  }
  const open = to.map((connection) => list.get(connection)).filter((member) => member !== undefined);
  if (open.length > 0 || to.length === 0) return open;
  throw new EndpointError({
    what: to.length === 1 ? `Connection ${to[0]} is not open.` : `None of the connections ${to.join(', ')} is open.`,
    why: '',
    next: 'Choose an open connection, or send to all.',
  });
}

/** How many of the deliveries succeeded; undefined: at once. Rejects with the first failure if none did, though there were some. */
export async function countDelivered(deliveries: readonly (Promise<unknown> | undefined)[]): Promise<number> {
  const results = await Promise.allSettled(deliveries);
  const failures = results.filter((result) => result.status === 'rejected');
  const [first] = failures;
  if (first && failures.length === results.length) throw first.reason;
  return results.length - failures.length;
}
