// Our TCP client and server against socat and ncat.
import { describe, expect, it } from 'vitest';
import { clientToServer, serverToClient } from '../endpoints/fake-host.ts';
import { textMessage, unusedPort } from '../endpoints/loopback.ts';
import { running } from '../endpoints/running.ts';
import { tool } from './tools.ts';

const everyByte = Buffer.from(Array.from({ length: 1024 }, (_, i) => i & 0xff));

describe('TCP server', () => {
  it('echoes every byte to socat, and ends when socat has ended', async () => {
    const { host, port } = await running({ role: 'server', protocol: 'tcp', server: { behaviour: 'echo' } });
    const socat = tool('socat', ['-t', '10', '-', `TCP4:127.0.0.1:${port}`], everyByte);
    expect(Buffer.from(await socat.output, 'latin1').equals(everyByte)).toBe(true);
    await host.until(({ recorder }) => recorder.connections[0]?.closed === true);
    const connection = host.connection(1);
    expect(connection.bytes(clientToServer).equals(everyByte)).toBe(true);
    expect(connection.bytes(serverToClient).equals(everyByte)).toBe(true);
    expect(connection.reset).toBe(false);
  });

  it('answers ncat line by line', async () => {
    const { port } = await running({
      role: 'server',
      protocol: 'tcp',
      tcp: { framing: 'lines' },
      server: {
        answers: [{ when: { matches: '^ping \\d+$' }, reply: [{ text: 'pong' }] }, { reply: [{ text: '?' }] }],
      },
    });
    const ncat = tool('ncat', ['127.0.0.1', String(port)], 'ping 1\r\nwhat\nping 2\n');
    expect(await ncat.output).toBe('pong\n?\npong\n');
  });

  it('passes lines on from socat to ncat', async () => {
    const { endpoint, host, port } = await running({
      role: 'server',
      protocol: 'tcp',
      tcp: { framing: 'lines' },
      server: { behaviour: 'broadcast' },
    });
    const ncat = tool('ncat', ['127.0.0.1', String(port)]);
    await host.until(() => endpoint.connections.length === 1);
    const socat = tool('socat', ['-t', '0.1', '-', `TCP4:127.0.0.1:${port}`], 'good morning\n');
    await ncat.says('good morning\n');
    await socat.output;
  });

  it('kicks ncat', async () => {
    const { endpoint, host, port } = await running({ role: 'server', protocol: 'tcp' });
    const ncat = tool('ncat', ['127.0.0.1', String(port)]);
    await host.until(() => endpoint.connections.length === 1);
    await endpoint.control({ type: 'kick' }, 'all');
    await ncat.says('Connection reset by peer');
  });
});

describe('TCP client', () => {
  it('talks to a socat listener and half-closes', async () => {
    const port = await unusedPort();
    // Sorts what it gets, so that it answers only after our end.
    const socat = tool('socat', ['-d', '-d', `TCP4-LISTEN:${port},bind=127.0.0.1`, 'EXEC:sort']);
    await socat.says('listening on');
    const { endpoint, host } = await running({
      role: 'client',
      protocol: 'tcp',
      target: `tcp://127.0.0.1:${port}`,
      tcp: { framing: 'lines' },
    });
    for (const line of ['pear', 'apple', 'fig']) await endpoint.send(textMessage(line), 'all');
    await endpoint.control({ type: 'halfClose' }, 'all');
    await host.until(({ state }) => state.phase === 'closed');
    expect(host.connection(1).bytes(serverToClient).toString()).toBe('apple\nfig\npear\n');
    await socat.output;
  });
});
