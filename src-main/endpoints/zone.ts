// The zone of an IPv6 address, as in fe80::1%eth0: the interface it is meant on (RFC 4007 §11). The system ignores one that
// it does not know, and then waits for an answer that cannot come.
import { networkInterfaces } from 'node:os';
import { EndpointError } from './endpoint.ts';

/** Throws an EndpointError if an address names an interface that this machine does not have. */
export function requireZone(host: string): void {
  const zone = /%(.+)$/.exec(host)?.[1];
  const names = Object.keys(networkInterfaces());
  if (zone === undefined || /^\d+$/.test(zone) || names.includes(zone)) return;
  throw new EndpointError({
    what: `This machine has no network interface “${zone}”.`,
    why: 'Behind the % of an IPv6 address stands the interface it is meant on.',
    next: `There are: ${names.join(', ')}.`,
  });
}
