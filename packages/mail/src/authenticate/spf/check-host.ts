/** Whether a computer may send in the name of a domain: `check_host()` of RFC 7208. */
import { type Cidr, contains, formatCidr, masked, parseCidr } from '@bellwether/basics';
import type { Resolve } from '../authenticate.ts';
import type { SpfResult } from '../authenticated.ts';
import { expanded, type MacroValues } from './macros.ts';
import { isSpfRecord, readRecord, type SpfMechanism, type SpfRecord } from './record.ts';

/** Terms that ask DNS, in all records together (4.6.4). */
const MOST_TERMS = 10;

/** Names of one `mx`, and of one address for `ptr`. */
const MOST_NAMES = 10;

/** Questions that nobody has an answer to; one more and the record is wrong. */
const MOST_VOID = 2;

/** Codes that mean "there is nothing", as against "nobody said anything". */
const VOID: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME']);

/** The delivery. */
export type SpfQuestion = {
  /** Address of who delivers. */
  readonly client: string;
  readonly helo: string;
  /** MAIL FROM without angle brackets; empty for a bounce, of which the HELO answers. */
  readonly from: string;
};

/** The answer, with the domain that was asked about; empty where there is none. */
export type SpfAnswer = { readonly result: SpfResult; readonly domain: string };

/** Ends the work: the whole answer is this. */
class Ended extends Error {
  readonly result: SpfResult;

  constructor(result: SpfResult) {
    super(result);
    this.result = result;
  }
}

/** Asks. Never fails: what cannot be asked is `temperror`. */
export async function spfOf({ client, helo, from }: SpfQuestion, resolve: Resolve): Promise<SpfAnswer> {
  const address = clientAddress(client);
  const sender = from === '' ? `postmaster@${helo}` : from.includes('@') ? from : `postmaster@${from}`;
  const at = sender.lastIndexOf('@');
  const [local, domain] = [sender.slice(0, at), sender.slice(at + 1).replace(/\.$/, '')];
  if (address === null || !isName(domain)) return { result: 'none', domain: '' };
  const check = new Check(
    address,
    {
      s: local === '' ? `postmaster@${domain}` : sender,
      l: local === '' ? 'postmaster' : local,
      o: domain,
      h: helo,
    },
    resolve,
  );
  try {
    return { result: await check.host(domain), domain: domain.toLowerCase() };
  } catch (cause) {
    if (!(cause instanceof Ended)) throw cause;
    return { result: cause.result, domain: domain.toLowerCase() };
  }
}

type Sender = Pick<MacroValues, 's' | 'l' | 'o' | 'h'>;

class Check {
  readonly #client: Cidr;
  readonly #sender: Sender;
  readonly #resolve: Resolve;
  #terms = 0;
  #void = 0;

  constructor(client: Cidr, sender: Sender, resolve: Resolve) {
    this.#client = client;
    this.#sender = sender;
    this.#resolve = resolve;
  }

  async host(domain: string): Promise<SpfResult> {
    if (!isName(domain)) return 'none';
    const records = (await this.#ask(domain, 'TXT', false))
      .map((parts) => (Array.isArray(parts) ? parts.join('') : String(parts)))
      .filter(isSpfRecord);
    if (records.length === 0) return 'none';
    const record = records.length === 1 ? readRecord(records[0]!) : null;
    if (record === null) throw new Ended('permerror');
    for (const { qualifier, mechanism } of record.mechanisms)
      if (await this.#matches(mechanism, domain)) return qualifier;
    return await this.#redirected(record, domain);
  }

  async #redirected({ redirect }: SpfRecord, domain: string): Promise<SpfResult> {
    if (redirect === null) return 'neutral';
    this.#countTerm();
    const result = await this.host(await this.#expand(redirect, domain));
    if (result === 'none') throw new Ended('permerror');
    return result;
  }

  async #matches(mechanism: SpfMechanism, domain: string): Promise<boolean> {
    if (mechanism.kind === 'all') return true;
    if (mechanism.kind === 'ip') return contains(mechanism.network, this.#client);
    this.#countTerm();
    const target = mechanism.domain === null ? domain : await this.#expand(mechanism.domain, domain);
    if (mechanism.kind === 'include') return await this.#isIncluded(target);
    if (mechanism.kind === 'exists') return (await this.#ask(target, 'A')).length > 0;
    if (mechanism.kind === 'a') return await this.#isAt(target, mechanism);
    if (mechanism.kind === 'mx') return await this.#isExchanger(target, mechanism);
    return (await this.#validatedNames()).some((name) => isBelow(name, target));
  }

  async #isIncluded(domain: string): Promise<boolean> {
    const result = await this.host(domain);
    if (result === 'none' || result === 'permerror') throw new Ended('permerror');
    if (result === 'temperror') throw new Ended('temperror');
    return result === 'pass';
  }

  async #isExchanger(domain: string, lengths: Lengths): Promise<boolean> {
    const exchangers = (await this.#ask(domain, 'MX')) as readonly { readonly exchange?: unknown }[];
    if (exchangers.length > MOST_NAMES) throw new Ended('permerror');
    for (const { exchange } of exchangers)
      if (typeof exchange === 'string' && (await this.#isAt(exchange, lengths, false))) return true;
    return false;
  }

  /** `isCounted`: whether it counts where a name has no address. */
  async #isAt(name: string, lengths: Lengths, isCounted = true): Promise<boolean> {
    const bits = this.#client.family === 4 ? lengths.bits4 : lengths.bits6;
    const addresses = await this.#addresses(name, isCounted);
    return addresses.some((address) => contains(masked({ ...address, bits }), this.#client));
  }

  async #addresses(name: string, isCounted: boolean): Promise<Cidr[]> {
    const found = await this.#ask(name, this.#client.family === 4 ? 'A' : 'AAAA', isCounted);
    return found.flatMap((text) => {
      const address = clientAddress(String(text));
      return address?.family === this.#client.family ? [address] : [];
    });
  }

  /** Names of the client that lead back to it (5.5). Whatever fails there says nothing. */
  async #validatedNames(): Promise<string[]> {
    const names: string[] = [];
    try {
      const { i, v } = this.#values('');
      const reversed = i.split('.').reverse().join('.');
      for (const name of (await this.#ask(`${reversed}.${v}.arpa`, 'PTR')).slice(0, MOST_NAMES)) {
        const addresses = await this.#addresses(String(name), false).catch((cause: unknown) =>
          unlessEnded(cause, 'temperror'),
        );
        if (addresses.some((address) => contains(address, this.#client)))
          names.push(String(name).toLowerCase().replace(/\.$/, ''));
      }
    } catch (cause) {
      return unlessEnded(cause, 'temperror');
    }
    return names;
  }

  async #expand(text: string, domain: string): Promise<string> {
    return await expanded(text, this.#values(domain), async () => {
      const names = await this.#validatedNames();
      return (
        names.find((name) => name === domain.toLowerCase()) ??
        names.find((name) => isBelow(name, domain)) ??
        names[0] ??
        'unknown'
      );
    });
  }

  #values(domain: string): MacroValues {
    const isIPv4 = this.#client.family === 4;
    const nibbles = this.#client.words.map((word) => word.toString(16).padStart(8, '0')).join('');
    const i = isIPv4 ? formatCidr(this.#client) : [...nibbles].join('.');
    return { ...this.#sender, d: domain, i, v: isIPv4 ? 'in-addr' : 'ip6' };
  }

  #countTerm(): void {
    if (++this.#terms > MOST_TERMS) throw new Ended('permerror');
  }

  async #ask(name: string, type: string, isCounted = true): Promise<unknown[]> {
    if (!isQuestion(name)) return [];
    let found: unknown[] = [];
    try {
      found = (await this.#resolve(name, type)) as unknown[];
    } catch (cause) {
      if (!VOID.has((cause as NodeJS.ErrnoException).code ?? '')) throw new Ended('temperror');
    }
    if (found.length === 0 && isCounted && ++this.#void > MOST_VOID) throw new Ended('permerror');
    return found;
  }
}

type Lengths = { readonly bits4: number; readonly bits6: number };

function unlessEnded(cause: unknown, result: SpfResult): [] {
  if (cause instanceof Ended && cause.result === result) return [];
  throw cause;
}

/** IPv4 inside IPv6 is IPv4 (5). */
function clientAddress(text: string): Cidr | null {
  const plain = text.replace(/^IPv6:/i, '').replace(/^::ffff:(?=\d+\.)/i, '');
  const address = parseCidr(plain);
  return address.isOk() && !plain.includes('/') ? address.value : null;
}

/** A name that can be asked about: two labels at least, none empty or longer than 63 (4.3). */
function isName(domain: string): boolean {
  return domain.length <= 253 && /^(?:[^.\s[\]]{1,63}\.)+[^.\s[\]]{1,63}$/.test(domain);
}

/** What can be put to DNS at all. */
function isQuestion(name: string): boolean {
  return name.length <= 253 && /^(?:[^.]{1,63}\.)*[^.]{1,63}\.?$/.test(name);
}

function isBelow(name: string, domain: string): boolean {
  const [one, other] = [name.toLowerCase(), domain.toLowerCase().replace(/\.$/, '')];
  return one === other || one.endsWith(`.${other}`);
}
