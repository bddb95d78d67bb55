/** The test suite of RFC 7208 (openspf.org, release 2014.04). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Resolve } from '../authenticate.ts';
import { spfOf } from './check-host.ts';

type Zone = Readonly<Record<string, readonly (string | Readonly<Record<string, unknown>>)[]>>;
type Case = {
  readonly host: string;
  readonly helo: string;
  readonly mailfrom: string;
  readonly result: string | readonly string[];
};
type Suite = {
  readonly description: string;
  readonly tests: Readonly<Record<string, Case>>;
  readonly zonedata: Zone;
};

const TEXT = readFileSync(
  new URL('../../../../../testdata/mail/spf/rfc7208-tests.yml', import.meta.url),
  'utf8',
);
const SUITES = parseAllDocuments(TEXT, { uniqueKeys: false }).map((document) => document.toJS() as Suite);

/** Answers as `node:dns` does. A name with `TIMEOUT` answers nothing to what it does not list. */
function resolver(zonedata: Zone): Resolve {
  const zone = new Map(Object.entries(zonedata).map(([name, records]) => [name.toLowerCase(), records]));
  const failure = (code: string): Error => Object.assign(new Error(code), { code });
  return async (name, type) => {
    const records = zone.get(name.toLowerCase());
    if (records === undefined) throw failure('ENOTFOUND');
    const found: unknown[] = [];
    // A record of type SPF stands for both kinds, unless a TXT record says otherwise.
    const hasText = records.some((record) => typeof record === 'object' && 'TXT' in record);
    for (const record of records) {
      if (typeof record === 'string') {
        continue;
      }
      for (const [kind, value] of Object.entries(record)) {
        const isText = type === 'TXT' && (kind === 'TXT' || (kind === 'SPF' && !hasText));
        if (!isText && kind !== type) continue;
        if (value === 'TIMEOUT') throw failure('ETIMEOUT');
        if (value === 'NONE') continue;
        if (type === 'TXT') found.push(Array.isArray(value) ? value : [value]);
        else if (type === 'MX') {
          const [priority, exchange] = value as [number, string];
          if (exchange !== '') found.push({ priority, exchange });
        } else found.push(value);
      }
    }
    // It answers nothing to whatever is not listed.
    if (found.length === 0) throw failure(records.includes('TIMEOUT') ? 'ETIMEOUT' : 'ENODATA');
    return found;
  };
}

describe.each(SUITES.map((suite) => [suite.description, suite] as const))('RFC 7208: %s', (_, suite) => {
  it.each(Object.entries(suite.tests))('%s', async (_name, test) => {
    const allowed = typeof test.result === 'string' ? [test.result] : test.result;
    const { host: client, helo, mailfrom: from } = test;
    const { result } = await spfOf({ client, helo, from }, resolver(suite.zonedata));
    expect(allowed).toContain(result);
  });
});
