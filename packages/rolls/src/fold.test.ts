import {
  encodeBase64,
  entryHashes,
  formatEntries,
  formatNoteKey,
  formatSignature,
  KeyKind,
  noteKey,
  signText,
} from '@bellwether/evidence';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { policyText } from './claim.ts';
import { beginFold } from './fold.ts';
import { edPublic, edSign, fileSigner, hasher, passkeySigner, tools } from './testing/keys.ts';
import { type Change, digest, ORIGIN, PlainState, POLICY, SIGNERS, TestLog } from './testing/log.ts';

const { A, B, C, feed, state, reader } = SIGNERS;
const changed = (...records: number[]): Change[] =>
  records.map((at) => ({ kind: 'changed', record: `record ${at}` }));
const added = (...names: string[]): Change[] => names.map((record) => ({ kind: 'new', record }));
const removed = (...records: number[]): Change[] =>
  records.map((at) => ({ kind: 'removed', record: `record ${at}` }));
const many = changed(0, 1, 2, 3, 4, 5, 6);

/** Everything that there is, once. */
function wholeLog(): TestLog {
  const D = passkeySigner('001', 20);
  return new TestLog()
    .batch([...changed(0, 1), ...added('a', 'b'), ...removed(2)])
    .batch(changed(6, 7), { office: '002', by: [B] })
    .batch(changed(8), { office: '002', source: 'feed:motor-vehicle', by: [feed] })
    .batch([...changed(9, 10), ...added('hidden')], { office: 'state', source: 'state', by: [state] })
    .key('add', D, [A])
    .seal()
    .seal()
    .seal()
    .seal()
    .batch([{ kind: 'changed', record: 'a' }, ...removed(0)], { by: [D], day: '2026-06-05' })
    .batch(many.slice(3).concat(changed(1, 7, 8)), { by: [A, B], day: '2026-06-05' })
    .erase('record 0')
    .seal();
}

describe('the fold', () => {
  it('arrives at the state that the batches make, whoever signed them', async () => {
    const log = wholeLog();
    const { fold, refusal } = await log.fold();
    expect(refusal).toBeNull();
    expect(fold!.state.root()).toEqual(log.modelRoot);
    expect(fold!.epoch).toBe(5);
    expect(fold!.recordsOf('001')).toBe(6);
    expect(fold!.recordsOf('state')).toBe(1);
    expect(fold!.lastSequence('001', 'office')).toBe(3);
    expect(fold!.versionOf(digest('a'))).toBe(2);
    expect(fold!.versionOf(digest('record 0'))).toBe(0);
  });

  it('gives the same for entries by the bundle as one by one, and tells what each did', async () => {
    const log = wholeLog();
    const single = (await log.fold()).fold!;
    const events: string[] = [];
    const fold = beginFold(tools, 0n, log.entries[0]!, log.begin()).okOrThrow();
    for (let at = 1; at < log.entries.length; at += 5) {
      const part = log.entries.slice(at, at + 5);
      // Every other time with hashes that were made before.
      const hashes = at % 2 === 0 ? entryHashes(tools.hasher, part) : null;
      const folded = await fold.foldEntries(BigInt(at), formatEntries(part), part.length, hashes);
      for (const { index, entry } of folded.okOrThrow()) events.push(`${index} ${entry.type}`);
    }
    expect((await fold.settleSignatures()).isOk()).toBe(true);
    expect(fold.state.root()).toEqual(single.state.root());
    expect(events).toContain('1 batch');
    expect(events.filter((event) => event.endsWith(' seal'))).toHaveLength(5);
    expect(events).toHaveLength(13);
  });

  it('folds any history that keeps the rules to what its model says', async () => {
    const kinds = fc.constantFrom('new', 'changed', 'removed', 'changed');
    const nights = fc.array(fc.array(fc.tuple(kinds, fc.nat(30)), { maxLength: 8 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(nights, async (made) => {
        const log = new TestLog({ massItems: 1_000, quietRemovals: 1_000 });
        let names = 0;
        for (const night of made) {
          const changes: Change[] = [];
          const gone = new Set<string>();
          for (const [kind, pick] of night) {
            const live = [...log.model.keys()].filter((record) => !gone.has(record));
            const record = kind === 'new' ? `new ${++names}` : live[pick % live.length];
            if (record === undefined) continue;
            if (kind === 'removed') gone.add(record);
            changes.push({ kind, record });
          }
          if (changes.length > 0) log.batch(changes);
          log.seal();
        }
        const { fold, refusal } = await log.fold();
        expect(refusal).toBeNull();
        expect(fold!.state.root()).toEqual(log.modelRoot);
        for (const [record, { version }] of log.model) expect(fold!.versionOf(digest(record))).toBe(version);
      }),
      { numRuns: 25 },
    );
  });
});

describe('the fold refuses', () => {
  const leaf = digest('another leaf');
  const base = (): TestLog => new TestLog();
  it.each<[string, string, number, () => TestLog]>([
    ['a batch by the key of another office', 'signer', 1, () => base().batch(changed(0), { by: [C] })],
    [
      'a batch by a feed in the name of an office',
      'signer',
      1,
      () => base().batch(changed(0), { by: [feed] }),
    ],
    [
      'a batch of a feed by its office',
      'signer',
      1,
      () => base().batch(changed(0), { source: 'feed:motor-vehicle' }),
    ],
    ['a key that nobody knows', 'signer', 1, () => base().batch(changed(0), { by: [fileSigner('001', 99)] })],
    ['one key that signs twice', 'signer', 1, () => base().batch(many, { by: [A, A] })],
    [
      'a signature over other counts',
      'signature',
      1,
      () =>
        base()
          .batch(changed(0), { after: { day: '2026-06-03' } })
          .seal(),
    ],
    [
      'a signature for another log',
      'signature',
      1,
      () => {
        const log = new TestLog({}, { origin: 'elsewhere.example.gov/rolls' });
        return log.batch(changed(0)).seal();
      },
    ],
    [
      'an office that is the state',
      'place',
      1,
      () => base().batch(changed(0, 1, 2), { office: 'state', by: [state] }),
    ],
    [
      'the state in the name of an office',
      'place',
      1,
      () => base().batch(changed(0, 1, 2), { source: 'state', by: [state] }),
    ],
    ['a batch of the reader', 'place', 1, () => base().batch(changed(0), { office: 'reader', by: [reader] })],
    [
      'a number of a batch again',
      'number',
      3,
      () => base().batch(changed(0)).batch(changed(1), { batch: 1 }),
    ],
    [
      'a sequence with a gap',
      'sequence',
      3,
      () => base().batch(changed(0)).batch(changed(1), { sequence: 3 }),
    ],
    ['a sequence again', 'sequence', 3, () => base().batch(changed(0)).batch(changed(1), { sequence: 1 })],
    [
      'a day before the last one',
      'sequence',
      3,
      () => base().batch(changed(0)).batch(changed(1), { day: '2026-06-01' }),
    ],
    ['a batch without items', 'counts', 1, () => base().batch([])],
    [
      'kinds that are not those counted',
      'counts',
      3,
      () => base().batch(changed(0, 1), { counts: { new: 1, changed: 1, removed: 0 } }),
    ],
    ['items of another root', 'root', 2, () => base().batch(changed(0), { root: encodeBase64(leaf) })],
    [
      'too few protected voters',
      'protected',
      1,
      () => base().batch(changed(0, 1), { office: 'state', source: 'state', by: [state] }),
    ],
    ['a mass change by one office', 'mass', 1, () => base().batch(many)],
    [
      'a mass change by two keys of one office',
      'mass',
      3,
      () => {
        const second = fileSigner('001', 21);
        return new TestLog({ signerDelayHours: 0 })
          .key('add', second, [A])
          .seal()
          .batch(many, { by: [A, second], day: '2026-06-03' });
      },
    ],
    ['a mass change that the state seconds', 'mass', 1, () => base().batch(many, { by: [A, state] })],
    ['removals in a quiet period', 'quiet', 1, () => base().batch(removed(0, 1), { day: '2026-09-01' })],
    [
      'removals dated back from a quiet period',
      'quiet',
      2,
      () =>
        base()
          .seal({ day: '2026-08-06', at: '2026-08-06T07:10Z' })
          .batch(removed(0, 1), { day: '2026-08-01' }),
    ],
    [
      'a new record that is in the state',
      'handle',
      2,
      () => base().batch([{ kind: 'new', record: 'record 0', version: 1, oldLeaf: new Uint8Array(32) }]),
    ],
    [
      'a handle that was removed and comes again',
      'handle',
      4,
      () => base().batch(removed(0)).batch(added('record 0')),
    ],
    [
      'a handle that was erased and comes again',
      'handle',
      3,
      () => base().erase('lost').batch(added('lost')),
    ],
    [
      'a change of nobody',
      'handle',
      2,
      () => base().batch([{ kind: 'changed', record: 'nobody', version: 2, oldLeaf: leaf }]),
    ],
    [
      'a change that was made before',
      'version',
      4,
      () =>
        base()
          .batch([{ kind: 'changed', record: 'record 0', newLeaf: leaf }])
          .batch([{ kind: 'changed', record: 'record 0', version: 2 }]),
    ],
    [
      'a version that is left out',
      'version',
      2,
      () => base().batch([{ kind: 'changed', record: 'record 0', version: 3 }]),
    ],
    [
      'an old leaf of another state',
      'leaf',
      2,
      () => base().batch([{ kind: 'changed', record: 'record 0', oldLeaf: leaf }]),
    ],
    [
      'an item of another batch',
      'order',
      2,
      () => base().batch([{ kind: 'changed', record: 'record 0', batch: 2 }]),
    ],
    [
      'an item without a batch',
      'order',
      2,
      () => {
        const log = base().batch(changed(0));
        log.entries.splice(1, 1);
        log.entries.splice(1, 0, new TextEncoder().encode('{"type":"trail"}'));
        return log;
      },
    ],
    [
      'a batch that misses items',
      'order',
      2,
      () => {
        const log = base().batch(changed(0));
        log.entries.splice(2, 1);
        return log.seal();
      },
    ],
    [
      'a second genesis',
      'order',
      1,
      () => {
        const log = base();
        log.entries.push(log.entries[0]!);
        return log;
      },
    ],
    ['an erasure of a record in the state', 'erase', 1, () => base().erase('record 0')],
    [
      'an extract of a state that is not sealed',
      'extract',
      1,
      () => {
        const log = base();
        log.push({
          type: 'extract',
          kind: 'poll-book',
          place: '001/7',
          day: '2026-06-02',
          rows: 1,
          root: encodeBase64(leaf),
          epoch: 1,
        });
        return log;
      },
    ],
    [
      'a seal of another state',
      'state',
      3,
      () =>
        base()
          .batch(changed(0))
          .seal({ after: encodeBase64(leaf) }),
    ],
    ['a seal that begins elsewhere', 'seal', 1, () => base().seal({ before: encodeBase64(leaf) })],
    ['a seal of another epoch', 'seal', 1, () => base().seal({ epoch: 2 })],
    ['a seal that leaves entries out', 'seal', 3, () => base().batch(changed(0)).seal({ from: '2' })],
    ['a seal for another place', 'seal', 1, () => base().seal({ to: '2' })],
    ['a seal of a day before the last', 'seal', 2, () => base().seal().seal({ day: '2026-06-01' })],
    [
      'a seal whose result contradicts itself',
      'seal',
      1,
      () => base().seal({ result: { unauthorised: { '001': 1 } } as never }),
    ],
    ['a seal that counts other changes', 'counts', 3, () => base().batch(changed(0)).seal({ counts: {} })],
    ['a seal that counts other leaves', 'counts', 1, () => base().seal({ leaves: 13 })],
    ['a seal before the last one', 'time', 2, () => base().seal().seal({ at: '2026-06-01T00:00Z' })],
    ['a seal that no reader signed', 'signer', 1, () => base().seal({}, state)],
    ['a signer that a stranger brings', 'key', 1, () => base().key('add', fileSigner('001', 30), [C])],
    [
      'a signer that a feed and an office bring',
      'key',
      1,
      () => base().key('add', fileSigner('001', 30), [C, feed]),
    ],
    [
      'a key that is revoked by a younger one of its place',
      'key',
      7,
      () => {
        const young = fileSigner('001', 31);
        return base()
          .key('add', young, [A])
          .seal()
          .seal()
          .seal()
          .seal()
          .seal()
          .key('revoke', A, [young], '2026-06-07T00:00Z');
      },
    ],
    [
      'a signer before its time',
      'signer',
      2,
      () =>
        base()
          .key('add', fileSigner('001', 30), [A])
          .batch(changed(0), { by: [fileSigner('001', 30)] }),
    ],
    [
      'a signer dated back',
      'time',
      2,
      () => base().seal().key('add', fileSigner('001', 30), [A], '2026-05-01T00:00Z'),
    ],
    ['a key that was revoked', 'signer', 2, () => base().key('revoke', A, [A]).batch(changed(0))],
    [
      'a key that was revoked and comes again',
      'key',
      2,
      () => base().key('revoke', A, [B, C]).key('add', A, [B, C]),
    ],
    [
      'a policy without anybody to agree',
      'policy',
      1,
      () => {
        const log = base();
        const { policy } = JSON.parse(new TextDecoder().decode(log.entries[0])) as { policy: never };
        log.push({ type: 'policy', policy, at: '2026-06-02T00:00Z', notes: '' });
        return log;
      },
    ],
  ])('%s', async (_what, rule, index, made) => {
    expect((await made().fold()).refusal).toMatchObject({ rule, index: BigInt(index) });
    expect((await made().fold({ settlesLater: true })).refusal).toMatchObject({ rule, index: BigInt(index) });
  });

  it('a genesis whose state, counts or signers are not its own', async () => {
    const wrong = async (wish: object): Promise<unknown> => (await new TestLog({}, wish).fold()).refusal;
    expect(await wrong({ root: encodeBase64(digest('x')) })).toMatchObject({ rule: 'state', index: 0n });
    expect(await wrong({ records: 11 })).toMatchObject({ rule: 'counts' });
    expect(await wrong({ signers: [{ ...A.key, id: '0123456789abcdef' }] })).toMatchObject({ rule: 'key' });
    expect(await wrong({ signers: [A.key, A.key] })).toMatchObject({ rule: 'key' });
    const state = new PlainState();
    const none = beginFold(tools, 0n, new TestLog().batch(changed(0)).entries[1]!, state);
    expect(none).toMatchObject({ error: { rule: 'order' } });
  });

  it('a log with any byte of a sealed entry changed', async () => {
    const log = wholeLog();
    const signed = log.entries.flatMap((entry, at) => {
      // An erasure is signed by nobody: the log's own root stands for it.
      return at > 0 && !new TextDecoder().decode(entry).includes('"type":"erase"') ? [at] : [];
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...signed),
        fc.nat(5_000),
        fc.integer({ min: 1, max: 255 }),
        async (at, byte, by) => {
          const other = [...log.entries];
          const entry = Uint8Array.from(other[at]!);
          entry[byte % entry.length]! ^= by;
          // The time of a seal may be another one within the rules: again, the log's own root stands for it.
          const timeless = (bytes: Uint8Array): string =>
            new TextDecoder().decode(bytes).replace(/"at":"[^"]*"/, '');
          fc.pre(timeless(entry) !== timeless(log.entries[at]!));
          other[at] = entry;
          const { fold, refusal } = await log.fold({}, other);
          // A last seal that is none any more leaves a log that is not sealed to its end.
          expect(refusal !== null || fold!.epoch < 5).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('every further entry after a refusal, and says the same', async () => {
    const log = new TestLog().batch(changed(0), { by: [C] });
    const { fold, refusal } = await log.fold();
    expect(await fold!.foldEntry(9n, log.entries[0]!)).toMatchObject({ error: refusal });
    expect(await fold!.settleSignatures()).toMatchObject({ error: refusal });
  });

  it('an entry out of its turn, and a bundle that is cut off or goes on', async () => {
    const log = new TestLog().batch(changed(0));
    const begin = () => beginFold(tools, 0n, log.entries[0]!, log.begin()).okOrThrow();
    const bundle = formatEntries(log.entries.slice(1));
    expect(await begin().foldEntries(2n, bundle, 2)).toMatchObject({ error: { rule: 'order', index: 2n } });
    expect(await begin().foldEntries(1n, bundle.subarray(0, -1), 2)).toMatchObject({
      error: { rule: 'form' },
    });
    expect(await begin().foldEntries(1n, bundle, 1)).toMatchObject({ error: { rule: 'form' } });
    expect((await begin().foldEntries(1n, bundle, 2)).isOk()).toBe(true);
  });
});

describe('the fold', () => {
  it('computes roots from a seal on, for whoever wants the last one only', async () => {
    const wrong = encodeBase64(digest('another root'));
    const log = new TestLog().batch(changed(0)).seal({ after: wrong }).batch(changed(1)).seal().seal();
    expect((await log.fold()).refusal).toMatchObject({ rule: 'state', index: 3n });
    expect((await log.fold({ rootsFrom: 6n })).refusal).toBeNull();
    const last = new TestLog().batch(changed(0)).seal().seal({ after: wrong });
    expect((await last.fold({ rootsFrom: 4n })).refusal).toMatchObject({ rule: 'state', index: 4n });
  });

  it('of a witness counts a new signer only when its own clock says so too', async () => {
    const late = fileSigner('001', 40);
    const log = new TestLog().key('add', late, [A]).seal().seal().seal().seal();
    log.batch(changed(0), { by: [late], day: '2026-06-05' }).seal();
    const hour = 3_600_000;
    const now = Date.parse('2026-06-07T00:00Z');
    // The log said that days went by, and the witness saw the key an hour, or three days, before it was used.
    const seenBefore = (hours: number) => (index: bigint) => (index === 1n ? now - hours * hour : now);
    expect((await log.fold({ witness: { now, seenAt: seenBefore(1) } })).refusal).toMatchObject({
      rule: 'signer',
      index: 6n,
    });
    expect((await log.fold({ witness: { now, seenAt: seenBefore(72) } })).refusal).toBeNull();
    expect((await log.fold({ witness: { now, seenAt: () => null } })).refusal).toBeNull();
    const early = { now: Date.parse('2026-06-03T00:00Z'), seenAt: () => null };
    expect((await log.fold({ witness: early })).refusal).toMatchObject({ rule: 'time', index: 3n });
  });

  it('takes a new policy that a quorum of the old witnesses agreed to with their second keys, and no other', async () => {
    const names = ['w1', 'w2', 'w3'].map((name) => `${name}.example.gov`);
    const keys = names.map((name, at) => noteKey(hasher, `${name}/checks`, KeyKind.note, edPublic(50 + at)));
    const witnesses = [
      ...keys.map((key) => `log ${formatNoteKey(key)}`),
      ...names.map((name, at) => {
        const key = noteKey(hasher, name, KeyKind.cosignature, edPublic(60 + at));
        return `witness W${at} ${formatNoteKey(key)}`;
      }),
      'group all 2 W0 W1 W2',
      'quorum all',
      '',
    ].join('\n');
    const at = '2026-06-02T00:00Z';
    const policy = { ...POLICY, witnesses, massItems: 100 };
    const logWith = async (signers: readonly number[], agreed = policy): Promise<TestLog> => {
      const text = policyText(ORIGIN, { policy: agreed, at });
      const lines = signers.map(async (seed) => {
        const sign = async (message: Uint8Array): Promise<Uint8Array> => edSign(50 + seed, message);
        return formatSignature(await signText(text, 0n, { key: keys[seed]!, sign }));
      });
      const log = new TestLog({ witnesses });
      log.push({ type: 'policy', policy, at, notes: (await Promise.all(lines)).join('') });
      return log.batch(many);
    };
    expect((await (await logWith([0, 2])).fold()).refusal).toBeNull();
    expect((await (await logWith([0])).fold()).refusal).toMatchObject({ rule: 'policy', index: 1n });
    expect((await (await logWith([0, 0])).fold()).refusal).toMatchObject({ rule: 'policy', index: 1n });
    const other = { ...policy, massItems: 99 };
    expect((await (await logWith([0, 1, 2], other)).fold()).refusal).toMatchObject({ rule: 'policy' });
  });
});
