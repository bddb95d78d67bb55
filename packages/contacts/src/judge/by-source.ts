/**
 * A map by source: IPv4 by number, IPv6 by text, because that is rare and numbers are fast.
 */
import type { StateIo } from './state.ts';

export class BySource<T> {
  readonly #v4 = new Map<number, T>();
  readonly #v6 = new Map<string, T>();

  get size(): number {
    return this.#v4.size + this.#v6.size;
  }

  get(key0: number, key1: number, v6: boolean): T | undefined {
    return v6 ? this.#v6.get(`${key0}:${key1}`) : this.#v4.get(key0);
  }

  set(key0: number, key1: number, v6: boolean, value: T): void {
    if (v6) this.#v6.set(`${key0}:${key1}`, value);
    else this.#v4.set(key0, value);
  }

  delete(key0: number, key1: number, v6: boolean): void {
    if (v6) this.#v6.delete(`${key0}:${key1}`);
    else this.#v4.delete(key0);
  }

  /** All entries; `item` is told of each value. */
  state(io: StateIo, most: number, item: (value: T | undefined) => T): void {
    io.map('v4', this.#v4, most, (key, value) => [io.number('key', key ?? 0), item(value)]);
    io.map('v6', this.#v6, most, (key, value) => {
      const [key0 = '0', key1 = '0'] = key?.split(':') ?? [];
      const name = `${io.number('key0', Number(key0))}:${io.number('key1', Number(key1))}`;
      return [name, item(value)];
    });
  }

  /** All entries, in the order in which they were set. */
  *entries(): Generator<{ key0: number; key1: number; v6: boolean; value: T }> {
    for (const [key0, value] of this.#v4) yield { key0, key1: 0, v6: false, value };
    for (const [key, value] of this.#v6) {
      const [key0 = '0', key1 = '0'] = key.split(':');
      yield { key0: Number(key0), key1: Number(key1), v6: true, value };
    }
  }
}
