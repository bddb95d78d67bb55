import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Origin } from './auth-types.ts';
import { TICKET_LIFE, Tickets } from './tickets.ts';

const HERE: Origin = { address: '192.0.2.7', agent: '', site: 'localhost', origin: 'http://localhost:8118' };

function setup(most?: number, mostOfNetwork?: number) {
  const clock = { now: 1_000_000 };
  return { clock, tickets: new Tickets<string>(() => clock.now, most, mostOfNetwork) };
}

describe('a ticket', () => {
  it('brings back what it stands for, once', () => {
    const { tickets } = setup();
    const ticket = tickets.issue('question', HERE);

    expect(tickets.take(ticket, HERE)).toBe('question');
    expect(tickets.take(ticket, HERE)).toBeUndefined();
  });

  it('works up to five minutes and not a millisecond longer', () => {
    const { tickets, clock } = setup();
    const [one, other] = [tickets.issue('one', HERE), tickets.issue('other', HERE)];

    clock.now += TICKET_LIFE - 1;
    expect(tickets.take(one, HERE)).toBe('one');
    clock.now += 1;
    expect(tickets.take(other, HERE)).toBeUndefined();
  });

  it('works at its own site only, and is used up by a try at another', () => {
    const { tickets } = setup();
    const ticket = tickets.issue('question', HERE);

    expect(tickets.take(ticket, { ...HERE, site: 'hub.example' })).toBeUndefined();
    expect(tickets.take(ticket, HERE)).toBeUndefined();
  });

  it('works from another network: a phone that leaves the house is no thief of a question', () => {
    const { tickets } = setup();
    const ticket = tickets.issue('question', HERE);

    expect(tickets.take(ticket, { ...HERE, address: '198.51.100.9' })).toBe('question');
  });

  it('is never one that somebody thought of', () => {
    const { tickets } = setup();
    tickets.issue('question', HERE);

    fc.assert(
      fc.property(fc.string(), (guess) => {
        expect(tickets.take(guess, HERE)).toBeUndefined();
      }),
    );
  });
});

describe('too many tickets', () => {
  it('of one network push out its own oldest one, and nobody else’s', () => {
    const { tickets } = setup(100, 3);
    const elsewhere = tickets.issue('elsewhere', { ...HERE, address: '198.51.100.9' });
    const first = tickets.issue('first', HERE);
    const rest = ['second', 'third', 'fourth'].map((name) =>
      tickets.issue(name, { ...HERE, address: '192.0.2.200' }),
    );

    expect(tickets.take(first, HERE)).toBeUndefined();
    expect(rest.map((ticket) => tickets.take(ticket, HERE))).toEqual(['second', 'third', 'fourth']);
    expect(tickets.take(elsewhere, HERE)).toBe('elsewhere');
  });

  it('in all push out the oldest one', () => {
    const { tickets } = setup(3, 3);
    const kept = [1, 2, 3, 4].map((n) => tickets.issue(`${n}`, { ...HERE, address: `10.0.${n}.1` }));

    expect(kept.map((ticket) => tickets.take(ticket, HERE))).toEqual([undefined, '2', '3', '4']);
  });

  it('are never kept, whatever comes in which order', () => {
    const step = fc.record({ network: fc.nat(4), wait: fc.nat(TICKET_LIFE), take: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { tickets, clock } = setup(6, 3);
        for (const { network, wait, take } of steps) {
          const from = { ...HERE, address: `10.0.${network}.1` };
          const ticket = tickets.issue('x', from);
          expect(tickets.size).toBeLessThanOrEqual(6);
          if (take) expect(tickets.take(ticket, from)).toBe('x');
          clock.now += wait;
        }
        clock.now += TICKET_LIFE;
        tickets.issue('last', HERE);
        expect(tickets.size).toBe(1);
      }),
    );
  });
});
