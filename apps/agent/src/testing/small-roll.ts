/** A small roll: its first state, its genesis, and batches of one office. */
import { encodeBase64, encodeText, KeyKind } from '@bellwether/evidence';
import {
  batchClaim,
  bucketBitsOf,
  claimBytes,
  formatEntry,
  formatItem,
  type GenesisEntry,
  itemsRoot,
  keyClaim,
  PrefixTree,
  type SignerKey,
  signerKeyId,
} from '@bellwether/rolls';
import { hasher, ORIGIN, signerOfByte } from './small-log.ts';

const OFFICE = '29001';
const office = signerOfByte('office', KeyKind.note, 40);
const officeKey = namedKey(OFFICE);

function namedKey(place: string, by = office): SignerKey {
  const key = {
    place,
    scheme: 'ed25519' as const,
    publicKey: encodeBase64(by.key.publicKey),
    site: '',
    origins: [],
  };
  return { id: signerKeyId(hasher, key), ...key };
}

function hashOf(text: string): Uint8Array {
  const hash = new Uint8Array(32);
  hasher.hash(encodeText(text), hash, 0);
  return hash;
}

/** The state of the genesis: so many records. */
export function genesisState(records: number): PrefixTree {
  const tree = new PrefixTree(hasher, records);
  for (let at = 0; at < records; at++) tree.change(hashOf(`handle ${at}`), hashOf(`leaf ${at}`));
  return tree;
}

/** The genesis of such a state. */
export function genesisOf(state: PrefixTree): GenesisEntry {
  const records = state.size;
  return {
    type: 'genesis',
    v: 1,
    origin: ORIGIN,
    day: '2026-10-30',
    records,
    leaves: records,
    offices: { [OFFICE]: records },
    root: encodeBase64(state.root()),
    bucketBits: bucketBitsOf(records),
    fields: { public: ['name.last'], identity: [], administrative: [] },
    policy: {
      massItems: 500,
      massShare: 1,
      quiet: [],
      quietRemovals: 1_000,
      signerDelayHours: 0,
      awaitingDays: 3,
      protectedBatch: 20,
      witnesses: '',
    },
    signers: [officeKey],
  };
}

/** A batch that changes the first records, signed by the office or by somebody else. */
export async function batchEntries(
  batch: number,
  changes: number,
  version: number,
  by = office,
  key = officeKey,
): Promise<Uint8Array[]> {
  const items = Array.from({ length: changes }, (_, at) =>
    formatItem({
      batch,
      kind: 'changed',
      version,
      handle: hashOf(`handle ${at}`),
      oldLeaf: version === 2 ? hashOf(`leaf ${at}`) : hashOf(`leaf ${at} ${version - 1}`),
      newLeaf: hashOf(`leaf ${at} ${version}`),
    }),
  );
  const entry = {
    type: 'batch' as const,
    batch,
    office: OFFICE,
    source: 'office',
    day: '2026-11-02',
    sequence: batch,
    counts: { new: 0, changed: changes, removed: 0 },
    root: encodeBase64(itemsRoot(hasher, Uint8Array.from(Buffer.concat(items)))),
  };
  const signature = encodeBase64(await by.sign(claimBytes(batchClaim(ORIGIN, entry))));
  return [formatEntry({ ...entry, signatures: [{ key: key.id, signature }] }), ...items];
}

/** Another signer of the office, and the entry that announces it at a time of the hub's choice. */
export async function newSigner(
  by: typeof office,
  at: string,
): Promise<{ readonly key: SignerKey; readonly entry: Uint8Array }> {
  const key = namedKey(OFFICE, by);
  const entry = { type: 'key' as const, act: 'add' as const, key, at };
  const signature = encodeBase64(await office.sign(claimBytes(keyClaim(ORIGIN, entry))));
  return { key, entry: formatEntry({ ...entry, signatures: [{ key: officeKey.id, signature }] }) };
}
