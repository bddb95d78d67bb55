import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CLASS_NAMES, CONTACT_CLASSES } from './contact-classes.ts';
import { FORMAT_NAMES, FORMATS, type FormatName } from './formats.ts';
import { type ContactsOptions, generateContacts } from './generate.ts';
import type { ContactsTruth, SourceRow } from './truth.ts';

/** Keeps the files in memory. */
function run(options: ContactsOptions): {
  truth: ContactsTruth;
  files: Map<string, string>;
  sources: SourceRow[];
} {
  const pieces = new Map<string, Buffer[]>();
  const truth = generateContacts(options, {
    write(file, bytes) {
      const list = pieces.get(file) ?? [];
      list.push(Buffer.from(bytes));
      pieces.set(file, list);
    },
  });
  const files = new Map([...pieces].map(([file, list]) => [file, Buffer.concat(list).toString('latin1')]));
  const { sources } = JSON.parse(files.get('truth.json') as string) as { sources: SourceRow[] };
  return { truth, files, sources };
}

const LINES = 20_000;
const everything = run({ lines: LINES, seed: 11, formats: FORMAT_NAMES });

function linesOf(format: FormatName): string[] {
  return (everything.files.get(FORMATS[format].file) as string).split('\n').slice(0, -1);
}

describe('a run of labelled traffic', () => {
  it('is the same bytes for the same seed', () => {
    const again = run({ lines: LINES, seed: 11, formats: FORMAT_NAMES });
    for (const [file, text] of everything.files) expect(again.files.get(file) === text, file).toBe(true);
  });

  it('is other traffic for another seed', () => {
    const other = run({ lines: 5_000, seed: 12, formats: ['netfilter'] });
    const first = run({ lines: 5_000, seed: 11, formats: ['netfilter'] });
    expect(other.files.get('netfilter.log') === first.files.get('netfilter.log')).toBe(false);
  });

  it('has a source of every class', () => {
    const seen = new Set(everything.sources.map((source) => source.class));
    expect(CLASS_NAMES.filter((name) => !seen.has(name))).toEqual([]);
  });

  it.each(FORMAT_NAMES.filter((format) => format !== 'zeek-ssh'))(
    'has about the lines asked for: %s',
    (format) => {
      const counted = linesOf(format).length;
      expect(Math.abs(counted / LINES - 1)).toBeLessThan(0.05);
    },
  );

  it('has about the lines asked for in ssh.log where no daemon tells the same connections', () => {
    const { truth } = run({ lines: LINES, seed: 11, formats: ['zeek-ssh'] });
    expect(Math.abs((truth.files[0]?.lines ?? 0) / LINES - 1)).toBeLessThan(0.05);
  });
});

describe('the truth of a run', () => {
  it.each(FORMAT_NAMES)('counts every line of the file once: %s', (format) => {
    const file = everything.truth.files.find((each) => each.format === format);
    if (file === undefined) throw new Error('no truth about the file');
    expect(file.lines).toBe(linesOf(format).length);
    expect(file.told + file.lossReports + file.ignored + file.junk).toBe(file.lines);
  });

  it.each(FORMAT_NAMES)('gives every telling line to a source: %s', (format) => {
    const told = everything.truth.files.find((each) => each.format === format)?.told;
    const sum = everything.sources.reduce((total, source) => total + (source.files[format] ?? 0), 0);
    expect(sum).toBe(told);
  });

  it('names each source once', () => {
    const names = everything.sources.map(({ source }) => source);
    expect(new Set(names).size).toBe(names.length);
  });

  it('points at the line that came through, which names its source', () => {
    expect(everything.truth.through.length).toBeGreaterThan(0);
    const byFile = new Map(FORMAT_NAMES.map((format) => [FORMATS[format].file as string, linesOf(format)]));
    for (const { file, line, source } of everything.truth.through) {
      expect(byFile.get(file)?.[line - 1], `${file}:${line}`).toContain(source);
    }
  });

  it('has something that came through in every file', () => {
    const files = new Set(everything.truth.through.map(({ file }) => file));
    expect(FORMAT_NAMES.filter((format) => !files.has(FORMATS[format].file))).toEqual([]);
  });

  it('lets nobody benign or forged be blocked', () => {
    const wrong = everything.sources.filter(
      ({ nature, mayBeBlocked }) => mayBeBlocked && (nature === 'benign' || nature === 'forged'),
    );
    expect(wrong).toEqual([]);
  });

  it('expects a verdict only where a sensor can show the class', () => {
    const { sources } = run({ lines: 5_000, seed: 4, formats: ['netfilter'] });
    const guessers = sources.filter((source) => CONTACT_CLASSES[source.class].evidence === 'ssh');
    expect(guessers.length).toBeGreaterThan(0);
    expect(guessers.every(({ expect: expected }) => expected === 'nothing')).toBe(true);
  });

  it('keeps times in order and inside the run', () => {
    const { from, to } = everything.truth;
    const wrong = everything.sources.filter(
      ({ first, last }) => first !== null && last !== null && (first > last || first < from || last > to),
    );
    expect(wrong).toEqual([]);
  });
});

describe('one event told by several sensors', () => {
  it('has the same ends in netfilter, Zeek and EVE', () => {
    const zeek = new Set(
      linesOf('zeek-conn')
        .filter((line) => line.includes('\ttcp\t') && line.includes('\tS0\t'))
        .map((line) => line.split('\t').slice(2, 6).join(' ')),
    );
    const eve = new Set(
      linesOf('eve').map((line) =>
        /"src_ip":"([^"]*)","src_port":(\d+),"dest_ip":"([^"]*)","dest_port":(\d+)/
          .exec(line)
          ?.slice(1)
          .join(' '),
      ),
    );
    const dropped = linesOf('netfilter')
      .map((line) =>
        /DROP: .* SRC=([0-9.]+) DST=([0-9.]+) .*PROTO=TCP SPT=(\d+) DPT=(\d+) .* SYN URGP/.exec(line),
      )
      .filter((match) => match !== null && !match[0].includes('ACK SYN'))
      .map((match) => `${match?.[1]} ${match?.[3]} ${match?.[2]} ${match?.[4]}`);
    expect(dropped.length).toBeGreaterThan(1_000);
    expect(dropped.filter((ends) => !zeek.has(ends))).toEqual([]);
    expect(dropped.filter((ends) => !eve.has(ends))).toEqual([]);
  });

  it('has a connection in conn.log for each request in http.log and each login in ssh.log', () => {
    const uids = new Set(linesOf('zeek-conn').map((line) => line.split('\t')[1]));
    const others = [...linesOf('zeek-http'), ...linesOf('zeek-ssh')].filter((line) => !line.startsWith('#'));
    const orphans = others.filter((line) => !uids.has(line.split('\t')[1]));
    expect(orphans).toEqual([]);
  });

  it('has the same SSH connections in auth.log and in the firewall log', () => {
    const ends = new Set(
      linesOf('netfilter').map((line) =>
        / SRC=([0-9.]+) .* SPT=(\d+) DPT=22 /.exec(line)?.slice(1).join(' '),
      ),
    );
    const failed = linesOf('sshd').map((line) =>
      /Failed password for root from ([0-9.]+) port (\d+) ssh2$/.exec(line),
    );
    const told = failed.filter((match) => match !== null).map((match) => `${match?.[1]} ${match?.[2]}`);
    expect(told.length).toBeGreaterThan(100);
    expect(told.filter((end) => !ends.has(end))).toEqual([]);
  });
});

describe('the scenarios', () => {
  const { sources } = everything;
  const ofClass = (name: string) => sources.filter((source) => source.class === name);

  it('send decoys with the same number of targets as the scanner they hide', () => {
    for (const scanner of ofClass('decoy-scanner')) {
      const decoys = ofClass('decoy').filter(({ campaign }) => campaign === scanner.campaign);
      expect(decoys.length).toBeGreaterThan(2);
      expect(decoys.every(({ targets }) => targets === scanner.targets)).toBe(true);
    }
  });

  it('keep neighbours inside one /24', () => {
    const campaigns = new Map<string, Set<string>>();
    for (const { campaign, source } of ofClass('distributed-same-24')) {
      const networks = campaigns.get(campaign ?? '') ?? new Set();
      networks.add(source.slice(0, source.lastIndexOf('.')));
      campaigns.set(campaign ?? '', networks);
    }
    expect([...campaigns.values()].map(({ size }) => size)).toEqual([...campaigns.values()].map(() => 1));
  });

  it('give flood sources one or two packets', () => {
    expect(ofClass('spoofed-flood').filter(({ contacts }) => contacts > 2)).toEqual([]);
  });

  it('let friends visit before their addresses are forged on about fifty packets', () => {
    expect(ofClass('spoofed-friend').every(({ contacts }) => contacts > 35 && contacts <= 51)).toBe(true);
  });

  it('keep botnet members at two tries', () => {
    expect(ofClass('ssh-distributed').filter(({ contacts }) => contacts > 2)).toEqual([]);
  });
});

describe('the README', () => {
  it('names every class and every file', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(CLASS_NAMES.filter((name) => !readme.includes(name))).toEqual([]);
    expect(FORMAT_NAMES.filter((format) => !readme.includes(FORMATS[format].file))).toEqual([]);
  });
});
