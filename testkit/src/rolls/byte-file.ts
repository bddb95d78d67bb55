/** A file that is written in large pieces. */
import type { Sink } from '../contacts/writers/log-file.ts';

/** Bytes that are gathered before they are written. */
const CHUNK = 1 << 20;

/** Gathers what is added, and gives it to the sink. */
export class ByteFile {
  private readonly sink: Sink;
  private readonly name: string;
  private readonly bytes = new Uint8Array(CHUNK);
  private length = 0;

  constructor(sink: Sink, name: string) {
    this.sink = sink;
    this.name = name;
  }

  /** Adds bytes; they are copied. */
  add(bytes: Uint8Array): void {
    if (this.length + bytes.length > CHUNK) this.end();
    if (bytes.length > CHUNK) {
      this.sink.write(this.name, bytes);
      return;
    }
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Writes what was added and is not written yet; nothing leaves an empty file. */
  end(): void {
    this.sink.write(this.name, this.bytes.subarray(0, this.length));
    this.length = 0;
  }
}
