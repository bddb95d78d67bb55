/**
 * The links of all offices as one: what is sent to an address of the state arrives at the office that has it. Where no
 * sensor watches, nobody ever hears of it, and it does not count.
 */
import type { AddressBook } from '../contacts/address-book.ts';
import { FIRST_OFFICE } from '../contacts/estate.ts';
import { type NetworkEvent, NetworkEvents } from '../contacts/network-events.ts';

/** Events that are passed on. `count` is how many arrived. */
export class StateLink extends NetworkEvents {
  private readonly book: AddressBook;
  private readonly links: ReadonlyMap<number, NetworkEvents>;

  /** @param links by the place of the office */
  constructor(book: AddressBook, links: ReadonlyMap<number, NetworkEvents>) {
    super(false);
    this.book = book;
    this.links = links;
  }

  override add(event: NetworkEvent): void {
    const value = this.book.valueOf(event.destination);
    const link = this.links.get(Math.floor((value - FIRST_OFFICE) / 256));
    if (link === undefined) return;
    link.add(event);
    this.count++;
  }
}
