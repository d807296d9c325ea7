// Our UDP client and server against socat and a UDP server in Python.
import { describe, expect, it } from 'vitest';
import { clientToServer, serverToClient } from '../endpoints/fake-host.ts';
import { textMessage } from '../endpoints/loopback.ts';
import { running } from '../endpoints/running.ts';
import { tool } from './tools.ts';

const PYTHON_SERVER = `
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('127.0.0.1', 0))
print(s.getsockname()[1], flush=True)
while True:
    data, peer = s.recvfrom(65535)
    s.sendto(str(len(data)).encode() + b' ' + data[:3].upper(), peer)
`;

describe('UDP server', () => {
  it('answers socat', async () => {
    const { host, port } = await running({ role: 'server', protocol: 'udp', server: { behaviour: 'echo' } });
    const socat = tool('socat', ['-t', '0.3', '-', `UDP4:127.0.0.1:${port}`], 'to and fro');
    expect(await socat.output).toBe('to and fro');
    expect(host.connection(1).bytes(clientToServer).toString()).toBe('to and fro');
    expect(host.connection(1).bytes(serverToClient).toString()).toBe('to and fro');
  });

  it('hears a broadcast of socat', async () => {
    const { host, port } = await running({
      role: 'server',
      protocol: 'udp',
      listen: '0.0.0.0:0',
      udp: { broadcast: true },
    });
    await tool('socat', ['-u', '-', `UDP4-DATAGRAM:127.255.255.255:${port},broadcast`], 'everybody').output;
    await host.untilBytes(1, clientToServer, 9);
    expect(host.connection(1).bytes(clientToServer).toString()).toBe('everybody');
  });
});

describe('UDP client', () => {
  it('asks a Python server', async () => {
    const python = tool('python3', ['-c', PYTHON_SERVER]);
    const port = Number((await python.says('\n')).trim());
    const { endpoint, host } = await running({ role: 'client', protocol: 'udp', target: `udp://127.0.0.1:${port}` });
    await endpoint.send(textMessage('hello'), 'all');
    await host.until(({ recorder }) => recorder.connections[0]?.chunks.length === 2);
    await endpoint.send({ bytes: new Uint8Array(0), text: false }, 'all');
    await host.until(({ recorder }) => recorder.connections[0]?.chunks.length === 4);
    await endpoint.send({ bytes: Buffer.alloc(65_507, 'a'), text: false }, 'all');
    await host.until(({ recorder }) => recorder.connections[0]?.chunks.length === 6);
    const answers = host.connection(1).chunks.filter(({ direction }) => direction === serverToClient);
    expect(answers.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['5 HEL', '0 ', '65507 AAA']);
  });
});
