// What an environment can be called. Pure.

/** Why an environment cannot be called that; undefined if it can. */
export function environmentNameError(name: string, taken: readonly string[]): string | undefined {
  const trimmed = name.trim();
  if (trimmed === '') return 'A name is needed.';
  if (/[\\/<>:"|?*]/.test(trimmed) || trimmed.startsWith('.'))
    return 'It names a file: no / \\ < > : " | ? * and no dot first.';
  return taken.includes(trimmed) ? 'There is one of this name already.' : undefined;
}
