/** What detection is asked to reach, by class of source: shares of sources. */
import type { ClassName } from '@bellwether/testkit';

/** Shares in [0,1]; what is not named is not asked. */
export type Goal = {
  /** Blocked, by itself or with its prefix. */
  readonly decided?: number;
  /** Has a verdict other than unknown. */
  readonly labelled?: number;
  /** Has the label of its campaign. */
  readonly campaign?: number;
  /** Blocked, of those that sent two packets or more. */
  readonly decidedOfTwo?: number;
};

/** What a class that acts alone is asked for. */
const ALONE: Goal = { decided: 0.99 };
/** Scans with unusual flags look like leftovers of connections. */
const STEALTH: Goal = { decided: 0.95 };
/** One try in five to fifteen minutes, or two tries an address. */
const PATIENT_GUESSING: Goal = { decided: 0.95, labelled: 0.9 };
const SHARED_GUESSING: Goal = { decided: 0.95, campaign: 0.9 };
const SHARED_SCAN: Goal = { campaign: 0.9 };

const GOALS: Partial<Record<ClassName, Goal>> = {
  'stealth-null': STEALTH,
  'stealth-fin': STEALTH,
  'stealth-xmas': STEALTH,
  'stealth-ack': STEALTH,
  'ssh-very-slow': PATIENT_GUESSING,
  'windows-very-slow': PATIENT_GUESSING,
  'entra-very-slow': PATIENT_GUESSING,
  'ssh-distributed': SHARED_GUESSING,
  'windows-distributed': SHARED_GUESSING,
  'entra-distributed': SHARED_GUESSING,
  'distributed-same-24': { campaign: 0.9, decidedOfTwo: 0.9 },
  'distributed-anywhere': SHARED_SCAN,
  'ipv6-scan-48': SHARED_SCAN,
  // Its packets come from the proxy: only the proxy can turn it away.
  'web-probe-behind-cdn': { labelled: 0.99 },
};

/** What is asked of a class, given what its truth expects of a detector. */
export function goalOf(name: ClassName, expect: string): Goal | null {
  if (expect === 'nothing') return null;
  return GOALS[name] ?? (expect === 'decided' ? ALONE : { labelled: 0.9 });
}
