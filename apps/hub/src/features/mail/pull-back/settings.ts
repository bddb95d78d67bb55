/** The settings of the report mailbox and of the pull-back: a file of YAML. docs/how/mail.md shows one. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { parse } from 'yaml';
import type { MailFileError } from '../files/errors.ts';

/** Far more than mailboxes of a state need. Bytes. */
const MOST_BYTES = 4_194_304;

const Host = Type.String({ minLength: 1, maxLength: 253 });
const Port = Type.Integer({ minimum: 1, maximum: 65_535 });
const Address = Type.String({ pattern: '^[^\\s@<>]{1,64}@[^\\s@<>]{1,253}$' });
const Text = Type.String({ minLength: 1, maxLength: 300 });

const closed = { additionalProperties: false } as const;

/** A server, and who signs in. Passwords are in files: a file of settings is sent around. */
const Server = {
  host: Host,
  port: Port,
  tls: Type.Union([Type.Literal('from-start'), Type.Literal('starttls'), Type.Literal('none')]),
  /** Path of a file with the certificate of its CA, PEM. */
  ca: Type.Optional(Text),
};

const Settings = Type.Object(
  {
    /** Whom people call: a telephone number, an office. */
    contact: Text,
    report: Type.Optional(
      Type.Object({ ...Server, address: Address, user: Text, passwordFile: Text }, closed),
    ),
    mailboxes: Type.Object(
      {
        ...Server,
        /** The user that signs in for a mailbox, with `%` for its address: `%*bellwether` for a master user of Dovecot. */
        user: Type.String({ pattern: '%', maxLength: 200 }),
        passwordFile: Text,
        /** Mailboxes by office. */
        offices: Type.Record(
          Type.String({ pattern: '^(state|\\d{5})$' }),
          Type.Array(Address, { maxItems: 5_000 }),
        ),
        /** Offices that move their messages themselves. */
        veto: Type.Optional(Type.Array(Type.String({ maxLength: 10 }), { maxItems: 1_000 })),
      },
      closed,
    ),
    answers: Type.Object(
      { host: Host, port: Port, from: Address, tls: Type.Optional(Type.Boolean()) },
      closed,
    ),
    pull: Type.Optional(
      Type.Object(
        {
          days: Type.Optional(Type.Integer({ minimum: 1, maximum: 3_650 })),
          perHour: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 })),
        },
        closed,
      ),
    ),
  },
  closed,
);

/** Settings as they are read, with passwords and certificates read from their files. */
export type PullSettings = Static<typeof Settings> & {
  readonly passwords: { readonly report: string; readonly mailboxes: string };
  readonly cas: { readonly report: string | undefined; readonly mailboxes: string | undefined };
};

/** Reads them. */
export function readPullSettings(path: string): Result<PullSettings, MailFileError> {
  const wrongSettings = (what: string): Result<PullSettings, MailFileError> =>
    err({ code: 'MAIL_SETTINGS_WRONG', detail: `${path}: ${what}` });
  try {
    if (statSync(path).size > MOST_BYTES) return wrongSettings('it is far too large');
    const value: unknown = parse(readFileSync(path, 'utf8'), { maxAliasCount: 0 });
    const mistake = Value.Errors(Settings, value)[0];
    if (mistake !== undefined) {
      const at = mistake.instancePath.slice(1).replaceAll('/', '.');
      return wrongSettings(`${at === '' ? '' : `at ${at}: `}${mistake.message}`);
    }
    const settings = value as Static<typeof Settings>;
    const textOf = (file: string): string => readFileSync(resolve(dirname(path), file), 'utf8');
    const secretOf = (file: string | undefined): string =>
      file === undefined ? '' : textOf(file).replace(/\r?\n$/, '');
    const caOf = (file: string | undefined): string | undefined =>
      file === undefined ? undefined : textOf(file);
    return ok({
      ...settings,
      passwords: {
        report: secretOf(settings.report?.passwordFile),
        mailboxes: secretOf(settings.mailboxes.passwordFile),
      },
      cas: { report: caOf(settings.report?.ca), mailboxes: caOf(settings.mailboxes.ca) },
    });
  } catch (cause) {
    const { code, message, syscall } = cause as NodeJS.ErrnoException;
    // What is no YAML has a code of its own, and no call of the system.
    if (syscall === undefined) return wrongSettings(message.split('\n')[0]!);
    return err({ code: code === 'ENOENT' ? 'MAIL_FILE_MISSING' : 'MAIL_FILE_UNREADABLE', detail: message });
  }
}
