/**
 * Mail domains and what DNS says of them: SPF (RFC 7208), DKIM keys (RFC 6376, RFC 8463), DMARC (RFC 7489), MX. Every domain
 * that a message uses is written into the zone; nothing else exists.
 */
import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { hashText } from '../../random.ts';
import { rsaKeyFrom } from './rsa-from-seed.ts';

/** Who runs a domain's mail. */
export type Hosting = 'm365' | 'google' | 'own' | 'bulk';

/** What a domain asks receivers to do with what fails; null where it has no DMARC record. */
export type DmarcPolicy = 'none' | 'quarantine' | 'reject' | null;

/** A domain that sends. */
export type MailDomain = {
  readonly name: string;
  readonly hosting: Hosting;
  /** Address of the server that delivers for it. */
  readonly client: string;
  readonly helo: string;
  readonly selector: string;
  readonly privateKey: string;
};

/** What a domain seals ARC chains with. */
export type SealKey = { readonly selector: string; readonly privateKey: string };

/** A record of the zone; several of one name and type stand in a row. MX values are `priority exchange`. */
export type ZoneRecord = { readonly name: string; readonly type: 'A' | 'TXT' | 'MX'; readonly value: string };

/** Outgoing servers of the hosts, in networks that belong to nobody (RFC 2544). */
const HOSTS = {
  m365: { include: 'spf.protection.outlook.com', network: '198.18.40', selector: 'selector1' },
  google: { include: '_spf.google.com', network: '198.18.41', selector: 'google' },
  bulk: { include: 'spf.mailcourier.example', network: '198.18.42', selector: 'mc1' },
} as const;

/** DER of a PKCS #8 Ed25519 key up to its 32 bytes (RFC 8410). */
const ED25519_DER = Buffer.from('302e020100300506032b657004220420', 'hex');

/** All domains of a run, and their zone. */
export class Domains {
  private readonly known = new Map<string, MailDomain>();
  private readonly sealKeys = new Map<string, SealKey>();
  private readonly records: ZoneRecord[] = [];
  private readonly seed: number;

  constructor(seed: number) {
    this.seed = seed;
    for (const { include, network } of Object.values(HOSTS)) {
      this.records.push({ name: include, type: 'TXT', value: `v=spf1 ip4:${network}.0/24 -all` });
    }
  }

  /** The domain; put into the zone when it is asked for first. What is asked later changes nothing. */
  domain(name: string, hosting: Hosting = 'own', dmarc: DmarcPolicy = 'none'): MailDomain {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const mixed = hashText(`${this.seed} ${name}`) >>> 0;
    const host = hosting === 'own' ? undefined : HOSTS[hosting];
    const client =
      host === undefined
        ? `198.19.${(mixed >>> 8) & 255}.${1 + (mixed % 254)}`
        : `${host.network}.${1 + (mixed % 254)}`;
    const selector = host?.selector ?? (mixed % 3 === 0 ? 'mail' : mixed % 3 === 1 ? 's2026' : 'k1');
    const key = this.key(name);
    const added: MailDomain = {
      name,
      hosting,
      client,
      helo: heloOf(name, hosting, mixed),
      selector,
      privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    };
    const policy = host === undefined ? `ip4:${client}` : `include:${host.include}`;
    this.records.push(
      { name, type: 'TXT', value: `v=spf1 mx ${policy} ${mixed % 4 === 0 ? '~all' : '-all'}` },
      { name, type: 'MX', value: `10 mx.${name}` },
      { name: `mx.${name}`, type: 'A', value: client },
      { name, type: 'A', value: client },
      {
        name: `${selector}._domainkey.${name}`,
        type: 'TXT',
        value: `v=DKIM1; k=ed25519; p=${publicKeyOf(key)}`,
      },
    );
    if (dmarc !== null) {
      this.records.push({
        name: `_dmarc.${name}`,
        type: 'TXT',
        value: `v=DMARC1; p=${dmarc}; rua=mailto:dmarc@${name}`,
      });
    }
    this.known.set(name, added);
    return added;
  }

  /** The key that a domain seals with; its record is put into the zone. */
  sealKey({ name }: MailDomain): SealKey {
    const known = this.sealKeys.get(name);
    if (known !== undefined) return known;
    const key = rsaKeyFrom(`bellwether testkit seal ${this.seed} ${name}`);
    const added = { selector: 'arc', privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString() };
    const spki = createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64');
    this.records.push({ name: `arc._domainkey.${name}`, type: 'TXT', value: `v=DKIM1; k=rsa; p=${spki}` });
    this.sealKeys.set(name, added);
    return added;
  }

  /** Every record, in the order in which domains came up. */
  zone(): readonly ZoneRecord[] {
    return this.records;
  }

  private key(name: string): KeyObject {
    const secret = createHash('sha256').update(`bellwether testkit mail ${this.seed} ${name}`).digest();
    return createPrivateKey({ key: Buffer.concat([ED25519_DER, secret]), format: 'der', type: 'pkcs8' });
  }
}

/** Answers from a zone as `resolve` of node:dns/promises gives them; what is not there is ENOTFOUND. */
export function zoneResolver(
  zone: readonly ZoneRecord[],
): (name: string, type: string) => Promise<(string | string[] | { priority: number; exchange: string })[]> {
  const byQuestion = new Map<string, string[]>();
  for (const { name, type, value } of zone) {
    const question = `${name.toLowerCase()} ${type}`;
    byQuestion.set(question, [...(byQuestion.get(question) ?? []), value]);
  }
  return async (name, type) => {
    const values = byQuestion.get(`${name.toLowerCase()} ${type}`);
    if (values === undefined) throw Object.assign(new Error(`no ${type} of ${name}`), { code: 'ENOTFOUND' });
    if (type === 'TXT') return values.map((value) => [value]);
    if (type !== 'MX') return values;
    return values.map((value) => {
      const [priority, exchange] = value.split(' ') as [string, string];
      return { priority: Number(priority), exchange };
    });
  };
}

function publicKeyOf(key: KeyObject): string {
  return createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64');
}

function heloOf(name: string, hosting: Hosting, mixed: number): string {
  if (hosting === 'm365') return `mail-dm${mixed % 90}on0${mixed % 10}.outbound.protection.outlook.com`;
  if (hosting === 'google') return `mail-yw1-f${mixed % 200}.google.com`;
  if (hosting === 'bulk') return `o${mixed % 60}.mailcourier.example`;
  return `${['mx', 'mail', 'smtp', 'out1'][mixed % 4]}.${name}`;
}
