// Contents before they are sent: what is wrong with one, and command lines that stand for a call.
import { resolve } from 'node:path';
import { parseGrpcurl } from '../core/compose/grpcurl.ts';
import type { SecretMask } from '../workspace/secret-mask.ts';
import type { GroupHost, MethodsOf } from './methods.ts';
import { problemOf } from './problem.ts';
import { readContent } from './session/contents.ts';

/** `folder`: what file names in contents of no session are relative to. */
export function composeMethods(
  host: GroupHost,
  mask: SecretMask,
  folder: string,
): MethodsOf<'compose'> & MethodsOf<'grpcurl'> {
  return {
    'compose.check': async ({ content, session, type }) => {
      try {
        if (session !== undefined) return { ok: true, sizeBytes: await host.session(session).sizeOf(content, type) };
        const { bytes } = await readContent(content, (name) => resolve(folder, name));
        return { ok: true, sizeBytes: bytes.length };
      } catch (error) {
        const { what, why } = mask.problem(problemOf(error));
        return { ok: false, error: [what, why].filter(Boolean).join(' ') };
      }
    },
    'grpcurl.parse': ({ text }) => parseGrpcurl(text),
    'grpcurl.format': async ({ session, content }) => ({ text: await host.session(session).grpcurl(content) }),
  };
}
