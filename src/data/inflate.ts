/**
 * DEFLATE data (RFC 1951): blocks, stored as they are or of Huffman codes, which are bytes and copies of earlier ones.
 *
 * Browsers and Node inflate too, but not the same files: what may follow the end differs, and none says where that is.
 */

/** The data are wrong; the message completes "is damaged: ...". */
export class Damaged extends Error {}

/** The data end too early. */
export class CutShort extends Error {}

/** There are more bytes than are allowed. */
export class TooLong extends Error {}

/** Bytes as they come, at most so many. */
export class Inflated {
  bytes = new Uint8Array(4096);
  length = 0;

  constructor(readonly most: number) {}

  /** @throws TooLong */
  makeRoom(count: number): void {
    const wanted = this.length + count;
    if (wanted > this.most) throw new TooLong();
    if (wanted <= this.bytes.length) return;
    const bytes = new Uint8Array(Math.max(wanted, Math.min(2 * this.bytes.length, this.most)));
    bytes.set(this.bytes.subarray(0, this.length));
    this.bytes = bytes;
  }
}

const longestCode = 15;
const longestCopy = 258;
const endOfBlock = 256;
/** Symbols that data may use; the codes of blocks without tables have more. */
const mostLiterals = 286;
const mostDistances = 30;

/** In which order a block gives the lengths of the codes of code lengths. */
const lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** How many more bits symbols 257, 258, ... take, and the shortest copy that each stands for. */
const lengthBits = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const lengthBase = [...starts(lengthBits.slice(0, -1), 3), longestCopy];
/** The same of distances. */
const distanceBits = Array.from({ length: mostDistances }, (_, symbol) => Math.max(0, (symbol >> 1) - 1));
const distanceBase = starts(distanceBits, 1);

function starts(bits: readonly number[], first: number): number[] {
  let next = first;
  return bits.map((count) => (next += 2 ** count) - 2 ** count);
}

/** A code: by its next `bits` bits, the symbol times 16 and the bits that it takes; 0 where nothing has that code. */
interface Code {
  bits: number;
  table: Uint16Array;
}

/**
 * The code of symbols whose codes have these lengths; 0 is none.
 *
 * @param isWhole every code must stand for something, else one code of one bit may be all there is
 * @throws Damaged
 */
function codeOf(lengths: Uint8Array, isWhole: boolean): Code {
  const counts = new Uint16Array(longestCode + 1);
  for (const length of lengths) counts[length] += 1;
  counts[0] = 0;
  let bits = longestCode;
  while (bits > 1 && counts[bits] === 0) bits -= 1;
  const next = new Uint16Array(longestCode + 1);
  let free = 1;
  for (let length = 1, code = 0; length <= bits; length++) {
    next[length] = code;
    code = (code + counts[length]) << 1;
    free = 2 * free - counts[length];
    if (free < 0) throw new Damaged("more codes than there is room for");
  }
  const isEmpty = bits === 1 && counts[1] === 0;
  if (free > 0 && !isEmpty && (isWhole || bits > 1)) throw new Damaged("codes that stand for nothing");
  const table = new Uint16Array(1 << bits);
  lengths.forEach((length, symbol) => {
    if (length === 0) return;
    // Codes come with their first bit first, which is the lowest of the bits that are looked up.
    const reversed = reverse(next[length]++, length);
    for (let at = reversed; at < table.length; at += 1 << length) table[at] = (symbol << 4) | length;
  });
  return { bits, table };
}

function reverse(code: number, length: number): number {
  let reversed = 0;
  for (let bit = 0; bit < length; bit++) reversed |= ((code >> bit) & 1) << (length - 1 - bit);
  return reversed;
}

/** The codes of blocks that bring none. */
let fixed: { literals: Code; distances: Code } | undefined;
const fixedCodes = () =>
  (fixed ??= {
    literals: codeOf(
      Uint8Array.from({ length: 288 }, (_, symbol) =>
        symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8,
      ),
      true,
    ),
    distances: codeOf(new Uint8Array(32).fill(5), true),
  });

/**
 * Inflates data that begin at a byte and end where they say so.
 *
 * @param to takes what comes of it; copies reach back to where it ends now, not further
 * @returns the byte after the end
 * @throws Damaged, CutShort or TooLong
 */
export const inflate = (bytes: Uint8Array, start: number, to: Inflated): number =>
  new Inflater(bytes, start, to).run();

class Inflater {
  readonly #bytes: Uint8Array;
  readonly #to: Inflated;
  readonly #first: number;
  #at: number;
  /** Bits that have been read and not taken, the next one lowest, and how many. */
  #held = 0;
  #count = 0;

  constructor(bytes: Uint8Array, start: number, to: Inflated) {
    this.#bytes = bytes;
    this.#at = start;
    this.#to = to;
    this.#first = to.length;
  }

  run(): number {
    for (let isLast = false; !isLast;) {
      isLast = this.#take(1) === 1;
      const kind = this.#take(2);
      if (kind === 0) this.#stored();
      else if (kind === 1) this.#coded(fixedCodes());
      else if (kind === 2) this.#coded(this.#readCodes());
      else throw new Damaged("a block of no known kind");
    }
    this.#toByte();
    return this.#at;
  }

  /** At most 16 bits, as a number. */
  #take(bits: number): number {
    while (this.#count < bits) this.#read();
    const value = this.#held & ((1 << bits) - 1);
    this.#held >>>= bits;
    this.#count -= bits;
    return value;
  }

  #read(): void {
    if (this.#at === this.#bytes.length) throw new CutShort();
    this.#held |= this.#bytes[this.#at++] << this.#count;
    this.#count += 8;
  }

  #symbol({ bits, table }: Code): number {
    while (this.#count < bits && this.#at < this.#bytes.length) this.#read();
    const entry = table[this.#held & (table.length - 1)];
    const taken = entry & 15;
    if (entry === 0 || taken > this.#count)
      throw this.#count < bits ? new CutShort() : new Damaged("a code that stands for nothing");
    this.#held >>>= taken;
    this.#count -= taken;
    return entry >> 4;
  }

  /** Drops what is left of a byte, and gives back whole ones. */
  #toByte(): void {
    this.#at -= this.#count >> 3;
    this.#held = 0;
    this.#count = 0;
  }

  #stored(): void {
    this.#toByte();
    const [length, inverse] = [this.#take(16), this.#take(16)];
    if (length !== (inverse ^ 0xffff)) throw new Damaged("a stored block whose two lengths disagree");
    if (this.#at + length > this.#bytes.length) throw new CutShort();
    const to = this.#to;
    to.makeRoom(length);
    to.bytes.set(this.#bytes.subarray(this.#at, this.#at + length), to.length);
    to.length += length;
    this.#at += length;
  }

  #readCodes(): { literals: Code; distances: Code } {
    const literals = this.#take(5) + 257;
    const distances = this.#take(5) + 1;
    const given = this.#take(4) + 4;
    if (literals > mostLiterals || distances > mostDistances)
      throw new Damaged("more symbols than there are");
    const own = new Uint8Array(lengthOrder.length);
    for (let k = 0; k < given; k++) own[lengthOrder[k]] = this.#take(3);
    const code = codeOf(own, true);
    const lengths = new Uint8Array(literals + distances);
    for (let k = 0; k < lengths.length;) {
      const symbol = this.#symbol(code);
      if (symbol < 16) {
        lengths[k++] = symbol;
        continue;
      }
      if (symbol === 16 && k === 0) throw new Damaged("a length that repeats none");
      const repeated = symbol === 16 ? lengths[k - 1] : 0;
      const times =
        symbol === 16 ? 3 + this.#take(2) : symbol === 17 ? 3 + this.#take(3) : 11 + this.#take(7);
      if (k + times > lengths.length) throw new Damaged("more lengths than symbols");
      lengths.fill(repeated, k, (k += times));
    }
    if (lengths[endOfBlock] === 0) throw new Damaged("a block that cannot end");
    return {
      literals: codeOf(lengths.subarray(0, literals), false),
      distances: codeOf(lengths.subarray(literals), false),
    };
  }

  #coded({ literals, distances }: { literals: Code; distances: Code }): void {
    const to = this.#to;
    for (;;) {
      const symbol = this.#symbol(literals);
      if (symbol < endOfBlock) {
        if (to.length === to.bytes.length || to.length === to.most) to.makeRoom(1);
        to.bytes[to.length++] = symbol;
        continue;
      }
      if (symbol === endOfBlock) return;
      if (symbol >= mostLiterals) throw new Damaged("a symbol that stands for nothing");
      const length = lengthBase[symbol - 257] + this.#take(lengthBits[symbol - 257]);
      const which = this.#symbol(distances);
      if (which >= mostDistances) throw new Damaged("a symbol that stands for nothing");
      const distance = distanceBase[which] + this.#take(distanceBits[which]);
      if (distance > to.length - this.#first) throw new Damaged("a copy of what is not there");
      to.makeRoom(length);
      const { bytes } = to;
      // Byte by byte: a copy may reach into itself.
      const end = to.length + length;
      for (let at = to.length; at < end; at++) bytes[at] = bytes[at - distance];
      to.length = end;
    }
  }
}
