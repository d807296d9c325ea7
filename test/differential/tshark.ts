// What tshark says of a capture file, protocol by protocol, as values by field name in the order of the capture.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Values of each field, joined by commas as `wirescope read` joins them. */
export type Values = { [field: string]: string };

/** The layers of every packet for which `filter` holds. Rejects with what to install if tshark is missing. */
export async function tsharkLayers(
  path: string,
  filter: string,
  options: readonly string[],
): Promise<{ [layer: string]: unknown }[]> {
  const args = ['-r', path, ...options, '-Y', filter, '-T', 'json', '--no-duplicate-keys'];
  const { stdout } = await run('tshark', args, { maxBuffer: 256 * 1024 * 1024 }).catch((error) => {
    throw error.code === 'ENOENT' ? new Error('This test needs tshark: apt-get install tshark') : error;
  });
  const packets = JSON.parse(stdout) as { _source: { layers: { [layer: string]: unknown } } }[];
  return packets.map((packet) => packet._source.layers);
}

/** All values under a name, wherever they are, in order. */
export function nodes(node: unknown, wanted: string): unknown[] {
  if (typeof node !== 'object' || node === null) return [];
  if (Array.isArray(node)) return node.flatMap((each) => nodes(each, wanted));
  return Object.entries(node).flatMap(([name, value]) => (name === wanted ? [value].flat() : nodes(value, wanted)));
}

/** The values of fields in a node, '' for those it does not have. */
export function valuesIn(node: unknown, fields: readonly string[]): Values {
  return Object.fromEntries(fields.map((field) => [field, nodes(node, field).map(String).join(',')]));
}
