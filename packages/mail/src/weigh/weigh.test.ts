import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMessage } from '../read/read-message.ts';
import { viewHtml } from '../read/view-html.ts';
import { calibrated, HOLDING_BITS } from './calibrate.ts';
import { bitsOf } from './classifier.ts';
import { FEATURE_BITS, type Features, featuresOf } from './features.ts';
import { learn, type Sample } from './learn.ts';
import { type LabelledMessage, weightsFrom } from './learn-from.ts';
import { readWeights, weightsText } from './weights-file.ts';
import { shippedWeights } from './weights-shipped.ts';

const NOTHING = { links: [], files: [], texts: [], unopened: [] };

function features(
  text: string,
  header: readonly string[] = [],
  recipients: readonly string[] = [],
): Features {
  const raw = ['From: Pat <pat@a.example>', 'Subject: Hello', ...header, '', text].join('\r\n');
  const message = readMessage(Buffer.from(raw)).okOrThrow();
  return featuresOf(message, viewHtml(message.html), NOTHING, recipients).sort();
}

describe('features', () => {
  it('are those of words in any case, and do not tell numbers of one length apart', () => {
    expect(features('Invoice 1234 is due')).toEqual(features('INVOICE 9876 is due'));
    expect(features('Invoice 1234 is due')).not.toEqual(features('Invoice 12 is due'));
  });

  it('do not tell the reader, the date, the program or the way that a message came', () => {
    const plain = features('Dear Robin, your form', [], ['robin@one.example']);
    const other = features(
      'Dear Kim, your form',
      [
        'Date: Thu, 1 Jan 1998 00:00:00 +0000',
        'X-Mailer: Pine',
        'Received: from x by y; Thu, 1 Jan 1998 00:00:00 +0000',
        'DKIM-Signature: v=1',
      ],
      ['kim@two.example'],
    );
    expect(plain).toEqual(other);
  });

  it('are places of the table, each once, however long and strange a text is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 5_000 }), (text) => {
        const found = features(text);
        expect(new Set(found).size).toBe(found.length);
        expect(found.every((place) => place < 2 ** FEATURE_BITS)).toBe(true);
      }),
    );
    expect(features('word '.repeat(1_000_000)).length).toBeLessThan(50);
  });
});

/** Messages of two kinds that differ in half of their words. */
function samples(count: number, seed: number): Sample[] {
  return fc
    .sample(
      fc.record({
        isBad: fc.boolean(),
        usual: fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 20, maxLength: 60 }),
        own: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 3, maxLength: 10 }),
      }),
      { numRuns: count, seed },
    )
    .map(({ isBad, usual, own }) => ({
      isBad,
      features: Uint32Array.from(new Set([...usual, ...own.map((place) => place + (isBad ? 1_000 : 2_000))])),
    }));
}

describe('learning', () => {
  const weights = learn(samples(600, 1), { provenance: [] });

  it('tells messages apart that it has not seen, and holds hardly a good one', () => {
    const unseen = samples(600, 2);
    const bits = (isBad: boolean): number[] =>
      unseen.filter((sample) => sample.isBad === isBad).map(({ features }) => bitsOf(features, weights));
    const held = (all: readonly number[]): number =>
      all.filter((one) => one >= HOLDING_BITS).length / all.length;
    expect(held(bits(true))).toBeGreaterThan(0.9);
    expect(held(bits(false))).toBeLessThan(0.01);
  });

  it('gives the same weights for the same messages, and a file gives them back', () => {
    const again = learn(samples(600, 1), { provenance: [] });
    expect(weightsText(again)).toBe(weightsText(weights));
    expect(readWeights(weightsText(weights)).okOrThrow()).toEqual(weights);
  });

  it('learns nothing from labels that mean nothing', () => {
    const unlabelled = samples(400, 3).map((sample, at) => ({ ...sample, isBad: at % 2 === 0 }));
    const learned = learn(unlabelled, { provenance: [] });
    const unseen = samples(400, 4);
    const held = unseen.filter(({ features }) => bitsOf(features, learned) >= HOLDING_BITS);
    expect(held.length).toBeLessThan(8);
  });

  it('refuses too few messages', async () => {
    const message: LabelledMessage = {
      ...{ bytes: Buffer.from('From: a@b.example\r\n\r\nx'), isBad: true, source: 'x', licence: 'x' },
      recipients: [],
    };
    const refused = await weightsFrom(Array(120).fill(message));
    expect(refused).toMatchObject({ error: { code: 'MAIL_NOTHING_TO_LEARN' } });
  });
});

describe('the calibration', () => {
  it('lets no more good messages reach what holds than may be, whatever the margins', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ margin: fc.double({ min: -20, max: 20, noNaN: true }), isBad: fc.boolean() }), {
          minLength: 2,
          maxLength: 400,
        }),
        (margins) => {
          const { slope, offset } = calibrated(margins);
          const good = margins.filter(({ isBad }) => !isBad);
          const held = good.filter(({ margin }) => slope * margin + offset >= HOLDING_BITS);
          expect(held.length).toBeLessThanOrEqual(Math.ceil(good.length * 0.005));
        },
      ),
    );
  });
});

describe('a file of weights', () => {
  const text = weightsText(shippedWeights());

  it.each([
    ['nothing', ''],
    ['another kind', text.replace('mail-weights@1', 'mail-weights@0')],
    ['a number that is none', text.replace(/"step":[^,]*/, '"step":null')],
    ['a table that was cut off', text.replace(/"values":".{5000}/, '"values":"')],
    ['no table', text.replace('"values"', '"value"')],
    ['a bomb', 'x'.repeat(3_000_000)],
  ])('that is %s is refused with the reason', (_what, wrong) => {
    expect(readWeights(wrong)).toMatchObject({ error: { code: 'MAIL_WEIGHTS_UNREADABLE' } });
  });
});

describe('the weights that are shipped', () => {
  it('are from sources that may be shipped, and from nothing else', () => {
    const { provenance } = shippedWeights();
    expect(provenance.map(({ source, licence }) => `${source}: ${licence}`).sort()).toEqual([
      'SpamAssassin public corpus, easy-ham-1, every second message: PDDL-1.0',
      'SpamAssassin public corpus, easy-ham-2, every second message: PDDL-1.0',
      'SpamAssassin public corpus, hard-ham-1, every second message: PDDL-1.0',
      'SpamAssassin public corpus, spam-1, every second message: PDDL-1.0',
      'SpamAssassin public corpus, spam-2, every second message: PDDL-1.0',
      'made up by bellwether testkit mail: Apache-2.0',
      'made up by bellwether testkit mail: Apache-2.0',
    ]);
    expect(provenance.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(4_000);
  });
});
