// Paths below the workspace's folder, as the engine writes them: '/' between names, '' the folder itself. Pure.

/** The folder a path lies in. */
export function parentOf(path: string): string {
  const at = path.lastIndexOf('/');
  return at < 0 ? '' : path.slice(0, at);
}

/** Its last name. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function joined(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** Whether `path` is `folder` or lies anywhere below it. */
export function isWithin(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

/** Why a folder or file cannot be called that; undefined if it can. */
export function nameError(name: string): string | undefined {
  if (name.trim() === '') return 'A name is needed.';
  if (/[\\/]/.test(name)) return 'A name has no / and no \\ in it.';
  if (name.startsWith('.')) return 'Names that begin with a dot are hidden from the tree.';
  return undefined;
}
