import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLASS_NAMES } from '../contacts/contact-classes.ts';
import { AUTHORITIES } from './authorities.ts';
import type { SampleBatch } from './batches.ts';
import { localDay } from './day.ts';
import { generateSample } from './generate-sample.ts';
import type { SampleOptions } from './options.ts';
import type { SampleSource, SampleTruth } from './truth.ts';

type Made = {
  readonly files: ReadonlyMap<string, Buffer>;
  readonly truth: SampleTruth & { readonly sources: readonly SampleSource[] };
  readonly batches: readonly SampleBatch[];
};

function make(options: SampleOptions): Made {
  const pieces = new Map<string, Buffer[]>();
  generateSample(options, {
    write(file, bytes) {
      const list = pieces.get(file) ?? [];
      pieces.set(file, list);
      list.push(Buffer.from(bytes));
    },
  });
  const files = new Map([...pieces].map(([file, list]) => [file, Buffer.concat(list)]));
  const text = (file: string) => files.get(file)?.toString() ?? '';
  const batches = text('batches.ndjson')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as SampleBatch);
  return { files, batches, truth: JSON.parse(text('truth.json')) as Made['truth'] };
}

const SMALL: SampleOptions = { seed: 5, scale: 0.1 };
const small = make(SMALL);
const whole = make({});

const linesIn = (bytes: Buffer): number => bytes.reduce((count, byte) => count + (byte === 10 ? 1 : 0), 0);

describe('a day of the sample state', () => {
  it('is the same bytes for the same options', () => {
    const again = make(SMALL);
    expect([...again.files.keys()]).toEqual([...small.files.keys()]);
    for (const [file, bytes] of small.files) expect(again.files.get(file)?.equals(bytes), file).toBe(true);
  });

  it('is another day for another seed', () => {
    const other = make({ ...SMALL, seed: 6 });
    expect(other.truth.withoutSensor).not.toEqual(small.truth.withoutSensor);
    expect(
      other.files
        .get('batches/state-voter-portal.log')
        ?.equals(small.files.get('batches/state-voter-portal.log') as Buffer),
    ).toBe(false);
  });

  it('is about 100,000 knocks, and less than 40 MB', () => {
    expect(Math.abs(whole.truth.totals.knocks / 100_000 - 1)).toBeLessThan(0.07);
    expect(whole.truth.totals.bytes).toBeLessThan(40_000_000);
  });

  it.each([
    ['whole', whole],
    ['small', small],
  ])('has a source of every class: %s', (_, { truth }) => {
    expect(CLASS_NAMES.filter((name) => truth.classes[name] === undefined)).toEqual([]);
  });

  it('has 71 offices with sensors and 45 without, and says which', () => {
    const { truth } = whole;
    const watched = new Set(truth.sensors.map(({ authority }) => authority).filter((id) => id !== 'state'));
    expect(watched.size).toBe(71);
    expect(truth.withoutSensor.length).toBe(45);
    expect([...watched, ...truth.withoutSensor].sort()).toEqual(AUTHORITIES.map(({ leaId }) => leaId));
  });

  it('gives larger offices more knocks, and none that is watched fewer than the scanners of all', () => {
    const knocks = new Map(whole.truth.authorities.map((each) => [each.authority, each.knocks]));
    expect(knocks.get('29189')).toBeGreaterThan((knocks.get('29099') as number) * 2);
    const watched = whole.truth.authorities.filter(({ sensors }) => sensors.length > 0);
    const loud = watched.filter(({ authority }) => authority !== whole.truth.silent.authority);
    expect(Math.min(...loud.map((each) => each.knocks))).toBeGreaterThan(150);
  });

  it('lets one thing through, and names the line', () => {
    expect(whole.truth.through.length).toBe(1);
    const [one] = whole.truth.through;
    const line = whole.files
      .get(one?.file ?? '')
      ?.toString('latin1')
      .split('\n')[(one?.line ?? 0) - 1];
    expect(line).toContain(one?.source);
    expect(line).toMatch(/register\/status\?name=\d+.* 200 /);
  });

  it('has a few services that nobody listed, each at another office', () => {
    expect(new Set(whole.truth.unlisted.map(({ authority }) => authority)).size).toBe(4);
    for (const { destination } of whole.truth.unlisted) {
      expect(whole.files.get('surface.yaml')?.toString()).not.toContain(destination);
    }
  });

  it('has two sensors on one link that tell of the same packets', () => {
    const { truth } = whole;
    const office = truth.authorities.find(({ authority }) => authority === truth.sameLink.authority);
    expect(office?.sensors).toEqual([...truth.sameLink.sensors]);
    expect(office?.knocks).toBeLessThan((office?.contacts ?? 0) * 0.6);
  });

  it('has a sensor that admits losses, and no other', () => {
    const lossy = whole.truth.sensors.filter(({ lossReports }) => lossReports > 0);
    expect(lossy.map(({ authority, sensor }) => ({ authority, sensor }))).toEqual([whole.truth.bestEffort]);
    expect(lossy[0]?.lost).toBeGreaterThan(0);
  });

  it('has a sensor that says nothing any more from the evening on', () => {
    const { silent, to } = whole.truth;
    const own = whole.batches.filter((b) => b.authority === silent.authority && b.sensor === silent.sensor);
    const last = Date.parse(own.at(-1)?.at ?? '');
    expect(last).toBeLessThan(Date.parse(silent.from) + 600_000);
    expect(Date.parse(to) - last).toBeGreaterThan(4 * 3_600_000);
  });
});

describe('the truth of a sample', () => {
  it('counts every line of every sensor', () => {
    for (const each of whole.truth.sensors) {
      expect(each.lines, each.file).toBe(linesIn(whole.files.get(each.file) as Buffer));
      expect(each.told + each.lossReports + each.ignored, each.file).toBe(each.lines);
    }
    const sum = whole.truth.sensors.reduce((all, { lines }) => all + lines, 0);
    expect(sum).toBe(whole.truth.totals.lines);
    expect(whole.truth.authorities.reduce((all, { lines }) => all + lines, 0)).toBe(sum);
  });

  it('gives every telling line to a source', () => {
    const told = whole.truth.sensors.reduce((all, each) => all + each.told, 0);
    expect(whole.truth.sources.reduce((all, { lines }) => all + lines, 0)).toBe(told);
  });

  it('says that all of it is made up', () => {
    expect(whole.truth.note).toContain('made up');
  });
});

describe('the batches', () => {
  it('stand in the order of arrival', () => {
    const times = whole.batches.map(({ at }) => at);
    expect(times).toEqual([...times].sort());
  });

  it('cover each file without gap or overlap, in sequence', () => {
    const at = new Map<string, { offset: number; sequence: number; lines: number }>();
    for (const { file, offset, bytes, sequence, lines } of whole.batches) {
      const before = at.get(file) ?? { offset: 0, sequence: 0, lines: 0 };
      expect({ file, offset, sequence }).toEqual({
        file,
        offset: before.offset,
        sequence: before.sequence + 1,
      });
      const content = (whole.files.get(file) as Buffer).subarray(offset, offset + bytes);
      expect(linesIn(content), file).toBe(lines);
      at.set(file, { offset: offset + bytes, sequence, lines: before.lines + lines });
    }
    for (const [file, { offset }] of at) expect(offset, file).toBe(whole.files.get(file)?.length);
    expect(at.size).toBe(whole.truth.totals.sensors);
  });

  it('of the office that is cut off for an hour come as one, after it', () => {
    const { cutOff } = whole.truth;
    const own = whole.batches.filter(({ authority }) => authority === cutOff.authority);
    const from = Date.parse(cutOff.from);
    const until = Date.parse(cutOff.until);
    expect(until - from).toBe(3_600_000);
    const times = own.map(({ at }) => Date.parse(at));
    expect(times.filter((time) => time > from + 30_000 && time <= until)).toEqual([]);
    const late = own[times.findIndex((time) => time > until)];
    const usual = own.reduce((all, { lines }) => all + lines, 0) / own.length;
    expect(late?.lines).toBeGreaterThan(usual * 3);
  });

  it('have names of their own on another day', () => {
    const other = make({ ...SMALL, date: '2026-11-01' });
    expect(other.batches[0]?.client).not.toBe(small.batches[0]?.client);
    expect(small.batches[0]?.client).toMatch(/^sample-5-x0\.1-(state|\d{5})-[a-z-]+$/);
    expect(whole.batches.every(({ client }) => /^sample-1-(state|\d{5})-[a-z-]+$/.test(client))).toBe(true);
  });
});

describe('the day', () => {
  it.each([
    ['2026-10-07', '2026-10-07T05:00:00.000Z', 24],
    ['2026-11-01', '2026-11-01T05:00:00.000Z', 25],
    ['2026-03-08', '2026-03-08T06:00:00.000Z', 23],
  ])('starts and ends at midnight in Missouri: %s', (date, start, hours) => {
    const day = localDay(date);
    expect(new Date(day?.start ?? 0).toISOString()).toBe(start);
    expect((day?.span ?? 0) / 3_600_000_000).toBe(hours);
  });

  it.each(['2026-02-30', '7 October', '2026-10-7', ''])('is none: %j', (date) => {
    expect(localDay(date)).toBeUndefined();
    expect(() => generateSample({ date }, { write: () => {} })).toThrow(RangeError);
  });
});

describe('the authorities', () => {
  it('are those of the survey', () => {
    const path = join(import.meta.dirname, '../../data/authorities.csv');
    const [head = '', ...rows] = readFileSync(path, 'utf8').trimEnd().split('\n');
    const at = (name: string) => head.split(',').indexOf(name);
    const survey = rows
      .map((row) => row.split(','))
      .map((cells) => ({
        leaId: cells[at('lea_id')],
        name: cells[at('name')],
        voters: Number(cells[at('reg_total_2022')]),
      }));
    expect(AUTHORITIES).toEqual(survey);
    expect(AUTHORITIES.length).toBe(116);
  });
});
