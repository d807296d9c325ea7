// What a session and its file differ in, in words.
import type { SessionState } from '../../src-main/bridge/contract.ts';

/** undefined: nothing that a person need know. */
export function diskText({ disk, unsaved }: Pick<SessionState, 'disk' | 'unsaved'>): string | undefined {
  if (disk?.state === 'removed') return 'Its file was removed';
  if (disk?.state === 'broken') return `Its file cannot be read: ${disk.problem ?? 'it is no session'}`;
  if (disk?.state === 'newer') return 'Its file is of a newer Wirescope';
  if (disk?.state === 'changed') return 'Changed here and on disk';
  return unsaved ? 'Not saved yet' : undefined;
}
