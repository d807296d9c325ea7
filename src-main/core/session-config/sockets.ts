// Settings of the protocols tcp and udp.
import { z } from 'zod';

export const tcpSchema = z
  .strictObject({
    framing: z
      .enum(['none', 'lines', 'delimiter', 'length-prefix', 'fixed'])
      .optional()
      .describe('Where a message ends. Default: none, each piece that is read is one.'),
    delimiter: z.string().optional().describe('For `delimiter`: the bytes as hex (`0d0a`).'),
    prefixBytes: z
      .union([z.literal(1), z.literal(2), z.literal(4), z.literal(8)])
      .optional()
      .describe('For `length-prefix`: width in bytes.'),
    prefixByteOrder: z.enum(['big', 'little']).optional().describe('Default: big.'),
    prefixIncludesItself: z.boolean().optional().describe('The length counts its own bytes too.'),
    fixedLength: z.number().int().min(1).optional().describe('For `fixed`: bytes per message.'),
    noDelay: z.boolean().optional().describe('Send at once instead of gathering small writes (TCP_NODELAY).'),
  })
  .meta({ id: 'tcp' });
export type TcpConfig = z.infer<typeof tcpSchema>;

export const udpSchema = z
  .strictObject({
    broadcast: z.boolean().optional().describe('Allow sending to broadcast addresses.'),
    multicast: z.array(z.string()).optional().describe('Groups to join.'),
    multicastTtl: z.number().int().min(0).max(255).optional().describe('How many hops datagrams to a group may go.'),
    multicastLoopback: z.boolean().optional().describe('Whether this machine gets what it sends to a group.'),
    multicastInterface: z.string().optional().describe('Address of the interface for multicast.'),
  })
  .meta({ id: 'udp' });
export type UdpConfig = z.infer<typeof udpSchema>;
