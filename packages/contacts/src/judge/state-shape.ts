/**
 * The shape of state: names and types of all fields in their order, each once. It changes when a snapshot of before can
 * no longer be read, so a test holds it against the version.
 */
import type { Column, StateIo } from './state.ts';

/** Walks the state of a class that is not needed any more: sizes become 0, and lists are taken to hold one item. */
export class StateShape implements StateIo {
  readonly isReading = false;
  readonly #lines = new Set<string>();
  #path = '';

  /** One line a field. */
  get lines(): string {
    return [...this.#lines].join('\n');
  }

  number(name: string, _value: number): number {
    this.#note(name, 'number');
    return 0;
  }

  size(name: string, _value: number, _most: number): number {
    this.#note(name, 'size');
    return 0;
  }

  /** True, so that what only some have is seen too. */
  flag(name: string, _value: boolean): boolean {
    this.#note(name, 'flag');
    return true;
  }

  text(name: string, _value: string): string {
    this.#note(name, 'text');
    return '';
  }

  front(name: string, column: Column, _used: number): void {
    this.#note(name, `front of ${column.constructor.name}`);
  }

  table(name: string, column: Column): void {
    this.#note(name, `table of ${column.length} in ${column.constructor.name}`);
  }

  list<T>(name: string, _values: readonly T[], _most: number, item: (value: T | undefined) => T): T[] {
    this.#note(name, 'list');
    let made: T[] = [];
    this.within(name, () => {
      made = [item(undefined)];
    });
    return made;
  }

  map<K, V>(
    name: string,
    map: Map<K, V>,
    _most: number,
    item: (key: K | undefined, value: V | undefined) => readonly [K, V],
  ): void {
    this.#note(name, 'map');
    map.clear();
    this.within(name, () => {
      map.set(...item(undefined, undefined));
    });
  }

  within(name: string, body: () => void): void {
    const path = this.#path;
    this.#path = `${path}${name}/`;
    body();
    this.#path = path;
  }

  #note(name: string, type: string): void {
    this.#lines.add(`${this.#path}${name}: ${type}`);
  }
}
