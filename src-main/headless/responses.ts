// The gateway's answers. Every one carries the security headers; files come from one folder and no path leads out.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { basename, extname, join, normalize, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';

const MIME_TYPES: { [extension: string]: string } = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.ttf': 'font/ttf',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** Monaco needs inline styles, and data: images for its squiggles; nothing else is loosened. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'none'",
].join('; ');

const SECURITY_HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

export function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...SECURITY_HEADERS, 'content-type': 'text/plain; charset=utf-8' });
  response.end(text);
}

/** The file that a URL's path names inside `folder`, or 404. */
export async function sendStatic(response: ServerResponse, folder: string, pathname: string): Promise<void> {
  const file = fileIn(folder, pathname === '/' ? '/index.html' : pathname);
  const type = file && MIME_TYPES[extname(file)];
  if (!file || !type) return sendText(response, 404, 'Not found.');
  await sendFile(response, file, { 'content-type': type });
}

/** A capture as a download. Of one that grows, what there is now. */
export async function sendCapture(response: ServerResponse, path: string | undefined): Promise<void> {
  if (path === undefined) return sendText(response, 404, 'There is no such capture.');
  const name = encodeURIComponent(basename(path));
  await sendFile(response, path, {
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename*=UTF-8''${name}`,
  });
}

/** Absolute path inside `folder`, or undefined if the path leads out of it. `folder` must be absolute and normal. */
export function fileIn(folder: string, pathname: string): string | undefined {
  const path = decodePath(pathname);
  if (path === undefined || path.includes('\0') || path.includes('\\')) return undefined;
  const file = normalize(join(folder, path));
  return file.startsWith(folder + sep) ? file : undefined;
}

/** A URL's path or a part of it in plain characters; undefined if it is not properly encoded. */
export function decodePath(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

async function sendFile(response: ServerResponse, path: string, headers: { [name: string]: string }): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) return sendText(response, 404, 'Not found.');
  response.writeHead(200, { ...SECURITY_HEADERS, ...headers, 'content-length': found.size });
  if (response.req.method === 'HEAD' || found.size === 0) response.end();
  else await pipeline(createReadStream(path, { end: found.size - 1 }), response);
}
