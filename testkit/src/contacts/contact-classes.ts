/**
 * The classes of sources: what each is in truth, whatever a detector makes of it.
 *
 * `evidence` is the kind of sensor in whose lines the class can be told at all: a password guesser looks like any
 * visitor of the login port to a firewall.
 */
import type { Family } from './formats.ts';

/** What stands behind a source. `forged`: its address was used by somebody else. `background`: nobody's aim. */
export type Nature = 'attack' | 'benign' | 'forged' | 'background';

/** What a detector should reach, given enough contacts: a verdict, a campaign's label, or nothing. */
export type Expectation = 'decided' | 'labelled' | 'nothing';

/** One class of sources. */
export type ContactClass = {
  readonly nature: Nature;
  readonly evidence: Family;
  readonly expect: Expectation;
  /** Whether a block of this source would be right. */
  readonly mayBeBlocked: boolean;
};

function probe(evidence: Family, expect: Expectation = 'decided'): ContactClass {
  return { nature: 'attack', evidence, expect, mayBeBlocked: true };
}

function benign(evidence: Family): ContactClass {
  return { nature: 'benign', evidence, expect: 'nothing', mayBeBlocked: false };
}

function forged(expect: Expectation): ContactClass {
  return { nature: 'forged', evidence: 'network', expect, mayBeBlocked: false };
}

/** Every class by its name in `truth.json`. */
export const CONTACT_CLASSES = {
  'fast-vertical': probe('network'),
  'fast-horizontal': probe('network'),
  'few-ports-many-hosts': probe('network'),
  'slow-vertical': probe('network'),
  'slow-horizontal': probe('network'),
  'quarter-hour': probe('network'),
  'distributed-same-24': probe('network', 'labelled'),
  'distributed-anywhere': probe('network', 'labelled'),
  'udp-scan': probe('network'),
  'icmp-sweep': probe('network'),
  'stealth-null': probe('network'),
  'stealth-fin': probe('network'),
  'stealth-xmas': probe('network'),
  'stealth-ack': probe('network'),
  'source-port-53': probe('network'),
  'source-port-123': probe('network'),
  'ipv6-scan-64': probe('network'),
  'ipv6-scan-48': probe('network', 'labelled'),
  'open-door': probe('network'),
  blocklisted: probe('network'),
  'decoy-scanner': { nature: 'attack', evidence: 'network', expect: 'labelled', mayBeBlocked: false },
  decoy: forged('labelled'),
  'spoofed-flood': forged('nothing'),
  'spoofed-friend': forged('nothing'),
  'dns-reflector': forged('nothing'),
  background: { nature: 'background', evidence: 'network', expect: 'nothing', mayBeBlocked: true },
  'late-ack': benign('network'),
  backscatter: benign('network'),
  'dns-reply': benign('network'),
  'ntp-reply': benign('network'),
  'stale-dns-client': benign('network'),
  monitoring: benign('network'),
  vendor: benign('network'),
  'vendor-after-contract': { nature: 'attack', evidence: 'network', expect: 'nothing', mayBeBlocked: true },
  'permitted-test': benign('network'),
  'outage-visitor': benign('network'),
  visitor: benign('network'),
  voter: benign('web'),
  'deadline-voter': benign('web'),
  'office-behind-nat': benign('web'),
  'cdn-client': benign('web'),
  'cdn-edge': benign('web'),
  'search-robot': benign('web'),
  'web-monitor': benign('web'),
  'web-staff': benign('web'),
  'web-probe': probe('web'),
  'web-probe-slow': probe('web'),
  'web-probe-behind-cdn': { nature: 'attack', evidence: 'web', expect: 'decided', mayBeBlocked: false },
  'web-background': { nature: 'background', evidence: 'web', expect: 'nothing', mayBeBlocked: true },
  'web-injection': probe('web'),
  'web-injection-slow': probe('web'),
  'web-injection-in-surge': probe('web'),
  'web-break-in': probe('web'),
  'web-login-guessing': probe('web'),
  'web-login-spray-in-surge': probe('web', 'labelled'),
  'ssh-staff': benign('ssh'),
  'ssh-monitor': benign('ssh'),
  'ssh-background': { nature: 'background', evidence: 'ssh', expect: 'nothing', mayBeBlocked: true },
  'ssh-fast': probe('ssh'),
  'ssh-slow': probe('ssh'),
  'ssh-very-slow': probe('ssh'),
  'ssh-spray': probe('ssh', 'labelled'),
  'ssh-distributed': probe('ssh', 'labelled'),
  'ssh-break-in': probe('ssh'),
  'ssh-enumeration': probe('ssh'),
  'ssh-log-injection': probe('ssh'),
  'windows-staff': benign('windows'),
  'windows-guessing': probe('windows'),
  'windows-very-slow': probe('windows'),
  'windows-spray': probe('windows', 'labelled'),
  'windows-distributed': probe('windows', 'labelled'),
  'windows-break-in': probe('windows'),
  'entra-staff': benign('entra'),
  'entra-guessing': probe('entra'),
  'entra-very-slow': probe('entra'),
  'entra-spray': probe('entra', 'labelled'),
  'entra-distributed': probe('entra', 'labelled'),
  'entra-break-in': probe('entra'),
} as const satisfies Record<string, ContactClass>;

/** Name of a class. */
export type ClassName = keyof typeof CONTACT_CLASSES;

/** All names, in the order of the table. */
export const CLASS_NAMES = Object.keys(CONTACT_CLASSES) as readonly ClassName[];
