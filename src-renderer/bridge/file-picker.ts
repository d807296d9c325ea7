// Picking a file by a person: the system's dialog on the desktop, the browser's elsewhere.
import { desktop } from './host.ts';
import { uploadPath } from './upload.ts';

/** The browser's own picker; null when cancelled. Extensions without a dot. */
export async function pickBrowserFile(extensions: readonly string[] = []): Promise<File | null> {
  const [file] = await pickBrowserFiles(extensions, false);
  return file ?? null;
}

function pickBrowserFiles(extensions: readonly string[], multiple: boolean): Promise<File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = multiple;
    input.accept = extensions.map((extension) => `.${extension}`).join(',');
    input.addEventListener('change', () => resolve([...(input.files ?? [])]));
    input.addEventListener('cancel', () => resolve([]));
    input.click();
  });
}

/** A path that the engine can read: chosen on the desktop, of the uploaded file in a browser; null when cancelled. */
export async function pickPath(title: string, extensions: string[] = []): Promise<string | null> {
  if (desktop) return (await desktop.chooseFiles({ title, extensions }))[0] ?? null;
  const file = await pickBrowserFile(extensions);
  return file && uploadPath(file);
}

/** The same of several files. Empty when cancelled. */
export async function pickPaths(title: string, extensions: string[] = []): Promise<string[]> {
  if (desktop) return desktop.chooseFiles({ title, extensions, several: true });
  const files = await pickBrowserFiles(extensions, true);
  return Promise.all(files.map(uploadPath));
}
