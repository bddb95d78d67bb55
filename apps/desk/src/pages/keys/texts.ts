/** Words of the keys with which programs send lines. */
export const KEYS = {
  title: 'Keys of its sensors',
  titleAt: (place: string) => `Keys: ${place}`,
  titleState: 'Keys of the state’s own sensors',
  back: 'Offices',
  intro:
    'A device or program shows its key when it sends lines. It sends lines of this one place, and opens nothing else. Give each device its own, so that one can be withdrawn alone.',
  none: 'There is no key yet. Make one for the first device that sends lines.',
  columns: { name: 'Key of', by: 'Made by', made: 'Made', used: 'Last used', end: 'Withdraw' },
  never: 'never',
  make: {
    name: 'Which device or program is it for?',
    hint: '“firewall of the courthouse”',
    missing: 'Say what it is for first.',
    button: 'Make a key',
    waiting: 'Making it',
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
    others:
      'A program that sends lines by HTTP shows the key in the same header, “Authorization: Bearer”. A machine with rsyslog sends by RELP and needs no key: how stands below, under “Connect a sensor”.',
    close: 'I have it: close this',
  },
  withdraw: {
    name: 'Withdraw',
    says: (name: string) =>
      `Within a second nothing can be sent with the key of “${name}”. Lines that were taken in stay. What the device has not sent yet waits there until it has another key.`,
    why: 'Why is it withdrawn?',
    confirm: 'Withdraw the key',
    done: (name: string) => `The key of “${name}” works no longer.`,
  },
} as const;
