// Addresses as a person knows them.
import { isIPv4 } from 'node:net';

/** An IPv4 address that came through an IPv6 socket (`::ffff:127.0.0.1`), as IPv4. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && isIPv4(address.slice(7)) ? address.slice(7) : address;
}
