/**
 * A signer comes or goes by the word of others: an office without a key asks, and two other offices endorse with theirs; an older
 * key of the same office is enough alone. What is asked waits in a file until enough have signed; then it is an entry of the log.
 *
 * All sign the same minute, and the log takes no minute that lies before its last seal. So who endorses does so before the next
 * seal; after it, those who endorsed do so again.
 */
import { join } from 'node:path';
import { ok, type Result } from '@bellwether/basics';
import {
  type ClaimSignature,
  checkClaim,
  claimBytes,
  formatEntry,
  isLocalOffice,
  type KeyEntry,
  keyClaim,
  minuteText,
  type SignerKey,
} from '@bellwether/rolls';
import { type RollError, rollRefused } from './errors.ts';
import { appendFolded, type Holding } from './holding.ts';
import { namesIn, type RollPaths, readJson, writeJson } from './roll-files.ts';
import { signsFrom, signsHere } from './signer-times.ts';

/** Requests of an office that may be open at once: a few clerks with two devices each. */
const MOST_OPEN = 8;

/** How old the minute of a request may be while nobody has signed it yet, ms: who is shown it signs within minutes. */
const FRESH_MINUTE = 600_000;

/** Whether a signer is to come or to go. */
export type SignerAct = KeyEntry['act'];

/** `signers/ACT-ID.json`: what is asked, and who has endorsed it. */
export type SignerRequest = {
  readonly schema: 'bellwether/signer-request@1';
  readonly act: SignerAct;
  readonly key: SignerKey;
  /** The minute that is signed, ISO 8601 UTC. */
  readonly at: string;
  readonly signatures: readonly ClaimSignature[];
  /** When it was asked, and when the log had it; ISO 8601. Null: it waits. */
  readonly asked: string;
  readonly appended: string | null;
};

/** What is signed to endorse a request, and by which signers it may be. */
export type Endorsing = {
  readonly request: SignerRequest;
  readonly claim: Uint8Array;
  readonly signers: readonly SignerKey[];
};

/** A signer or a request, as people are told of it. `office`: the place, also `state` or a feed. */
export type SignerShown = {
  readonly key: string;
  readonly office: string;
  readonly scheme: SignerKey['scheme'];
  /** `asked`: waits to come; `waits`: is in the log and does not count yet; `going`: somebody asked to withdraw it. */
  readonly state: 'asked' | 'waits' | 'counts' | 'going' | 'revoked';
  /** ISO 8601; null where it has always counted, or nobody knows yet. */
  readonly countsFrom: string | null;
  /** Offices whose keys have signed what is asked. */
  readonly endorsed: readonly string[];
};

/** Asks that a key of an office becomes a signer. Others have to endorse it. */
export async function askForSigner(
  holding: Holding,
  key: SignerKey,
): Promise<Result<SignerRequest, RollError>> {
  if (holding.fold.signers.get(key.id) !== undefined)
    return rollRefused('ROLL_RULE_BROKEN', `the key ${key.id} is in the log already`);
  const known = await readRequest(holding.paths, 'add', key.id);
  if (known !== null) return ok(known);
  const open = (await openRequests(holding.paths)).filter((other) => other.key.place === key.place);
  if (open.length >= MOST_OPEN)
    return rollRefused('ROLL_RULE_BROKEN', `${key.place} asks for ${open.length} keys already`);
  return ok(await keepRequest(holding, newRequest(holding, 'add', key)));
}

/** What a key signs to endorse that a signer comes (it was asked for) or goes (it is in the log). */
export async function endorsingOf(
  holding: Holding,
  act: SignerAct,
  id: string,
): Promise<Result<Endorsing, RollError>> {
  const { fold, paths } = holding;
  const subject = fold.signers.get(id);
  const found = await readRequest(paths, act, id);
  const begun =
    found ?? (act === 'revoke' && subject !== undefined ? newRequest(holding, act, subject.key) : null);
  if (begun === null) return rollRefused('ROLL_SIGNER_UNKNOWN', `nobody asked for the key ${id}`);
  const isDone = act === 'add' ? subject !== undefined : subject?.isRevoked !== false;
  if (isDone)
    return rollRefused(
      'ROLL_RULE_BROKEN',
      `the key ${id} is ${act === 'add' ? 'in' : 'out of'} the log already`,
    );
  const request = await keepRequest(holding, withMinute(holding, begun));
  const { origin } = fold.genesis;
  const done = new Set(request.signatures.map(({ key }) => key));
  const signers = fold.signers
    .all()
    .filter((known) => signsHere(holding, known) && !done.has(known.key.id))
    .filter(({ key }) => isLocalOffice(key.place) || key.place === request.key.place)
    .map(({ key }) => key);
  return ok({ request, claim: claimBytes(keyClaim(origin, entryOf(request))), signers });
}

/** Takes the signature of one who endorses. With enough of them the log has the entry when this resolves. */
export async function endorseSigner(
  holding: Holding,
  act: SignerAct,
  id: string,
  signature: ClaimSignature,
): Promise<Result<SignerRequest, RollError>> {
  const endorsing = await endorsingOf(holding, act, id);
  if (endorsing.isErr()) return endorsing;
  const { request, claim, signers } = endorsing.value;
  const signer = signers.find((one) => one.id === signature.key);
  if (signer === undefined) return rollRefused('ROLL_SIGNER_UNKNOWN', `key ${signature.key}`);
  const { hasher, verifier } = holding.tools;
  const checked = await checkClaim(claim, signature, signer, hasher, verifier);
  if (checked.isErr()) return rollRefused('ROLL_SIGNATURE_WRONG', checked.error.detail);
  const signatures = [...request.signatures, signature];
  const next = await keepRequest(holding, { ...request, signatures });
  const keys = signatures.map(({ key }) => key);
  if (!holding.fold.signers.mayChange(request.key, keys)) return ok(next);
  const appended = await appendFolded(holding, [formatEntry({ ...entryOf(next), signatures })]);
  if (appended.isErr()) return appended;
  const now = holding.now();
  if (act === 'add') holding.announced.set(id, now);
  return ok(await keepRequest(holding, { ...next, appended: new Date(now).toISOString() }));
}

/** All signers of offices, and what is asked, by office. */
export async function shownSigners(holding: Holding): Promise<readonly SignerShown[]> {
  const { fold, paths } = holding;
  const open = await openRequests(paths);
  const places = ({ signatures }: SignerRequest): readonly string[] =>
    signatures.flatMap(({ key }) => fold.signers.get(key)?.key.place ?? []);
  const asked = open
    .filter(({ act, key }) => act === 'add' && fold.signers.get(key.id) === undefined)
    .map((request): SignerShown => {
      const { id, place, scheme } = request.key;
      return { key: id, office: place, scheme, state: 'asked', countsFrom: null, endorsed: places(request) };
    });
  const known = fold.signers.all().map((signer): SignerShown => {
    const { id, place, scheme } = signer.key;
    const going = open.find(({ act, key }) => act === 'revoke' && key.id === id);
    const from = signsFrom(holding, signer);
    const rest = signsHere(holding, signer) ? 'counts' : 'waits';
    return {
      key: id,
      office: place,
      scheme,
      state: signer.isRevoked ? 'revoked' : going === undefined ? rest : 'going',
      countsFrom: Number.isFinite(from) ? new Date(from).toISOString() : null,
      endorsed: going === undefined ? [] : places(going),
    };
  });
  return [...asked, ...known].sort((a, b) => (a.office < b.office ? -1 : a.office > b.office ? 1 : 0));
}

/** When this hub put signers into the log, as far as its files tell it; ms since 1970, by key. */
export async function announcedTimes(paths: RollPaths): Promise<Map<string, number>> {
  const all = await requestsIn(paths);
  return new Map(
    all.flatMap(({ act, key, appended }) =>
      act === 'add' && appended !== null ? [[key.id, Date.parse(appended)] as const] : [],
    ),
  );
}

function newRequest(holding: Holding, act: SignerAct, key: SignerKey): SignerRequest {
  const { fold, now } = holding;
  const asked = new Date(now()).toISOString();
  const at = minuteText(Math.max(now(), fold.time));
  return { schema: 'bellwether/signer-request@1', act, key, at, signatures: [], asked, appended: null };
}

/** With a minute that the log still takes: if it takes the old one no more, those who signed it have to sign again. */
function withMinute({ fold, now }: Holding, request: SignerRequest): SignerRequest {
  const at = Date.parse(request.at);
  const isOld = request.signatures.length === 0 && now() - at > FRESH_MINUTE;
  if (at >= fold.time && !isOld) return request;
  return { ...request, at: minuteText(Math.max(now(), fold.time)), signatures: [] };
}

function entryOf({ act, key, at }: SignerRequest): Omit<KeyEntry, 'signatures'> {
  return { type: 'key', act, key, at };
}

async function openRequests(paths: RollPaths): Promise<readonly SignerRequest[]> {
  return (await requestsIn(paths)).filter(({ appended }) => appended === null);
}

async function requestsIn({ signers }: RollPaths): Promise<readonly SignerRequest[]> {
  const requests: SignerRequest[] = [];
  for (const name of await namesIn(signers)) {
    const request = await readJson<SignerRequest>(join(signers, name), 'bellwether/signer-request@1');
    if (request !== null) requests.push(request);
  }
  return requests;
}

async function readRequest(
  { signers }: RollPaths,
  act: SignerAct,
  id: string,
): Promise<SignerRequest | null> {
  // It becomes part of a path.
  if (!/^[0-9a-f]{16}$/.test(id)) return null;
  return readJson<SignerRequest>(join(signers, `${act}-${id}.json`), 'bellwether/signer-request@1');
}

async function keepRequest({ paths }: Holding, request: SignerRequest): Promise<SignerRequest> {
  await writeJson(join(paths.signers, `${request.act}-${request.key.id}.json`), request);
  return request;
}
