// A growing set of record numbers as one bit each, with the running count of every 1024 bits: 128 KiB for a million
// records, and the n-th member and the rank of a record are found without a scan.

const BLOCK_BITS = 1024;
const WORDS_PER_BLOCK = BLOCK_BITS / 32;

export class SeqSet {
  #words = new Uint32Array(WORDS_PER_BLOCK);
  /** Members before each block; settled for blocks up to the one of the last member. */
  #before = new Uint32Array(1);
  #lastBlock = 0;
  #total = 0;

  get total(): number {
    return this.#total;
  }

  /** Adds a record. Records come in increasing order. */
  add(seq: number): void {
    const block = Math.floor(seq / BLOCK_BITS);
    if (block !== this.#lastBlock) this.#enter(block);
    const word = Math.floor(seq / 32);
    this.#words[word] = this.#words[word]! | (1 << (seq & 31));
    this.#total++;
  }

  has(seq: number): boolean {
    return ((this.#words[Math.floor(seq / 32)] ?? 0) & (1 << (seq & 31))) !== 0;
  }

  /** Adds a record that may lie before others. Takes a step for every 1024 records between it and the last member. */
  insert(seq: number): void {
    if (this.has(seq)) return;
    const block = Math.floor(seq / BLOCK_BITS);
    if (block > this.#lastBlock) {
      this.add(seq);
      return;
    }
    const word = Math.floor(seq / 32);
    this.#words[word] = this.#words[word]! | (1 << (seq & 31));
    this.#total++;
    for (let later = block + 1; later <= this.#lastBlock; later++) this.#before[later]!++;
  }

  /** How many members are smaller than `seq`: the row of the first one at or after it. */
  rank(seq: number): number {
    const block = Math.floor(seq / BLOCK_BITS);
    if (block > this.#lastBlock) return this.#total;
    let rank = this.#before[block]!;
    const word = Math.floor(seq / 32);
    for (let i = block * WORDS_PER_BLOCK; i < word; i++) rank += bitCount(this.#words[i]!);
    return rank + bitCount(this.#words[word]! & ((1 << (seq & 31)) - 1));
  }

  /** The members number from…from+count, in order. */
  slice(from: number, count: number): number[] {
    const seqs: number[] = [];
    const end = Math.min(from + count, this.#total);
    if (from < 0 || from >= end) return seqs;
    let low = 0;
    let high = this.#lastBlock;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#before[middle]! <= from) low = middle;
      else high = middle - 1;
    }
    let rank = this.#before[low]!;
    for (let word = low * WORDS_PER_BLOCK; rank < end; word++) {
      let bits = this.#words[word]!;
      const inWord = bitCount(bits);
      if (rank + inWord <= from) {
        rank += inWord;
        continue;
      }
      for (; bits !== 0 && rank < end; rank++) {
        const lowest = 31 - Math.clz32(bits & -bits);
        if (rank >= from) seqs.push(word * 32 + lowest);
        bits &= bits - 1;
      }
    }
    return seqs;
  }

  /** As bytes, for deserialize(). */
  serialize(): Uint8Array {
    return new Uint8Array(this.#words.buffer, 0, (this.#lastBlock + 1) * WORDS_PER_BLOCK * 4);
  }

  static deserialize(bytes: Uint8Array): SeqSet {
    const set = new SeqSet();
    const blocks = Math.max(1, Math.ceil(bytes.length / (WORDS_PER_BLOCK * 4)));
    set.#words = new Uint32Array(blocks * WORDS_PER_BLOCK);
    new Uint8Array(set.#words.buffer).set(bytes);
    set.#before = new Uint32Array(blocks);
    for (let block = 0; block < blocks; block++) {
      set.#before[block] = set.#total;
      for (let i = 0; i < WORDS_PER_BLOCK; i++) set.#total += bitCount(set.#words[block * WORDS_PER_BLOCK + i]!);
    }
    set.#lastBlock = blocks - 1;
    return set;
  }

  #enter(block: number): void {
    if (block >= this.#before.length) {
      const blocks = Math.max(block + 1, this.#before.length * 2);
      const words = new Uint32Array(blocks * WORDS_PER_BLOCK);
      words.set(this.#words);
      this.#words = words;
      const before = new Uint32Array(blocks);
      before.set(this.#before);
      this.#before = before;
    }
    this.#before.fill(this.#total, this.#lastBlock + 1, block + 1);
    this.#lastBlock = block;
  }
}

function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
