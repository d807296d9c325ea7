// How long the parser would take. protobufjs looks through all fields of a message, and all it reserves, whenever it adds
// one: a few hundred kilobytes could keep it busy for minutes. Files that are made for that are refused before.
import protobuf from 'protobufjs';

/** Steps, of which it takes some twenty million a second; a message of 1,000 fields takes one million. */
const MAX_STEPS = 25_000_000;

/** What a pair of braces holds. */
interface Block {
  /** The word its statement begins with. */
  keyword: string;
  statements: number;
  commas: number;
}

/** @throws Error for text that would take too long, or has no tokens */
export function refuseEndlessWork(text: string): void {
  const steps = stepsOf(text);
  if (steps > MAX_STEPS) throw new Error('too many fields, extensions or reserved numbers in one place');
}

function stepsOf(text: string): number {
  const tokens = protobuf.tokenize(text, false);
  const open: Block[] = [{ keyword: '', statements: 0, commas: 0 }];
  const count = new Count();
  let keyword = '';
  for (let token = tokens.next(); token !== null; token = tokens.next()) {
    const block = open[open.length - 1]!;
    if (token === '"' || token === "'") {
      tokens.next();
      tokens.next();
    } else if (token === '{') {
      open.push({ keyword, statements: 0, commas: 0 });
      keyword = '';
    } else if (token === '}') {
      if (open.length > 1) count.close(open.pop()!, open[open.length - 1]!);
      keyword = '';
    } else if (token === ';') {
      block.statements++;
      keyword = '';
    } else if (token === ',') block.commas++;
    else if (keyword === '') keyword = token;
  }
  // What is not closed was parsed all the same.
  for (let block = open.pop(); block; block = open.pop()) count.close(block, open[open.length - 1] ?? block);
  return count.steps;
}

class Count {
  #steps = 0;
  #messages = 0;
  #extensions = 0;

  /** Extensions are added to one message, and looked through for each message that is defined. */
  get steps(): number {
    return this.#steps + this.#extensions * (this.#extensions + this.#messages);
  }

  close({ keyword, statements, commas }: Block, around: Block): void {
    if (keyword === 'oneof') {
      around.statements += statements;
      around.commas += commas;
    } else if (keyword === 'extend') this.#extensions += statements;
    else if (keyword === 'enum') this.#steps += statements * commas;
    else if (keyword !== 'option' && keyword !== 'service' && keyword !== '') {
      this.#messages++;
      this.#steps += (statements + commas) ** 2;
    }
  }
}
