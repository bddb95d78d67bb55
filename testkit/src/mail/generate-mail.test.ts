import { authenticate } from 'mailauth';
import { beforeAll, describe, expect, it } from 'vitest';
import { generateMail, type MailOptions, type MailRun, type MailTruthRow } from './generate-mail.ts';
import { MAIL_SCENARIOS } from './scenarios/index.ts';
import { zoneResolver } from './world/domains.ts';

type Made = { readonly run: MailRun; readonly files: ReadonlyMap<string, Buffer> };

async function made(options: MailOptions): Promise<Made> {
  const files = new Map<string, Buffer>();
  const run = await generateMail(options, {
    write: (file, bytes) => void files.set(file, Buffer.from(bytes)),
  });
  return { run, files };
}

let one: Made;

beforeAll(async () => {
  one = await made({ seed: 7, variants: 6 });
}, 120_000);

const parse = (csv: Buffer) => {
  const [head, ...rows] = csv.toString().trim().split('\r\n');
  const names = (head as string).split(',');
  return rows.map((row) => Object.fromEntries(row.split(',').map((value, at) => [names[at], value])));
};

describe('a run of mail', { timeout: 120_000 }, () => {
  it('is the same bytes for the same seed, and others for another', async () => {
    const options = { seed: 3, variants: 2, scenario: 's01' };
    const [first, again, other] = [
      await made(options),
      await made(options),
      await made({ ...options, seed: 4 }),
    ];
    expect([...again.files].every(([name, bytes]) => bytes.equals(first.files.get(name) as Buffer))).toBe(
      true,
    );
    expect(other.files.get('messages/0001.eml')?.equals(first.files.get('messages/0001.eml') as Buffer)).toBe(
      false,
    );
  });

  it('holds every scenario with attacks and twins in both halves', () => {
    for (const { id } of MAIL_SCENARIOS) {
      const rows = one.run.truth.messages.filter(({ source }) => source === id);
      const seen = new Set(rows.map(({ role, split }) => `${role} ${split}`));
      for (const role of ['attack', 'twin']) {
        expect(seen, id).toContain(`${role} learn`);
        expect(seen, id).toContain(`${role} score`);
      }
    }
  });

  it('calls phishing what is an attack and nothing else, in truth and manifest alike', () => {
    const rows = parse(one.files.get('manifest.csv') as Buffer);
    expect(rows).toHaveLength(one.run.truth.messages.length);
    for (const [at, row] of one.run.truth.messages.entries()) {
      expect(row.label === 'phish').toBe(row.role === 'attack');
      expect(rows[at]).toMatchObject({
        path: row.path,
        label: row.label,
        source: row.source,
        split: row.split,
      });
      expect(one.files.has(row.path)).toBe(true);
    }
  });

  it('writes lines that end in CRLF, fields that are named, and boundaries that are closed', () => {
    for (const { path } of one.run.truth.messages) {
      const text = (one.files.get(path) as Buffer).toString('latin1');
      expect(text.replaceAll('\r\n', ''), path).not.toMatch(/[\r\n]/);
      const head = text.slice(0, text.indexOf('\r\n\r\n')).split('\r\n');
      for (const line of head) expect(line, path).toMatch(/^(?:[!-9;-~]+:|[ \t]+\S)/);
      for (const name of ['From', 'To', 'Date', 'Message-ID', 'Subject', 'MIME-Version', 'Received']) {
        expect(
          head.some((line) => line.startsWith(`${name}:`)),
          `${path} ${name}`,
        ).toBe(true);
      }
      for (const [, boundary] of text.matchAll(/boundary="([^"]+)"/g))
        expect(text, path).toContain(`\r\n--${boundary}--`);
    }
  });

  it('has an identifier of its own for every message', () => {
    const identifiers = one.run.truth.messages.map(
      ({ path }) =>
        /^Message-ID:\s+(<[^>]+>)/im.exec((one.files.get(path) as Buffer).toString('latin1'))?.[1],
    );
    expect(new Set(identifiers).size).toBe(identifiers.length);
  });

  it('says nothing in one half in the words of the other', () => {
    const subjects = (source: string, split: string) =>
      one.run.truth.messages
        .filter((row) => row.source === source && row.split === split)
        .map(({ path }) => /^Subject: (.*)$/m.exec((one.files.get(path) as Buffer).toString('latin1'))?.[1]);
    for (const source of new Set(one.run.truth.messages.map((row) => row.source))) {
      const learned = new Set(subjects(source, 'learn'));
      expect(learned.size, source).toBeGreaterThan(0);
      for (const subject of subjects(source, 'score'))
        expect(learned.has(subject), `${source}: ${subject}`).toBe(false);
    }
  });

  it('tells stories in the order of time: genuine mail first, nine offices within the hour', () => {
    const stories = new Map<string, MailTruthRow[]>();
    for (const row of one.run.truth.messages) {
      stories.set(row.sequence, [...(stories.get(row.sequence) ?? []), row]);
    }
    for (const rows of stories.values()) {
      const firstOfStory = rows.findIndex(({ role }) => role !== 'before');
      expect(rows.slice(firstOfStory).every(({ role }) => role !== 'before')).toBe(true);
    }
    const fanOut = [...stories.values()].filter(([row]) =>
      row?.sequence.startsWith('s03-invoice-fan-out attack'),
    );
    expect(fanOut).toHaveLength(6);
    for (const rows of fanOut) {
      expect(new Set(rows.map(({ office }) => office)).size).toBe(9);
      expect(Date.parse(rows[8]?.at as string) - Date.parse(rows[0]?.at as string)).toBeLessThan(3_600_000);
    }
  });

  it('writes a file for every office, about itself and all others', () => {
    const yaml = [...one.files].filter(([name]) => name.startsWith('offices/'));
    expect(yaml).toHaveLength(116);
    for (const [name, bytes] of yaml) {
      const text = bytes.toString();
      expect(text).toContain(`own: "${name.slice(8, 13)}"`);
      expect(text.match(/^ {2}- \{"office":/gm)).toHaveLength(116);
      expect(text).toContain('relays:\n  - "198.51.100.0/28"');
    }
  });

  it('refuses numbers of variants that cannot be, and scenarios that are not there', async () => {
    await expect(made({ seed: 1, variants: 1 })).rejects.toThrow(RangeError);
    await expect(made({ seed: 1, variants: 2, scenario: 's99' })).rejects.toThrow(
      'no scenario is called s99',
    );
  });

  it('signs so that what DNS says of the signer proves it, unless a list has changed the message', async () => {
    const resolver = zoneResolver(one.run.zone);
    let passed = 0;
    const sealed = new Map<string, unknown>();
    for (const row of parse(one.files.get('manifest.csv') as Buffer)) {
      const bytes = one.files.get(row.path as string) as Buffer;
      const { dkim, spf, arc } = await authenticate(bytes, {
        ip: row.client as string,
        helo: row.helo as string,
        sender: row.envelope_from as string,
        mta: 'mx.office.example',
        resolver: resolver as never,
      });
      const text = bytes.toString('latin1');
      const results = dkim.results.map(({ status }) => status.result);
      if (text.includes('DKIM-Signature:') && !text.includes('List-Id:'))
        expect(results, row.path).toContain('pass');
      if (row.client?.startsWith('198.19.') && row.source?.startsWith('s01')) {
        expect(spf === false ? spf : spf.status.result, row.path).toBe('pass');
      }
      if (text.includes('ARC-Seal:')) {
        expect(arc === false ? arc : arc.status.result, row.path).toBe('pass');
        sealed.set(row.label as string, row.path);
        if (text.includes('List-Id:'))
          expect(results, row.path).toEqual(expect.arrayContaining(['neutral', 'pass']));
      }
      passed += results.includes('pass') ? 1 : 0;
    }
    expect(passed).toBeGreaterThan(0);
    expect([...sealed.keys()].sort()).toEqual(['ham', 'phish']);
  });
});
