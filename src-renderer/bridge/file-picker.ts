// Picking a file by a person: the system's dialog on the desktop, the browser's elsewhere.
import { desktop } from './host.ts';
import { uploadPath } from './upload.ts';

/** The browser's own picker; null when cancelled. Extensions without a dot. */
export function pickBrowserFile(extensions: readonly string[] = []): Promise<File | null> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = extensions.map((extension) => `.${extension}`).join(',');
    input.addEventListener('change', () => resolve(input.files?.[0] ?? null));
    input.addEventListener('cancel', () => resolve(null));
    input.click();
  });
}

/** A path that the engine can read: chosen on the desktop, of the uploaded file in a browser; null when cancelled. */
export async function pickPath(title: string, extensions: string[] = []): Promise<string | null> {
  if (desktop) return desktop.chooseFile({ title, extensions });
  const file = await pickBrowserFile(extensions);
  return file && uploadPath(file);
}
