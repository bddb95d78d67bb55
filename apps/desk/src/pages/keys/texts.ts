/** Words of the keys with which programs send lines or read blocks. */
import type { BouncerKey } from '@bellwether/api';
import { count } from '../../words/formats.ts';

/** What stands behind a program that turns away. */
export const GUARDS: Readonly<Record<BouncerKey['guards'], string>> = {
  public: 'Voters reach something behind it.',
  private: 'Nothing behind it is for the public.',
};

/** What it sees of whoever comes. */
export const SEES: Readonly<Record<NonNullable<BouncerKey['sees']>, string>> = {
  packets: 'It sees packets.',
  client: 'It sees who is behind our proxy.',
};

/** How it takes networks. */
export const RANGES: Readonly<Record<BouncerKey['ranges'], string>> = {
  'by-agent': 'Networks as it needs them.',
  'as-they-are': 'Networks as they are.',
  expanded: 'Networks address by address.',
};

export const KEYS = {
  title: 'Keys of its programs',
  titleAt: (place: string) => `Keys: ${place}`,
  titleState: 'Keys of the state’s own programs',
  back: 'Offices',
  intro:
    'A device or program shows its key when it sends lines of this one place, or when it asks what is blocked. It opens nothing else. Give each device its own, so that one can be withdrawn alone.',
  none: 'There is no key yet. Make one for the first device that sends lines.',
  sends: 'Sends lines.',
  reads: ({ guards, sees = 'packets', ranges, most }: BouncerKey) =>
    `Reads blocks, ${count(most)} at most. ${GUARDS[guards]} ${SEES[sees]} ${RANGES[ranges]}`,
  columns: {
    name: 'Key of',
    does: 'What it does',
    by: 'Made by',
    made: 'Made',
    used: 'Last used',
    change: 'Change',
  },
  never: 'never',
  make: {
    name: 'Which device or program is it for?',
    hint: '“firewall of the courthouse”',
    missing: 'Say what it is for first.',
    button: 'Make a key',
    waiting: 'Making it',
    does: 'What does it do?',
    lines: 'It sends lines',
    blocks: 'It asks what is blocked',
    guards: 'What stands behind it?',
    guardsHint:
      'If voters reach anything behind it, say so. Otherwise a voter whose address somebody used could be turned away.',
    sees: 'What does it see of whoever comes?',
    seesHint:
      'A firewall sees packets. A web server, or the proxy or content network itself, sees who is behind the proxy, and is told of those too.',
    ranges: 'How does it take networks?',
    most: 'How many entries does it hold?',
    mostHint: 'What does not fit is left out: what ends last stays.',
    mostMissing: 'Write a whole number from 1 to 400,000.',
  },
  made: {
    title: (name: string) => `The key of “${name}”`,
    once: 'It is shown this once. Copy it now to the device that sends lines. Do not send it by mail. If it gets lost, withdraw it and make another.',
    region: (what: string) => `Text to copy: ${what}`,
    key: 'The key',
    copy: 'Copy the key',
    copied: 'Copied.',
    notCopied: 'This browser did not copy it. Mark the key and copy it by hand.',
    curl: 'A first try, with the key in it',
    curlText: 'On the machine that has the log. Change the name of the file to yours.',
    bouncer:
      'Where to write it stands in the guide for firewalls and web servers. The address that it asks is that of this desk.',
    onceBouncer:
      'It is shown this once. Copy it now to the device that asks for blocks. Do not send it by mail. If it gets lost, withdraw it and make another.',
    others:
      'A program that sends lines by HTTP shows the key in the same header, “Authorization: Bearer”. A machine with rsyslog sends by RELP and needs no key: how stands below, under “Connect a sensor”.',
    close: 'I have it: close this',
  },
  certificate: {
    name: 'Certificate',
    says: (name: string) =>
      `“${name}” then shows a certificate instead of sending its key. It holds for ninety days and ends with the key. The device makes the request; its own key never leaves it.`,
    ask: 'Paste the request of the device',
    hint: 'It begins with “-----BEGIN CERTIFICATE REQUEST-----”. The guide for firewalls and web servers has the line that makes it.',
    missing: 'Paste all of it, from the first dashes to the last.',
    confirm: 'Make the certificate',
    title: (name: string) => `The certificate of “${name}”`,
    text: (hub: string) =>
      `Copy both to the device. Nothing in them is secret. It then asks at https://${hub}/, where certificates are known.`,
    own: 'Certificate of the device',
    authority: 'Certificate of the hub’s CA',
    until: 'It holds until',
    close: 'Close this',
  },
  withdraw: {
    name: 'Withdraw',
    says: (name: string) =>
      `Within a second the key of “${name}” opens nothing. Lines that were taken in stay. What the device has not sent yet waits there until it has another key. What it blocks already stays until its end.`,
    why: 'Why is it withdrawn?',
    confirm: 'Withdraw the key',
    done: (name: string) => `The key of “${name}” works no longer.`,
  },
} as const;
