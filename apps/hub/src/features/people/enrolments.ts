/** New passkeys that are being made: whose, what for, and by which way. The ticket of the ceremony leads to it, once. */
import type { Ceremony, CodePurpose, Origin } from '../../platform/auth/auth-types.ts';
import { Tickets } from '../../platform/auth/tickets.ts';

/** One of them. `by`: with a code, or from one's own page. */
export type Enrolment = {
  readonly person: string;
  readonly purpose: CodePurpose;
  readonly by: 'code' | 'own';
};

/** Those of a hub. A question that was put on one way is answered on that way only. */
export class Enrolments {
  readonly #tickets: Tickets<Enrolment>;

  /** `now`: ms since 1970. */
  constructor(now: () => number) {
    this.#tickets = new Tickets(now);
  }

  /** Remembers what a ceremony is for. */
  note({ ticket }: Ceremony, enrolment: Enrolment, origin: Origin): void {
    this.#tickets.keepUnder(ticket, enrolment, origin);
  }

  /** What the ceremony of this ticket is for; undefined if it is over, or was begun on another way. */
  take(ticket: string, by: Enrolment['by'], origin: Origin): Enrolment | undefined {
    const found = this.#tickets.take(ticket, origin);
    return found?.by === by ? found : undefined;
  }
}
