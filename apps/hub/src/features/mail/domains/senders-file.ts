/** Services that may send in our name, as a file of YAML: what docs/how/mail.md shows. */
import { readFileSync, statSync } from 'node:fs';
import { err, ok, parseCidr, type Result } from '@bellwether/basics';
import type { KnownSender } from '@bellwether/mail';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { parse } from 'yaml';
import type { MailFileError } from '../files/errors.ts';

/** Far more than all services of a state. Bytes. */
const MOST_BYTES = 1_048_576;

const Text = Type.String({ minLength: 1, maxLength: 253 });

const Senders = Type.Array(
  Type.Object(
    {
      name: Text,
      networks: Type.Optional(Type.Array(Text, { maxItems: 1_000 })),
      domains: Type.Optional(Type.Array(Text, { maxItems: 1_000 })),
    },
    { additionalProperties: false },
  ),
  { maxItems: 1_000 },
);

/** Reads it. */
export function readSenders(path: string): Result<KnownSender[], MailFileError> {
  const wrongSenders = (what: string): Result<KnownSender[], MailFileError> =>
    err({ code: 'MAIL_SETTINGS_WRONG', detail: `${path}: ${what}` });
  let value: unknown;
  try {
    if (statSync(path).size > MOST_BYTES) return wrongSenders('it is far too large');
    value = parse(readFileSync(path, 'utf8'), { maxAliasCount: 0 });
  } catch (cause) {
    const { code, message, syscall } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return err({ code: 'MAIL_FILE_MISSING', detail: path });
    // What is no YAML has a code of its own, and no call of the system.
    return syscall === undefined
      ? wrongSenders(message.split('\n')[0]!)
      : err({ code: 'MAIL_FILE_UNREADABLE', detail: message });
  }
  if (!Value.Check(Senders, value)) {
    const mistake = Value.Errors(Senders, value)[0];
    return wrongSenders(
      `at ${mistake?.instancePath.slice(1).replaceAll('/', '.') ?? ''}: ${mistake?.message ?? ''}`,
    );
  }
  const senders: KnownSender[] = [];
  for (const { name, networks = [], domains = [] } of value) {
    const read = networks.map((network) => parseCidr(network));
    const bad = networks.find((_, at) => read[at]!.isErr());
    if (bad !== undefined) return wrongSenders(`"${name}": ${bad} is no network`);
    senders.push({
      name,
      networks: read.map((network) => network.okOrThrow()),
      domains: domains.map((domain) => domain.toLowerCase()),
    });
  }
  return ok(senders);
}
