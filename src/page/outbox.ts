import type { Frame } from "../results/frame.ts";
import { encodeFrame } from "../results/frame.ts";

/** Takes one chunk of the stream, as base64; settles when it has been dealt with. */
export type Deliver = (base64: string) => Promise<void>;

const chunkBytes = 2 ** 20;
/** Less than a chunk waits this long for company. */
const waitMilliseconds = 100;
/** A longer queue holds the sender up. */
const mostChunksWaiting = 8;

/** Sends frames in order, in chunks, one chunk at a time: training waits when the receiver cannot keep up. */
export class Outbox {
  readonly #deliver: Deliver;
  #chunk = new Uint8Array(chunkBytes);
  #filled = 0;
  #waiting = 0;
  #sending: Promise<void> = Promise.resolve();
  #failure: { error: unknown } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(deliver: Deliver) {
    this.#deliver = deliver;
  }

  /**
   * Queues a frame: it is copied before this returns, and no other frame comes between its bytes.
   *
   * @throws what the receiver threw, now or before
   */
  async push(frame: Frame): Promise<void> {
    this.#throwFailure();
    for (const piece of encodeFrame(frame)) this.#append(piece);
    if (this.#filled > 0) this.#timer ??= setTimeout(() => this.#send(), waitMilliseconds);
    if (this.#waiting > mostChunksWaiting) await this.#sending;
    this.#throwFailure();
  }

  /** Settles when everything has been delivered. */
  async flush(): Promise<void> {
    this.#send();
    await this.#sending;
    this.#throwFailure();
  }

  #append(piece: Uint8Array): void {
    for (let offset = 0; offset < piece.length;) {
      const part = piece.subarray(offset, offset + chunkBytes - this.#filled);
      this.#chunk.set(part, this.#filled);
      this.#filled += part.length;
      offset += part.length;
      if (this.#filled === chunkBytes) this.#send();
    }
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#filled === 0) return;
    const chunk = this.#chunk.subarray(0, this.#filled);
    this.#chunk = new Uint8Array(chunkBytes);
    this.#filled = 0;
    this.#waiting += 1;
    this.#sending = this.#sending.then(() => this.#sendChunk(chunk));
  }

  async #sendChunk(chunk: Uint8Array): Promise<void> {
    try {
      if (!this.#failure) await this.#deliver(toBase64(chunk));
    } catch (error) {
      this.#failure ??= { error };
    }
    this.#waiting -= 1;
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure.error;
  }
}

/** Chrome has had `toBase64` since version 140. */
export function toBase64(bytes: Uint8Array): string {
  const native = bytes as Uint8Array & { toBase64?: () => string };
  if (native.toBase64) return native.toBase64();
  let text = "";
  for (let offset = 0; offset < bytes.length; offset += 0x8000)
    text += String.fromCharCode(...bytes.subarray(offset, offset + 0x8000));
  return btoa(text);
}
