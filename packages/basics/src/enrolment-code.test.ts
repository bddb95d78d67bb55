import { scryptSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { enrolmentPrint, enrolmentPrintTask } from './enrolment-code.ts';

/** The second half for a secret and a certificate. */
function printOf(secret: string, authority: string): string {
  const { password, salt, length, cost } = enrolmentPrintTask(secret, Buffer.from(authority));
  return enrolmentPrint(scryptSync(password, salt, length, cost));
}

describe('the second half of an enrolment code', () => {
  it('is the same at both ends in every version, or offices could not enrol', () => {
    expect(printOf('7K2M0VQX9D', 'a certificate')).toBe('W07Z11JFWH');
  });

  it('is another one with each secret and each certificate', () => {
    const prints = [
      printOf('7K2M0VQX9D', 'a certificate'),
      printOf('7K2M0VQX9E', 'a certificate'),
      printOf('7K2M0VQX9D', 'a certificatf'),
    ];
    expect(new Set(prints).size).toBe(3);
    for (const print of prints) expect(print).toMatch(/^[0-9A-HJKMNP-TV-Z]{10}$/);
  });

  it('takes 64 MiB, twice, for each guess', () => {
    const { cost } = enrolmentPrintTask('7K2M0VQX9D', new Uint8Array(1));
    expect({ bytes: 128 * cost.N * cost.r, rounds: cost.p }).toEqual({ bytes: 64 * 1024 * 1024, rounds: 2 });
  });
});
