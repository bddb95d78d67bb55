/** Reading entries of the log: strict, so that an entry has one spelling and nothing in it goes unseen. */
import { ok, type Result } from '@bellwether/basics';
import { MAX_ENTRY_BYTES } from '@bellwether/evidence';
import type { JsonEntry } from './entries.ts';
import type { RollsError } from './errors.ts';
import { ITEM_MARK, parseItem } from './item.ts';
import { type Item, SIGNER_SCHEMES, STATE } from './rolls-types.ts';
import {
  base64,
  day,
  list,
  longText,
  malformed,
  members,
  minute,
  numberWithin,
  oneOf,
  readCanonical,
  type Shape,
  table,
  text,
  whole,
} from './strict-json.ts';

/** Offices of a state: the most of any is below 2,000 (Michigan's and Wisconsin's clerks). */
const MOST_OFFICES = 4_096;

/** Signers in a genesis: as many as its 65,535 bytes hold, and a bound anyway. */
const MOST_SIGNERS = 1_024;

/** Signatures under a batch or a key: two are asked for, and some more do no harm. */
const MOST_SIGNATURES = 8;

/** Quiet periods: four a year (a presidential primary, a primary, a general and a special election) for ten years. */
const MOST_QUIET = 40;

/** Items of a batch, records of a state: what 32 bits count. */
const MOST = 0xffff_ffff;

/** lea_id, or `state`. A feed's or the reader's key has a place of its own. */
const OFFICE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/;
const FEED = /^feed:[a-z0-9][a-z0-9-]{0,31}$/;
const PLACE = /^(?:feed:[a-z0-9][a-z0-9-]{0,31}|[A-Za-z0-9][A-Za-z0-9._-]{0,31})$/;
const ORIGIN = /^[!-*,-~]{1,255}$/;
const KEY_ID = /^[0-9a-f]{16}$/;
const FIELD = /^[a-z][a-z0-9.-]{0,39}$/;
const INDEX = /^(?:0|[1-9][0-9]{0,19})$/;
const SITE = /^[a-z0-9.-]{0,253}$/;
const WEB_ORIGIN = /^https?:\/\/[a-z0-9.:[\]-]{1,260}$/;

const hash = base64(32);
const count = whole(0, MOST);
const counts = members({ new: count, changed: count, removed: count });
const office = text(OFFICE);

/** 64 bytes by Ed25519. By P-256 in DER up to 72; numbers are short now and then, and 8 is the least that DER can say. */
const signature = base64(8, 72);

const claimSignature = members({
  key: text(KEY_ID),
  signature,
  // Authenticator data: 37 bytes, and extensions; both are bounded again where they are read.
  'authenticatorData?': base64(37, 1_024),
  'clientData?': base64(2, 2_048),
});

/** A key: of the length that its scheme asks for, and a passkey with the site where it was made. */
const signerKey: Shape = (value, at) => {
  const problem = members({
    id: text(KEY_ID),
    place: text(PLACE),
    scheme: oneOf(SIGNER_SCHEMES),
    publicKey: base64(32, 65),
    site: text(SITE),
    origins: list(0, 8, text(WEB_ORIGIN)),
  })(value, at);
  if (problem !== null) return problem;
  const { scheme, publicKey, site, origins } = value as Readonly<Record<string, string>>;
  const isPasskey = scheme !== 'ed25519';
  if (isPasskey !== (site !== '') || isPasskey !== origins!.length > 0) {
    return `${at} says where it is used, if and only if it is a passkey`;
  }
  return base64(scheme === 'webauthn-es256' ? 65 : 32)(publicKey, `${at}.publicKey`);
};

const rollsPolicy = members({
  massItems: count,
  massShare: numberWithin(0, 1),
  quiet: list(0, MOST_QUIET, members({ from: day, to: day })),
  quietRemovals: count,
  // A year at most: beyond, it is a typing error.
  signerDelayHours: whole(0, 8_784),
  awaitingDays: whole(0, 366),
  protectedBatch: count,
  witnesses: longText(MAX_ENTRY_BYTES),
});

const result = members({
  equal: oneOf([true, false]),
  read: count,
  awaiting: count,
  unauthorised: table(OFFICE, MOST_OFFICES, count),
  captures: oneOf(['dumps', 'audit-table', 'replication']),
  reader: members({ version: text(/^[!-~]{1,64}$/), key: text(KEY_ID), signature: base64(64) }),
});

const fields = list(0, 256, text(FIELD));

const SHAPES: Readonly<Record<JsonEntry['type'], Readonly<Record<string, Shape>>>> = {
  genesis: {
    v: oneOf([1]),
    origin: text(ORIGIN),
    day,
    records: count,
    leaves: count,
    offices: table(OFFICE, MOST_OFFICES, count),
    root: hash,
    bucketBits: whole(0, 24),
    fields: members({ public: fields, identity: fields, administrative: fields }),
    policy: rollsPolicy,
    signers: list(0, MOST_SIGNERS, signerKey),
  },
  batch: {
    batch: whole(1, MOST),
    office,
    source: text(new RegExp(`^(?:office|${STATE})$|${FEED.source}`)),
    day,
    sequence: whole(1, MOST),
    counts,
    root: hash,
    signatures: list(1, MOST_SIGNATURES, claimSignature),
  },
  extract: {
    kind: oneOf(['poll-book', 'public-list']),
    place: text(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}(?:\/[ -~]{1,64})?$/),
    day,
    rows: count,
    root: hash,
    epoch: whole(0, MOST),
  },
  seal: {
    epoch: whole(1, MOST),
    day,
    at: minute,
    from: text(INDEX),
    to: text(INDEX),
    before: hash,
    after: hash,
    bucketBits: whole(0, 24),
    records: count,
    leaves: count,
    counts: table(OFFICE, MOST_OFFICES, counts),
    result,
  },
  erase: {
    handle: text(/^[0-9a-f]{64}$/),
    reason: oneOf(['court-order', 'address-confidentiality', 'retention-over', 'entered-by-mistake']),
    day,
    by: whole(2, 100),
  },
  incident: {
    day,
    kind: oneOf([
      'unauthorised-change',
      'mass-change',
      'extract-differs',
      'reconcile-failed',
      'witness-refused',
    ]),
    office,
    count,
  },
  key: {
    act: oneOf(['add', 'revoke']),
    key: signerKey,
    at: minute,
    signatures: list(1, MOST_SIGNATURES, claimSignature),
  },
  policy: { policy: rollsPolicy, at: minute, notes: longText(MAX_ENTRY_BYTES) },
};

const CHECKS = new Map(
  Object.entries(SHAPES).map(([type, shape]) => [type, members({ type: oneOf([type]), ...shape })]),
);

/** Reads an entry: an item, JSON of a type known here, or `other` for what is no business of the rolls. */
export function parseEntry(bytes: Uint8Array): Result<Item | JsonEntry | 'other', RollsError> {
  if (bytes[0] === ITEM_MARK) return parseItem(bytes);
  if (bytes[0] !== 0x7b) return ok('other');
  const value = readCanonical(bytes, MAX_ENTRY_BYTES);
  if (value.isErr()) return value;
  const { type } = value.value as Readonly<Record<string, unknown>>;
  if (typeof type !== 'string') return malformed('an entry without a type');
  const check = CHECKS.get(type);
  if (check === undefined) return ok('other');
  const problem = check(value.value, type);
  return problem === null ? ok(value.value as JsonEntry) : malformed(problem);
}
