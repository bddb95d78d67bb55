/**
 * Cuts one night out of a generated day: `node testdata/contacts/cut-a-night.mjs DAY NIGHT`, where DAY is what
 *
 *   bellwether testkit contacts --lines 12000 --seed 2 --formats netfilter,nginx,sshd --out DAY
 *
 * wrote. Keeps, between midnight and six in the morning in Missouri, every line of some sources of each class, so that
 * the night can be read by a person; no line is changed. See testdata/NOTICE.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [day, night] = process.argv.slice(2);
const FROM = '2026-10-07T05:00:00Z';
const UNTIL = '2026-10-07T11:00:00Z';

/** Sources of each class that stay. */
const KEPT = {
  'fast-vertical': 1,
  'ipv6-scan-64': 1,
  'stealth-xmas': 1,
  'source-port-53': 1,
  decoy: 5,
  'decoy-scanner': 1,
  'spoofed-friend': 1,
  'web-probe': 3,
  'web-break-in': 1,
  'web-injection': 2,
  'web-login-guessing': 1,
  'ssh-fast': 1,
  'ssh-break-in': 1,
  'ssh-distributed': 28,
  'ssh-enumeration': 1,
  background: 14,
  'ssh-background': 6,
  'web-background': 8,
  voter: 14,
  'deadline-voter': 4,
  'web-staff': 4,
  'ssh-staff': 6,
  'search-robot': 1,
  'cdn-client': 3,
  monitoring: 1,
  vendor: 1,
  'dns-reply': 2,
  backscatter: 4,
  'late-ack': 3,
};

/** The break-in through a form goes on for hours; by this one its story is told. */
const HOURS_OF_THE_BREAK_IN = 3;

const truth = JSON.parse(readFileSync(join(day, 'truth.json'), 'utf8'));
const left = { ...KEPT };
const kept = new Set();
let breakIn = '';
for (const { source, class: name, first, last } of truth.sources) {
  if (!(left[name] > 0) || last < FROM || first >= UNTIL) continue;
  left[name] -= 1;
  kept.add(source);
  if (name === 'web-break-in') breakIn = source;
}

/** The source as truth.json names it: IPv4, or the /64 of an IPv6 address. */
function sourceOf(address) {
  if (!address.includes(':')) return address;
  const [head, tail = ''] = address.toLowerCase().split('::');
  const front = head.split(':').filter((group) => group !== '');
  const back = tail.split(':').filter((group) => group !== '');
  const zeros = address.includes('::') ? 8 - front.length - back.length : 0;
  const groups = [...front, ...Array(zeros).fill('0'), ...back].slice(0, 4);
  const short = groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':');
  return `${short.replace(/(:0)+$/, '')}::/64`;
}

const isKept = (address) => kept.has(sourceOf(address));
const hourOf = (line) => Number(/ (\d\d):\d\d:\d\d |:(\d\d):\d\d:\d\d [-+]/.exec(line)?.slice(1).find(Boolean));
const dayOf = (line) => /^Oct {2}7 |\[07\/Oct\/2026/.test(line);
const early = (line) => hourOf(line) < HOURS_OF_THE_BREAK_IN;
const inTheNight = (line) => dayOf(line) && hourOf(line) < 6;

function linesOf(name) {
  return readFileSync(join(day, name), 'latin1').split('\n').filter(inTheNight);
}

const netfilter = linesOf('netfilter.log').filter((line) => {
  const [, source] = / SRC=(\S+)/.exec(line) ?? [];
  const [, destination] = / DST=(\S+)/.exec(line) ?? [];
  if (source === undefined || destination === undefined) return false;
  if (!isKept(source) && !isKept(destination)) return false;
  return source !== breakIn || early(line);
});

const nginx = linesOf('nginx.log').filter((line) => {
  const direct = line.slice(0, line.indexOf(' '));
  const [, forwarded = ''] = /"([^"]*)"$/.exec(line) ?? [];
  const named = forwarded === '-' ? [direct] : [direct, ...forwarded.split(/,\s*/)];
  if (!named.some((address) => /^[0-9a-f.:]+$/i.test(address) && isKept(address))) return false;
  return direct !== breakIn || early(line);
});

// Lines of one connection share the process id; only some of them name the address.
const auth = linesOf('auth.log');
const processOf = (line) => /sshd(?:-session)?\[(\d+)\]/.exec(line)?.[1];
const processes = new Set();
for (const line of auth) {
  const addresses = line.match(/(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])|[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){3,7}/gi) ?? [];
  if (addresses.some(isKept)) processes.add(processOf(line));
}
const sshd = auth.filter((line) => processes.has(processOf(line)));

mkdirSync(night, { recursive: true });
for (const [name, lines] of [
  ['netfilter.log', netfilter],
  ['nginx.log', nginx],
  ['auth.log', sshd],
]) {
  writeFileSync(join(night, name), `${lines.join('\n')}\n`, 'latin1');
  process.stdout.write(`${name}: ${lines.length} lines\n`);
}
