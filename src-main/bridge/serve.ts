// The answering end of the bridge: checks every request against the contract before the engine sees it, answers each
// exactly once, and passes announcements on. Nothing that arrives here is trusted.
import { z } from 'zod';
import type { Problem } from '../core/event.ts';
import type { Engine } from '../engine/engine.ts';
import { problemOf } from '../engine/problem.ts';
import type { Channel } from './channel.ts';
import { type MethodName, methods } from './contract.ts';

/** Calls of one client that may be under way: far more than an interface has, few enough to bound memory. */
const MAX_CALLS = 256;

const numberSchema = z.object({ id: z.number().int() });
const requestSchema = z.strictObject({ ...numberSchema.shape, method: z.string(), input: z.unknown() });

/** Serves the engine on a channel until the channel closes. */
export function serve(engine: Engine, channel: Channel): void {
  let calls = 0;

  function refuse(id: number, problem: Problem): void {
    channel.send({ id, ok: false, problem });
  }

  async function answer(id: number, method: MethodName, input: unknown): Promise<void> {
    const checked = methods[method].safeParse(input);
    if (!checked.success) return refuse(id, invalidInput(method, checked.error));
    calls += 1;
    try {
      const output = await engine.call(method, checked.data as never);
      channel.send({ id, ok: true, output });
    } catch (error) {
      refuse(id, problemOf(error));
    } finally {
      calls -= 1;
    }
  }

  const unlisten = engine.listen((announcement) => channel.send({ announcement }));
  channel.onClose(unlisten);
  channel.onMessage((message) => {
    const request = requestSchema.safeParse(message);
    if (!request.success) {
      const asked = numberSchema.safeParse(message);
      // Without a number there is nobody to answer.
      if (asked.success) refuse(asked.data.id, NO_REQUEST);
      return;
    }
    const { id, method, input } = request.data;
    if (!Object.hasOwn(methods, method)) refuse(id, unknownMethod(method));
    else if (calls >= MAX_CALLS) refuse(id, BUSY);
    else void answer(id, method as MethodName, input);
  });
}

const NO_REQUEST: Problem = {
  what: 'That was no request.',
  why: 'A request has a number, a method and an input, and nothing else.',
  next: 'Restart the app: it and the engine may be of different versions.',
  code: 'INVALID_REQUEST',
};

const BUSY: Problem = {
  what: 'Too many requests at once.',
  why: `The engine answers up to ${MAX_CALLS} at a time.`,
  next: 'Wait for some to be answered.',
  code: 'BUSY',
};

function unknownMethod(method: string): Problem {
  return {
    what: `The engine has no method ${JSON.stringify(method.slice(0, 100))}.`,
    why: 'The app and the engine may be of different versions.',
    next: 'Restart both.',
    code: 'UNKNOWN_METHOD',
  };
}

function invalidInput(method: MethodName, error: z.ZodError): Problem {
  return {
    what: `The request ${method} was not understood.`,
    why: z.prettifyError(error).slice(0, 2000),
    next: 'Restart the app: it and the engine may be of different versions.',
    code: 'INVALID_INPUT',
  };
}
