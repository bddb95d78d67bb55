import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { readPullSettings } from './settings.ts';

/** What the guide shows is what works. */
const GUIDE = readFileSync(new URL('../../../../../../docs/how/mail.md', import.meta.url), 'utf8');
const SHOWN = /```yaml\n# mail\.yaml[^\n]*\n([\s\S]*?)```/.exec(GUIDE)![1]!;

const ACCOUNT = {
  type: 'service_account',
  client_email: 'bellwether@project.iam.gserviceaccount.com',
  private_key: '-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----\n',
  private_key_id: 'key-1',
  token_uri: 'https://oauth2.googleapis.com/token',
};

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bw-settings-'));
  for (const name of ['report-password', 'mailboxes-password'])
    writeFileSync(join(folder, name), `${name}\n`);
  for (const name of ['callaway.crt', 'callaway.key', 'callaway.secret'])
    writeFileSync(join(folder, name), `${name}\n`);
  writeFileSync(join(folder, 'osage-service-account.json'), JSON.stringify(ACCOUNT));
  return () => rmSync(folder, { recursive: true });
});

function reading(text: string) {
  const path = join(folder, 'mail.yaml');
  writeFileSync(path, text);
  return readPullSettings(path);
}

it('reads what the guide shows, with what stands in files of their own', () => {
  const { mailboxes, reportPassword } = reading(SHOWN).okOrThrow();
  expect(reportPassword).toBe('report-password');
  expect(mailboxes).toMatchObject([
    { kind: 'imap', password: 'mailboxes-password' },
    { kind: 'microsoft-365', credential: { key: 'callaway.key\n', certificate: 'callaway.crt\n' } },
    { kind: 'google-workspace', account: { client_email: ACCOUNT.client_email } },
  ]);
});

it.each([
  ['a kind that there is not', ['kind: imap', 'kind: pop3'], 'at mailboxes.0.kind: it is one of imap'],
  [
    'a field that is missing',
    ["  user: '%*bellwether'", '#'],
    'at mailboxes.0: must have required properties user',
  ],
  ['a field of another kind', ['accountFile:', 'passwordFile:'], 'at mailboxes.2'],
  ['half of a certificate', ['  keyFile: callaway.key\n', ''], 'secretFile, or certificateFile and keyFile'],
  [
    'two ways at once',
    ['  keyFile:', '  secretFile: callaway.secret\n  keyFile:'],
    'secretFile, or certificateFile',
  ],
  ['a cloud that there is not', ['cloud: us-government', 'cloud: moon'], 'at mailboxes.1.cloud'],
  [
    'a file that is no key of an account',
    ['osage-service-account.json', 'callaway.key'],
    'callaway.key is no key file',
  ],
  ['no YAML', ['contact:', '{'], 'mail.yaml'],
])('says where it is wrong: %s', (_, [from, to], words) => {
  expect(SHOWN).toContain(from);
  const read = reading(SHOWN.replace(from!, to!));
  expect(read.isErr() && read.error).toMatchObject({
    code: 'MAIL_SETTINGS_WRONG',
    detail: expect.stringContaining(words!),
  });
});

it('says which file is missing', () => {
  const read = reading(SHOWN.replace('callaway.crt', 'nowhere.crt'));
  expect(read.isErr() && read.error).toMatchObject({
    code: 'MAIL_FILE_MISSING',
    detail: expect.stringContaining('nowhere.crt'),
  });
});
