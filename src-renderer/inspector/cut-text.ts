// How much there is of a value that a limit has cut. Pure.
import type { PayloadNode } from '../../src-main/bridge/contract.ts';
import { formatBytes } from '../ui/format.ts';

/** `first 1.0 MB of 5.0 MB` */
export function cutText({ shownBytes, totalBytes }: NonNullable<PayloadNode['cut']>): string {
  const of = totalBytes === undefined ? '' : ` of ${formatBytes(totalBytes)}`;
  return `first ${formatBytes(shownBytes)}${of}`;
}
