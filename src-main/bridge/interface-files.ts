// The files of the built interface, whoever serves them: which one a path means, what it is, and the policy that every page
// carries. Reads nothing.
import { extname, join, normalize, sep } from 'node:path';

const MIME_TYPES: { [extension: string]: string } = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ttf': 'font/ttf',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

/** Monaco needs inline styles, and data: images for its squiggles; nothing else is loosened. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A URL's path or a part of it in plain characters; undefined if it is not properly encoded. */
export function decodePath(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

/**
 * The file that a URL's path means inside `folder`, with its media type; undefined if the path leads out of the folder or
 * the file is none of the interface's kinds.
 * @param folder absolute and normal
 */
export function interfaceFile(folder: string, pathname: string): { path: string; type: string } | undefined {
  const inside = decodePath(pathname === '/' ? '/index.html' : pathname);
  // On some systems the one ends a name, and the other separates two.
  if (inside === undefined || inside.includes('\0') || inside.includes('\\')) return undefined;
  const path = normalize(join(folder, inside));
  const type = MIME_TYPES[extname(path)];
  return type !== undefined && path.startsWith(folder + sep) ? { path, type } : undefined;
}
