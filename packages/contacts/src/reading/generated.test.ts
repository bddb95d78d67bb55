import { FORMAT_NAMES, generateContacts } from '@bellwether/testkit';
import { describe, expect, it } from 'vitest';
import { Batch } from '../contact.ts';
import { lossesOfFile } from '../losses.ts';
import { Clock, zoneNamed } from './clock.ts';
import { detectFormat } from './detect.ts';
import { LineLoop } from './reader.ts';

/** Formats whose losses have no number: the truth counts their reports. */
const UNNUMBERED = ['windows-events', 'flow-aws'];
/** PAM's lines that name nobody, and sessions, are of somebody in the truth and tell of no contact here. */
const NAMELESS = ['sshd'];

describe('generated traffic', () => {
  const files = new Map<string, Buffer[]>();
  const truth = generateContacts(
    { lines: 3_000, seed: 11, formats: FORMAT_NAMES },
    {
      write(file, bytes) {
        files.set(file, [...(files.get(file) ?? []), Buffer.from(bytes)]);
      },
    },
  );

  it.each(truth.files.map((file) => [file.format, file] as const))(
    '%s is read as its truth says',
    (name, told) => {
      const bytes = Buffer.concat(files.get(told.file)!);
      const detected = detectFormat(bytes.toString('latin1', 0, 65_536).split('\n'));
      expect(detected).toBeDefined();
      const clock = new Clock(zoneNamed('America/Chicago')!, { year: 2026, firstMonth: 10, lastMonth: 10 });
      const loop = new LineLoop(detected!.format.reader({ clock }), clock, detected!.unwrap);
      const batch = new Batch();
      expect(loop.read(bytes, 0, bytes.length, 0, batch)).toBe(bytes.length);

      expect(batch.lines).toBe(told.lines);
      expect(batch.unreadable).toBe(told.junk);
      if (NAMELESS.includes(name)) expect(batch.count).toBeLessThanOrEqual(told.told);
      else expect(batch.count).toBe(told.told);
      expect(batch.count + batch.ignored).toBe(told.told + told.ignored + told.lossReports);
      expect(batch.repeat.subarray(0, batch.count).reduce((sum, extra) => sum + extra, 0)).toBe(
        told.repeated,
      );
      const isUnnumbered = UNNUMBERED.includes(name);
      expect(lossesOfFile(batch)).toEqual({
        lost: isUnnumbered ? 0 : told.lost,
        lostUnknown: isUnnumbered && told.lost > 0,
      });
      // A day at the office, and what was still open at its end.
      const times = batch.time.subarray(0, batch.count);
      expect(times.reduce((a, b) => Math.min(a, b))).toBeGreaterThanOrEqual(Date.UTC(2026, 9, 7, 5));
      expect(times.reduce((a, b) => Math.max(a, b))).toBeLessThan(Date.UTC(2026, 9, 8, 6));
    },
  );
});
