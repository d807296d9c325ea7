// What can be brought back: the removals of this process, newest last. The files themselves are in the trash.

export interface Removal {
  /** Of what was removed, for a person. */
  label: string;
  /** The workspace it was removed from; absent: the scratch area. */
  root?: string;
  restore(): Promise<void>;
}

const MAX_REMOVALS = 50;

export class Removals {
  #removals: Removal[] = [];

  add(removal: Removal): void {
    this.#removals = [...this.#removals, removal].slice(-MAX_REMOVALS);
  }

  /** The last of the scratch area or of a workspace. */
  last(root: string | undefined): Removal | undefined {
    return this.#removals.filter((removal) => removal.root === undefined || removal.root === root).pop();
  }

  /** It was brought back. */
  drop(removal: Removal): void {
    this.#removals = this.#removals.filter((other) => other !== removal);
  }
}
