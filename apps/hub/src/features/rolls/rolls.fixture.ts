/** A small roll for tests: two offices, a feed, the state, padding; keys and books in memory, the log and sheets on disk. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ok } from '@bellwether/basics';
import { concat, encodeBase64 } from '@bellwether/evidence';
import {
  bucketBitsOf,
  claimBytes,
  formatEntry,
  hexOf,
  PrefixTree,
  type RollFields,
  type RollsPolicy,
  type SignerKey,
  signerKeyId,
  writeStateTiles,
} from '@bellwether/rolls';
import { afterAll } from 'vitest';
import { bestHasher } from '../../platform/evidence/hashing.ts';
import { openEvidenceLog } from '../../platform/evidence/log.ts';
import { fileSigner } from '../../platform/evidence/log-key.ts';
import type { EvidenceLog } from '../../platform/evidence/log-types.ts';
import { nodeVerifier } from '../../platform/evidence/verifying.ts';
import { leafOf } from './completing.ts';
import type { RollOptions } from './holding.ts';
import type { DrillRules } from './planted-looks.ts';
import { readingOfNight } from './readings.ts';
import { rollPaths, writeFileWhole, writeJson } from './roll-files.ts';
import { openRolls, type Rolls } from './rolls.ts';
import type { Change, Night, RollHead, Unauthorised } from './rolls-files.ts';

export const ORIGIN = 'test.example/log';
export const TODAY = '2026-11-03';

const POLICY: RollsPolicy = {
  massItems: 5,
  massShare: 0.2,
  quiet: [{ from: '2026-08-05', to: '2026-11-03' }],
  quietRemovals: 2,
  signerDelayHours: 72,
  awaitingDays: 3,
  protectedBatch: 4,
  witnesses: '',
};

/** Records of each office, and of padding. */
const RECORDS = 20;
const PADDING = 8;
const OFFICES: readonly [string, string] = ['29001', '29003'];

/** A key of the test: the signer, and its private half. */
export type TestKey = { readonly signer: SignerKey; readonly key: KeyObject };

/** A roll of a test. Its clock is set by hand. */
export class RollOfTest {
  readonly data: string;
  readonly keys = new Map<string, TestKey>();
  readonly #voterKeys = new Map<string, Uint8Array>();
  readonly #handles = new Map<string, Uint8Array>();
  readonly #padding: Uint8Array[] = [];
  readonly hasher = bestHasher();
  now = Date.parse('2026-11-03T18:00Z');
  policy = POLICY;
  drills: DrillRules | null = null;
  log!: EvidenceLog;
  rolls!: Rolls;
  #captures = 0;
  #books = 1;

  readonly #offices: readonly [string, string];

  /** Records of the first office are 1000 to 1019, of the second 2000 to 2019. */
  constructor(offices: readonly [string, string] = OFFICES) {
    this.#offices = offices;
    this.data = mkdtempSync(join(tmpdir(), 'bellwether-roll-'));
    afterAll(async () => {
      await this.close();
      rmSync(this.data, { recursive: true, force: true });
    });
  }

  /** Makes the genesis and opens the roll. `signers`: beside those of the offices, the state, the feed and the reader. */
  async begin(signers: readonly SignerKey[] = []): Promise<this> {
    const paths = rollPaths(this.data);
    mkdirSync(join(paths.public, 'genesis'), { recursive: true });
    mkdirSync(paths.keys, { recursive: true });
    for (const place of [...this.#offices, 'state', 'feed:motor-vehicle', 'reader']) this.#makeKey(place);
    const records = this.#offices.flatMap((office, at) =>
      Array.from({ length: RECORDS }, (_, i) => ({ office, id: `${at + 1}${String(i).padStart(3, '0')}` })),
    );
    const leaves = records.map(({ office, id }) => {
      const [handle, key] = [this.bytes(32), this.bytes(32)];
      this.#handles.set(id, handle);
      this.#voterKeys.set(hexOf(handle), key);
      return { handle, leaf: leafOf(this.hasher, key, 1, fieldsOf(id, office)) };
    });
    for (let i = 0; i < PADDING; i++) {
      const handle = this.bytes(32);
      this.#padding.push(handle);
      this.#voterKeys.set(hexOf(handle), this.bytes(32));
      leaves.push({ handle, leaf: this.bytes(32) });
    }
    const tree = PrefixTree.ofSorted(
      this.hasher,
      concat(...leaves.map(({ handle }) => handle)),
      concat(...leaves.map(({ leaf }) => leaf)),
      leaves.length,
    );
    const bucketBits = bucketBitsOf(leaves.length);
    writeStateTiles(tree, bucketBits, (name, bytes) => {
      writeFileSync(join(paths.public, 'genesis', name), bytes);
    });
    const genesis = formatEntry({
      type: 'genesis',
      v: 1,
      origin: ORIGIN,
      day: '2026-11-01',
      records: records.length,
      leaves: tree.size,
      offices: Object.fromEntries(this.#offices.map((office) => [office, RECORDS])),
      root: encodeBase64(tree.root()),
      bucketBits,
      fields: {
        public: ['address.street', 'name.first', 'name.last'],
        identity: ['born'],
        administrative: ['party'],
      },
      policy: this.policy,
      signers: [...[...this.keys.values()].map(({ signer }) => signer), ...signers],
    });
    await this.openLog();
    (await this.log.appendEntries([genesis])).okOrThrow();
    const head: RollHead = {
      schema: 'bellwether/roll@1',
      origin: ORIGIN,
      generation: '0',
      foldedTo: '1',
      genesis: '0',
      epoch: 0,
      root: encodeBase64(tree.root()),
      bucketBits,
      records: records.length,
      leaves: leaves.length,
    };
    await writeJson(paths.head, head);
    return this.reopen();
  }

  /** Opens the roll, as after a restart. */
  async reopen(): Promise<this> {
    await this.close();
    await this.openLog();
    this.rolls = (await openRolls(this.options())).okOrThrow();
    return this;
  }

  async close(): Promise<void> {
    await this.rolls?.close();
    await this.log?.close();
  }

  async openLog(): Promise<void> {
    const paths = rollPaths(this.data);
    this.log = (
      await openEvidenceLog({
        folder: paths.log,
        privateFolder: paths.logPrivate,
        origin: ORIGIN,
        signer: (await fileSigner(join(this.data, 'log-key'), ORIGIN)).okOrThrow(),
      })
    ).okOrThrow();
  }

  options(): RollOptions {
    return {
      paths: rollPaths(this.data),
      log: this.log,
      tools: { hasher: this.hasher, verifier: nodeVerifier() },
      openRecords: async () =>
        ok({ handleOf: (id: string) => this.#handles.get(id), padding: this.#padding }),
      keys: {
        keysFor: async (handles) => ok(handles.map((handle) => this.#voterKeys.get(hexOf(handle)) ?? null)),
        addKeys: async (handles, keys) => {
          for (const [at, handle] of handles.entries()) this.#voterKeys.set(hexOf(handle), keys[at]!);
          return ok();
        },
        eraseKey: async (handle) => {
          this.#voterKeys.delete(hexOf(handle));
          return ok({ completeFrom: '2026-12-08' });
        },
      },
      drills: this.drills,
      feeds: ['motor-vehicle'],
      zone: 'America/Chicago',
      now: () => this.now,
      random: (bytes) => this.bytes(bytes),
    };
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from(randomBytes(count));
  }

  /** Leaves a capture behind, and lays it out. */
  async capture(changes: readonly Change[], day: string = TODAY): Promise<void> {
    const number = ++this.#captures;
    const head = {
      schema: 'bellwether/capture@1',
      number,
      at: new Date(this.now).toISOString(),
      day,
      records: 40,
      generation: '0',
      to: String(this.log.size),
      captures: 'dumps',
      changes: changes.length,
    };
    const text = [head, ...changes].map((line) => `${JSON.stringify(line)}\n`).join('');
    await writeFileWhole(join(rollPaths(this.data).captures, `${number}.ndjson`), text);
    (await this.rolls.layOutNewest()).okOrThrow();
  }

  /** Signs a sheet with the key of a place. */
  async signAs(place: string, ref: { office: string; day: string; sequence: number }) {
    const signing = this.rolls.signingOf(ref);
    if (signing.isErr()) return signing;
    const { claim, entry } = signing.value;
    const { signer, key } = this.keys.get(place)!;
    const signature = encodeBase64(Uint8Array.from(sign(null, claim, key)));
    return this.rolls.signSheet(ref, entry.root, { key: signer.id, signature }, `key of ${place}`);
  }

  /** Leaves behind what a reconcile would, of the state as it is. */
  async reconcile(unauthorised: readonly Unauthorised[] = [], change: Partial<Night> = {}): Promise<Night> {
    const { fold, head, log } = this.rolls.held;
    const { signer, key } = this.keys.get('reader')!;
    const night = {
      schema: 'bellwether/night@1',
      epoch: fold.epoch + 1,
      day: TODAY,
      at: new Date(this.now).toISOString(),
      generation: head.generation,
      to: String(log.size),
      records: fold.state.size - PADDING,
      leaves: fold.state.size,
      read: 40,
      changed: 0,
      authorised: 0,
      fromFeeds: 0,
      awaiting: 0,
      unauthorised,
      root: encodeBase64(fold.state.root()),
      bucketBits: bucketBitsOf(fold.state.size),
      next: String(this.#books++),
      captures: 'dumps',
      reader: { version: 'test', key: signer.id, signature: '' },
      sealed: false,
      ...change,
    } as const satisfies Night;
    const signature = encodeBase64(
      Uint8Array.from(sign(null, claimBytes(readingOfNight(ORIGIN, night)), key)),
    );
    const signed: Night = { ...night, reader: { ...night.reader, signature } };
    const paths = rollPaths(this.data);
    for (const [id, handle] of this.rolls.held.since) {
      if (handle === null) this.#handles.delete(id);
      else this.#handles.set(id, Uint8Array.from(Buffer.from(handle, 'hex')));
    }
    mkdirSync(join(paths.books, night.next), { recursive: true });
    await writeJson(join(paths.nights, 'pending.json'), signed);
    return signed;
  }

  #makeKey(place: string): void {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
    const rest = {
      place,
      scheme: 'ed25519',
      publicKey: encodeBase64(Uint8Array.from(raw)),
      site: '',
      origins: [],
    } as const;
    this.keys.set(place, { signer: { id: signerKeyId(this.hasher, rest), ...rest }, key: privateKey });
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' });
    if (place !== 'reader') {
      writeFileSync(join(rollPaths(this.data).keys, `${place.replace(':', '-')}.pem`), pem, { mode: 0o600 });
    }
  }
}

/** Fields of a record of the test. */
export function fieldsOf(id: string, office: string, street: string = 'ELM ST'): RollFields {
  return {
    public: { 'address.street': `${id} ${street}`, 'name.first': `ANN${id}`, 'name.last': office },
    identity: { born: '1970-01-01' },
    administrative: { party: 'UNA' },
  };
}

/** A change of a record of the test. */
export function changeOf(
  id: string,
  office: string,
  kind: Change['kind'] = 'changed',
  street: string = 'OAK ST',
): Change {
  return {
    recordId: id,
    office,
    kind,
    class:
      kind === 'new'
        ? 'registration-created'
        : kind === 'removed'
          ? 'registration-cancelled'
          : 'address-updated',
    handle: null,
    fields: kind === 'changed' ? ['public.address.street'] : [],
    before: kind === 'new' ? null : fieldsOf(id, office),
    after: kind === 'removed' ? null : fieldsOf(id, office, street),
    isProtected: false,
    transaction: {
      id: `T-${id}-${street}`,
      at: '2026-11-03T16:00:00Z',
      office,
      source: 'office',
      clerk: 'c1',
      device: 'd1',
      address: '10.0.0.1',
      class: 'address-updated',
    },
    fault: null,
  };
}
