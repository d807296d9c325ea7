// What servers answer by themselves, without sockets.
import { describe, expect, it } from 'vitest';
import type { ServerConfig, SessionConfig } from '../../src-main/core/session-config.ts';
import { createBehaviour, LINE_LIMIT_BYTES, type Participant } from '../../src-main/endpoints/behaviour.ts';
import { FakeHost } from './fake-host.ts';
import { textMessage } from './loopback.ts';

/** A connection that takes what it is sent, or nothing while it is stuck. */
class FakeParticipant implements Participant {
  readonly connection: number;
  readonly log: string[] = [];
  paused = false;
  #stuck: { promise: Promise<void>; resolve(): void; reject(error: Error): void } | undefined;

  constructor(connection: number) {
    this.connection = connection;
  }

  send({ bytes }: { bytes: Uint8Array }): Promise<void> | undefined {
    this.log.push(bytes.length > 20 ? `${bytes.length} bytes` : Buffer.from(bytes).toString());
    return this.#stuck?.promise;
  }

  close(code?: number, reason?: string): void {
    this.log.push(`close ${code ?? ''} ${reason ?? ''}`.trim());
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  /** From now on there is no room until free(). */
  stick(): void {
    let resolve = () => {};
    let reject = (_error: Error) => {};
    const promise = new Promise<void>((succeed, fail) => {
      resolve = succeed;
      reject = fail;
    });
    this.#stuck = { promise, resolve, reject };
  }

  free(): void {
    const stuck = this.#stuck;
    this.#stuck = undefined;
    stuck?.resolve();
  }

  break(): void {
    const stuck = this.#stuck;
    this.#stuck = undefined;
    stuck?.reject(new Error('gone'));
  }
}

function behaviour(server: ServerConfig, host = new FakeHost(), messages: SessionConfig['messages'] = []) {
  return createBehaviour({ wirescope: 1, name: 'server', role: 'server', protocol: 'tcp', server, messages }, host);
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('behaviours', () => {
  it('are silent unless told otherwise', async () => {
    const silent = await behaviour({});
    const participant = new FakeParticipant(1);
    silent.join(participant).hear(textMessage('hello'));
    expect(silent.kind).toBe('silent');
    expect(participant.log).toEqual([]);
    expect((await behaviour({ answers: [{}] })).kind).toBe('scripted');
  });

  it('echo to the sender, broadcast to everybody else who is still there', async () => {
    const echo = await behaviour({ behaviour: 'echo' });
    const one = new FakeParticipant(1);
    echo.join(one).hear(textMessage('a'));
    expect(one.log).toEqual(['a']);

    const broadcast = await behaviour({ behaviour: 'broadcast' });
    const all = [new FakeParticipant(1), new FakeParticipant(2), new FakeParticipant(3)];
    const members = all.map((participant) => broadcast.join(participant));
    members[2]?.leave();
    members[0]?.hear(textMessage('b'));
    expect(all.map(({ log }) => log)).toEqual([[], ['b'], []]);
  });

  it('answer by the first rule that matches', async () => {
    const scripted = await behaviour(
      {
        answers: [
          { when: { json: { type: 'login' } }, reply: ['ok', { text: 'ready' }] },
          { when: { contains: 'bye' }, close: { code: 4000, reason: 'asked' } },
          { when: { text: 'nothing' } },
          { reply: [{ text: '?' }] },
        ],
      },
      new FakeHost(),
      [{ name: 'ok', json: { ok: true } }],
    );
    const participant = new FakeParticipant(1);
    const member = scripted.join(participant);
    for (const text of ['{"type":"login","user":1}', 'nothing', 'what', 'good bye', 'late'])
      member.hear(textMessage(text));
    expect(participant.log).toEqual(['{"ok":true}', 'ready', '?', 'close 4000 asked']);
  });

  it('say which condition cannot be used', async () => {
    await expect(behaviour({ answers: [{}, { when: { hex: '0' } }] })).rejects.toThrow(
      'The condition of the server’s answer 2 cannot be used.',
    );
    await expect(behaviour({ answers: [{ when: { matches: '(' } }] })).rejects.toThrow('answer 1');
  });

  it('keep the order of answers when some are delayed, and forget them when the connection ends', async () => {
    const scripted = await behaviour({
      answers: [
        { when: { text: 'slow' }, reply: [{ text: 'slow answer' }], delay: 30 },
        { reply: [{ text: 'fast answer' }] },
      ],
    });
    const staying = new FakeParticipant(1);
    const member = scripted.join(staying);
    member.hear(textMessage('slow'));
    member.hear(textMessage('fast'));
    expect(staying.log).toEqual([]);
    await member.idle();
    expect(staying.log).toEqual(['slow answer', 'fast answer']);

    const leaving = new FakeParticipant(2);
    const gone = scripted.join(leaving);
    gone.hear(textMessage('slow'));
    const idle = gone.idle();
    gone.leave();
    await idle;
    const later = scripted.join(new FakeParticipant(3));
    later.hear(textMessage('slow'));
    await later.idle();
    expect(leaving.log).toEqual([]);
  });

  it('pause whoever fills a line, once, and resume when it has emptied', async () => {
    const host = new FakeHost();
    const broadcast = await behaviour({ behaviour: 'broadcast' }, host);
    const speaker = new FakeParticipant(1);
    const slow = new FakeParticipant(2);
    const quick = new FakeParticipant(3);
    const member = broadcast.join(speaker);
    broadcast.join(slow);
    broadcast.join(quick);
    slow.stick();
    const message = { bytes: new Uint8Array(LINE_LIMIT_BYTES / 8), text: false };
    let heard = 0;
    while (!speaker.paused && heard < 100) {
      member.hear(message);
      heard++;
    }
    expect(heard).toBe(9);
    expect(slow.log).toHaveLength(1);
    expect(quick.log).toHaveLength(9);
    expect(host.recorder.events.map(({ type }) => type)).toEqual(['limit']);
    slow.free();
    await turn();
    expect(slow.log).toHaveLength(9);
    expect(speaker.paused).toBe(false);
  });

  it('count empty messages too', async () => {
    const echo = await behaviour({ behaviour: 'echo' });
    const participant = new FakeParticipant(1);
    const member = echo.join(participant);
    participant.stick();
    for (let i = 0; i < LINE_LIMIT_BYTES / 32; i++) member.hear(textMessage(''));
    expect(participant.paused).toBe(true);
    participant.free();
    await member.idle();
    expect(participant.paused).toBe(false);
    expect(participant.log).toHaveLength(LINE_LIMIT_BYTES / 32);
  });

  it('let the others go on when the one they wait for breaks', async () => {
    const broadcast = await behaviour({ behaviour: 'broadcast' });
    const speaker = new FakeParticipant(1);
    const stuck = new FakeParticipant(2);
    const member = broadcast.join(speaker);
    broadcast.join(stuck);
    stuck.stick();
    for (let i = 0; i < 3; i++) member.hear({ bytes: new Uint8Array(LINE_LIMIT_BYTES), text: false });
    expect(speaker.paused).toBe(true);
    stuck.break();
    await turn();
    expect(speaker.paused).toBe(false);
    member.hear(textMessage('on'));
    expect(stuck.log).toHaveLength(1);
  });
});
