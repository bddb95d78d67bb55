/**
 * SPF, DKIM, DMARC and ARC of a message, worked out here: by `mailauth`, which holds the four standards, with the names that DNS answers
 * handed in. What is in `Authentication-Results` of a message is what somebody wrote, and nothing is read from it but lies.
 */
import type { Cidr } from '@bellwether/basics';
import { dmarc, authenticate as verifyAll } from 'mailauth';
import type { Arrival } from '../arrival.ts';
import { domainOf, organisationOf } from '../identify/organisation.ts';
import type { Message } from '../message.ts';
import { arcOf } from './arc-chain.ts';
import type { Authenticated, DkimResult, DmarcResult } from './authenticated.ts';
import { firstHop } from './first-hop.ts';
import { isHeaderLong } from './header-bounds.ts';
import { sealedResults } from './sealed-results.ts';
import { type SpfAnswer, spfOf } from './spf/check-host.ts';

/**
 * Answers a question of DNS as `node:dns/promises` `resolve` does: arrays by type, an error with `code` (`ENOTFOUND`, `ENODATA`, `ETIMEOUT`)
 * otherwise. Whoever hands it in bounds its time.
 */
export type Resolve = (name: string, type: string) => Promise<unknown>;

/** What authentication needs of outside. */
export type AuthenticateGround = {
  readonly resolve: Resolve;
  /** Domains whose ARC seals are believed. */
  readonly sealers: ReadonlySet<string>;
  /** Networks of mail servers that are ours. */
  readonly relays: readonly Cidr[];
};

/** Signatures that are looked at: real mail has four, lists some more. Each asks DNS and costs a verification. */
const MOST_SIGNATURES = 10;

/** Seals that are looked at: each hop adds one; RFC 8617 allows 50. */
const MOST_SEALS = 20;

/** Questions to DNS for one message: SPF may ask ten of its own, each with a few more inside (RFC 7208, 4.6.4). */
const MOST_QUESTIONS = 100;

/** Where nobody knows who delivered it. */
const NO_SPF: SpfAnswer = { result: 'none', domain: '' };

/** Where nothing could be asked. */
const NOTHING: Authenticated = {
  spf: 'none',
  spfDomain: '',
  dkim: 'none',
  dkimDomains: [],
  dmarc: 'none',
  policy: null,
  arc: 'none',
  trustedSealer: null,
  sealed: null,
  author: null,
};

/** Works it out; never fails: what cannot be asked is `temperror`. */
export async function authenticate(
  arrival: Arrival,
  message: Message,
  { resolve, sealers, relays }: AuthenticateGround,
): Promise<Authenticated> {
  const hop = firstHop(arrival, message, relays);
  const count = (name: string): number => message.headers.filter((field) => field.name === name).length;
  // Where the header goes on beyond what was read, another From may have been signed than the one that is shown.
  const isTooLong = message.cut.includes('header-count') || isHeaderLong(arrival.bytes);
  const tooMany = count('dkim-signature') > MOST_SIGNATURES || count('arc-seal') > MOST_SEALS;
  if (isTooLong || tooMany) return { ...NOTHING, dkim: 'permerror', dmarc: 'permerror', arc: 'fail' };
  let questions = 0;
  const resolver = async (name: string, type: string): Promise<string[][] | string[]> => {
    if (++questions > MOST_QUESTIONS)
      throw Object.assign(new Error('too many questions'), { code: 'ETIMEOUT' });
    return (await resolve(name, type)) as string[][] | string[];
  };
  const bytes = Buffer.from(arrival.bytes.buffer, arrival.bytes.byteOffset, arrival.bytes.byteLength);
  const told = await verifyAll(bytes, {
    mta: 'hub.invalid',
    resolver,
    disableBimi: true,
    disableDmarc: true,
  });
  const from = message.from.length === 1 ? domainOf(message.from[0]!.address) : '';
  const { client, helo } = hop;
  const { result: spf, domain: spfDomain } =
    client === null ? NO_SPF : await spfOf({ client, helo, from: hop.from ?? '' }, resolver);
  const signatures = told.dkim.results ?? [];
  // A signature that leaves the end of the body open vouches for nothing: anybody adds to it (RFC 6376, 8.2).
  const whole = signatures.filter(({ status }) => status.result === 'pass' && !status.underSized);
  const dkimDomains = [...new Set(whole.map(({ signingDomain }) => signingDomain.toLowerCase()))];
  const policy =
    from === ''
      ? false
      : await dmarc({
          headerFrom: [from],
          spfDomains: spf === 'pass' ? [spfDomain] : [],
          dkimDomains: whole.map(({ signingDomain }) => ({ domain: signingDomain })),
          ...(told.arc === false ? {} : { arcResult: told.arc }),
          resolver,
        });
  const chain = told.arc !== false && Array.isArray(told.arc.chain) ? told.arc.chain : [];
  const arc = arcOf(told.arc === false ? 'none' : told.arc.status.result, chain, message);
  const trusted = arc === 'pass' ? sealedResults(chain, message, sealers) : null;
  const base = {
    spf,
    spfDomain,
    dkim: dkimOf(signatures.map(({ status }) => (isChanged(status) ? 'fail' : status.result))),
    dkimDomains,
    dmarc: policy === false ? 'none' : dmarcOf(policy.status.result),
    policy: policy === false ? null : policyOf(policy.policy),
    arc,
    trustedSealer: trusted?.sealer ?? null,
    sealed: trusted?.results ?? null,
  } as const;
  return { ...base, author: authorOf(from, base, trusted?.author ?? null) };
}

type Results = Pick<Authenticated, 'spf' | 'spfDomain' | 'dkimDomains'>;

/** Who answers for the From: aligned as DMARC has it (RFC 7489, 3.1), relaxed, also where the domain states no policy. */
function authorOf(
  from: string,
  { spf, spfDomain, dkimDomains }: Results,
  sealed: string | null,
): string | null {
  if (from === '') return null;
  const organisation = organisationOf(from);
  const isAligned = (domain: string): boolean => organisationOf(domain) === organisation;
  if (dkimDomains.some(isAligned)) return organisation;
  if (spf === 'pass' && isAligned(spfDomain)) return organisation;
  return sealed !== null && isAligned(sealed) ? organisation : null;
}

/** `mailauth` calls a body that was changed neutral; RFC 8601 (2.7.1) calls it a failure. */
function isChanged({ result, comment }: { readonly result: string; readonly comment?: string }): boolean {
  return result === 'neutral' && comment?.includes('body hash') === true;
}

function dkimOf(results: readonly string[]): DkimResult {
  if (results.includes('pass')) return 'pass';
  for (const result of ['temperror', 'fail', 'permerror', 'neutral'] as const)
    if (results.includes(result) || (result === 'temperror' && results.includes('temperr'))) return result;
  return results.includes('policy') ? 'neutral' : 'none';
}

function dmarcOf(result: string): DmarcResult {
  if (result === 'pass' || result === 'fail' || result === 'permerror') return result;
  return result.startsWith('temperr') ? 'temperror' : 'none';
}

function policyOf(policy: string | undefined): Authenticated['policy'] {
  const stated = policy?.trim().toLowerCase();
  return stated === 'none' || stated === 'quarantine' || stated === 'reject' ? stated : null;
}
