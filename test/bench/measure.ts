// How a figure is taken: product and baseline run in processes of their own, turn by turn in the same run, so that what
// the machine does meanwhile touches both; the ratio of each pair, then the median.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Runs `test/bench/SCRIPT` with arguments in a process of its own; answers the last line it printed, as JSON. */
export async function inProcess<T>(script: string, ...args: string[]): Promise<T> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, script), ...args],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${script} ${args.join(' ')} ended with code ${code}`);
  return JSON.parse(output.trim().split('\n').at(-1) ?? 'null') as T;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export interface Comparison {
  title: string;
  unit: string;
  /** The ratio the project wants at least; undefined: measured to be known. */
  wanted: number | undefined;
  baseline(): Promise<number>;
  product(): Promise<number>;
}

export interface Result {
  title: string;
  unit: string;
  wanted: number | undefined;
  baseline: number;
  product: number;
  ratio: number;
}

/** `rounds` pairs after one that warms the file cache. */
export async function compare(comparison: Comparison, rounds: number): Promise<Result> {
  const baselines: number[] = [];
  const products: number[] = [];
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    // Turn about, so that neither always runs on the warmer machine.
    const productFirst = round % 2 === 1;
    const first = await (productFirst ? comparison.product() : comparison.baseline());
    const second = await (productFirst ? comparison.baseline() : comparison.product());
    const [product, baseline] = productFirst ? [first, second] : [second, first];
    baselines.push(baseline);
    products.push(product);
    ratios.push(product / baseline);
  }
  const { title, unit, wanted } = comparison;
  return { title, unit, wanted, baseline: median(baselines), product: median(products), ratio: median(ratios) };
}
