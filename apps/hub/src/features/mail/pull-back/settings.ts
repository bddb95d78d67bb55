/** The settings of the report mailbox and of the pull-back: a file of YAML. docs/how/mail.md shows one. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { parse } from 'yaml';
import type { MailFileError } from '../files/errors.ts';
import { jsonOf } from '../hosted/ask.ts';
import type { GoogleAccount, GraphCredential } from '../hosted/tokens.ts';

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

/** Whose mailboxes a server keeps. */
const Boxes = {
  /** Mailboxes by office. */
  offices: Type.Record(
    Type.String({ pattern: '^(state|\\d{5})$' }),
    Type.Array(Address, { maxItems: 5_000 }),
  ),
  /** Offices that move their messages themselves. */
  veto: Type.Optional(Type.Array(Type.String({ maxLength: 10 }), { maxItems: 1_000 })),
};

const ImapBoxes = Type.Object(
  {
    ...{ kind: Type.Literal('imap'), ...Server, ...Boxes },
    /** The user that signs in for a mailbox, with `%` for its address: `%*bellwether` for a master user of Dovecot. */
    user: Type.String({ pattern: '%', maxLength: 200 }),
    passwordFile: Text,
  },
  closed,
);

/** An application of Microsoft Entra: with a secret, or with a certificate and its key (PEM). docs/how/mail-microsoft-365.md */
const MicrosoftBoxes = Type.Object(
  {
    ...{ kind: Type.Literal('microsoft-365'), ...Boxes },
    tenant: Type.String({ pattern: '^[A-Za-z0-9.-]{1,253}$' }),
    application: Type.String({ pattern: '^[A-Za-z0-9-]{1,100}$' }),
    secretFile: Type.Optional(Text),
    certificateFile: Type.Optional(Text),
    keyFile: Type.Optional(Text),
    cloud: Type.Optional(Type.Enum(['worldwide', 'us-government', 'us-government-dod'])),
  },
  closed,
);

/** A service account of Google, by its key file. docs/how/mail-google-workspace.md */
const GoogleBoxes = Type.Object(
  { ...{ kind: Type.Literal('google-workspace'), ...Boxes }, accountFile: Text },
  closed,
);

/** What keeps mailboxes. */
const KINDS = {
  imap: ImapBoxes,
  'microsoft-365': MicrosoftBoxes,
  'google-workspace': GoogleBoxes,
} as const;

const Settings = Type.Object(
  {
    /** Whom people call: a telephone number, an office. */
    contact: Text,
    report: Type.Optional(
      Type.Object(
        {
          ...{ ...Server, address: Address, user: Text, passwordFile: Text },
          /** Candidates, parties, legislators: answered, though none of their mailboxes is known here. Addresses, or `@domain`. */
          others: Type.Optional(
            Type.Array(Type.String({ pattern: '^[^\\s@<>]{0,64}@[^\\s@<>]{1,253}$' }), { maxItems: 5_000 }),
          ),
        },
        closed,
      ),
    ),
    mailboxes: Type.Array(Type.Union([ImapBoxes, MicrosoftBoxes, GoogleBoxes]), {
      minItems: 1,
      maxItems: 1_000,
    }),
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

type Settings = Static<typeof Settings>;

/** Mailboxes behind one account, with what opens them. */
export type BoxSettings =
  | (Static<typeof ImapBoxes> & { readonly password: string; readonly caText: string | undefined })
  | (Static<typeof MicrosoftBoxes> & { readonly credential: GraphCredential })
  | (Static<typeof GoogleBoxes> & { readonly account: GoogleAccount });

/** Settings as they are read, with passwords, keys and certificates read from their files. */
export type PullSettings = Omit<Settings, 'mailboxes'> & {
  readonly mailboxes: readonly BoxSettings[];
  readonly reportPassword: string;
  readonly reportCa: string | undefined;
};

/** What a key file of a service account has, and more. */
const AccountFile = Type.Object({
  client_email: Type.String({ minLength: 3, maxLength: 320 }),
  private_key: Type.String({ pattern: '^-----BEGIN PRIVATE KEY-----', maxLength: 16_384 }),
  private_key_id: Type.String({ maxLength: 200 }),
  token_uri: Type.String({ pattern: '^https://', maxLength: 300 }),
});

/** Ends the reading with what is wrong. */
class WrongSettings extends Error {}

/** Reads them. */
export function readPullSettings(path: string): Result<PullSettings, MailFileError> {
  const wrongSettings = (what: string): Result<PullSettings, MailFileError> =>
    err({ code: 'MAIL_SETTINGS_WRONG', detail: `${path}: ${what}` });
  try {
    if (statSync(path).size > MOST_BYTES) return wrongSettings('it is far too large');
    const value: unknown = parse(readFileSync(path, 'utf8'), { maxAliasCount: 0 });
    const mistake = mistakeIn(value);
    if (mistake !== null) return wrongSettings(mistake);
    const settings = value as Settings;
    const textOf: TextOf = (file) => readFileSync(resolve(dirname(path), file), 'utf8');
    return ok({
      ...settings,
      mailboxes: settings.mailboxes.map((boxes) => opened(boxes, textOf)),
      reportPassword: settings.report === undefined ? '' : secretIn(settings.report.passwordFile, textOf),
      reportCa: settings.report?.ca === undefined ? undefined : textOf(settings.report.ca),
    });
  } catch (cause) {
    const { code, message, syscall } = cause as NodeJS.ErrnoException;
    // What is no YAML has a code of its own, and no call of the system.
    if (syscall === undefined) return wrongSettings(message.split('\n')[0]!);
    return err({ code: code === 'ENOENT' ? 'MAIL_FILE_MISSING' : 'MAIL_FILE_UNREADABLE', detail: message });
  }
}

/** What is wrong and where, in words; null: nothing. Of a union the library says only that nothing fits: its kind is asked first. */
function mistakeIn(value: unknown): string | null {
  const mailboxes = (value as { readonly mailboxes?: unknown } | null)?.mailboxes;
  for (const [at, boxes] of (Array.isArray(mailboxes) ? mailboxes : []).entries()) {
    const kind = (boxes as { readonly kind?: unknown } | null)?.kind;
    const shape = KINDS[kind as keyof typeof KINDS];
    if (shape === undefined) return `at mailboxes.${at}.kind: it is one of ${Object.keys(KINDS).join(', ')}`;
    const mistake = Value.Errors(shape, boxes)[0];
    if (mistake !== undefined) return placed(`mailboxes.${at}${mistake.instancePath}`, mistake.message);
  }
  const mistake = Value.Errors(Settings, value)[0];
  return mistake === undefined ? null : placed(mistake.instancePath.slice(1), mistake.message);
}

function placed(path: string, message: string): string {
  const at = path.replaceAll('/', '.');
  return `${at === '' ? '' : `at ${at}: `}${message}`;
}

type TextOf = (file: string) => string;

function opened(boxes: Settings['mailboxes'][number], textOf: TextOf): BoxSettings {
  if (boxes.kind === 'imap')
    return {
      ...boxes,
      password: secretIn(boxes.passwordFile, textOf),
      caText: boxes.ca === undefined ? undefined : textOf(boxes.ca),
    };
  if (boxes.kind === 'microsoft-365') return { ...boxes, credential: credentialOf(boxes, textOf) };
  const account = jsonOf(Buffer.from(textOf(boxes.accountFile)));
  if (!Value.Check(AccountFile, account))
    throw new WrongSettings(`${boxes.accountFile} is no key file of a service account (JSON)`);
  return { ...boxes, account };
}

function credentialOf(
  { secretFile, certificateFile, keyFile }: Static<typeof MicrosoftBoxes>,
  textOf: TextOf,
): GraphCredential {
  const isWhole = (certificateFile === undefined) === (keyFile === undefined);
  if (!isWhole || (secretFile === undefined) === (keyFile === undefined))
    throw new WrongSettings('microsoft-365 needs secretFile, or certificateFile and keyFile');
  if (secretFile !== undefined) return { secret: secretIn(secretFile, textOf) };
  return { certificate: textOf(certificateFile!), key: textOf(keyFile!) };
}

function secretIn(file: string, textOf: TextOf): string {
  return textOf(file).replace(/\r?\n$/, '');
}
