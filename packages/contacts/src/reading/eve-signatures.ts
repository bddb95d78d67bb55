/**
 * Which alerts are about an attack. Suricata's own classes (etc/classification.config) and the first words of Emerging
 * Threats' signatures say so; a class that is not known here is taken for an attack if it is of severity 1 or 2.
 */
import { ascii, startsWith } from './bytes.ts';
import { Eve, type Values } from './eve-fields.ts';
import { Json } from './json.ts';

/** Classes that are about information, policy or odd protocols. */
const INFORMATION = [
  'Not Suspicious Traffic',
  'Unknown Traffic',
  'Misc activity',
  'Generic Protocol Command Decode',
  'Generic ICMP event',
  'Potential Corporate Privacy Violation',
  'A TCP connection was detected',
  'A client was using an unusual port',
  'Device Retrieving External IP Address Detected',
  'Possibly Unwanted Program Detected',
].map(ascii);

/** Classes of severity 3 or 4 that are about an attack all the same. */
const ATTACKS = ['Detection of a Network Scan', 'Detection of a Denial of Service Attack'].map(ascii);

/** Beginnings of signatures that are about information whatever their class. */
const QUIET = [
  'SURICATA ',
  'ET INFO ',
  'ETPRO INFO ',
  'ET POLICY ',
  'ETPRO POLICY ',
  'ET GAMES ',
  'ET CHAT ',
].map(ascii);

/** Whether the alert with these values is about an attack. */
export function isAttack(bytes: Uint8Array, values: Values): boolean {
  if (begins(bytes, values, Eve.signature, QUIET)) return false;
  if (begins(bytes, values, Eve.category, INFORMATION)) return false;
  if (begins(bytes, values, Eve.category, ATTACKS)) return true;
  const at = values.start[Eve.severity]!;
  // No severity: a rule without class, so nobody called it harmless.
  if (values.type[Eve.severity] !== Json.number) return true;
  return values.end[Eve.severity]! - at === 1 && (bytes[at] === 49 || bytes[at] === 50);
}

function begins(bytes: Uint8Array, values: Values, path: Eve, texts: readonly Uint8Array[]): boolean {
  const type = values.type[path];
  if (type !== Json.string && type !== Json.escaped) return false;
  const from = values.start[path]!;
  const to = values.end[path]!;
  for (let i = 0; i < texts.length; i++) if (startsWith(bytes, from, to, texts[i]!)) return true;
  return false;
}
