// A name in one line that loses its middle where it has no room, not its telling end. Read and found as one text.
import { classNames } from './class-names.ts';
import { nameEnds } from './name-ends.ts';
import './middle-cut.css';

export function MiddleCut({ name, className }: { name: string; className?: string }) {
  const { head, tail } = nameEnds(name);
  return (
    <span className={classNames('middle-cut', className)} data-head={head} data-tail={tail}>
      <span className="visually-hidden">{name}</span>
    </span>
  );
}
