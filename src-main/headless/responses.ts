// The gateway's answers. Every one carries the security headers; files come from one folder and no path leads out.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CONTENT_SECURITY_POLICY, interfaceFile } from '../bridge/interface-files.ts';

const SECURITY_HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** A whole answer: `text` is for a person. */
export function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...SECURITY_HEADERS, 'content-type': 'text/plain; charset=utf-8' });
  response.end(text);
}

/** The file that a URL's path names inside `folder`, or 404. */
export async function sendStatic(response: ServerResponse, folder: string, pathname: string): Promise<void> {
  const file = interfaceFile(folder, pathname);
  if (!file) return sendText(response, 404, 'Not found.');
  await sendFile(response, file.path, { 'content-type': file.type });
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

async function sendFile(response: ServerResponse, path: string, headers: { [name: string]: string }): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) return sendText(response, 404, 'Not found.');
  response.writeHead(200, { ...SECURITY_HEADERS, ...headers, 'content-length': found.size });
  if (response.req.method === 'HEAD' || found.size === 0) response.end();
  else await pipeline(createReadStream(path, { end: found.size - 1 }), response);
}
