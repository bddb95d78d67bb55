/** Words of the pages of offices. */
export const OFFICES = {
  title: 'Offices',
  intro: (from: string, to: string) => `Counts are of the 24 hours from ${from} to ${to}.`,
  filter: 'Show',
  all: 'All',
  find: 'Find an office',
  table: 'Offices',
  stateTitle: 'The state’s own sensors',
  noState: 'The state has no sensor of its own yet.',
  stateKeys: 'Keys of the state’s own programs',
  none: 'No office is like this now.',
  columns: {
    office: 'Office',
    state: 'Sensors',
    heard: 'Last heard',
    knocks: 'Knocks',
    through: 'Got through',
    open: 'Being looked at',
    voters: 'Voters',
  },
  never: 'never',
} as const;

/** Words of one office. */
export const OFFICE = {
  back: 'All offices',
  backToMine: 'My offices',
  beside: {
    label: 'More about this office',
    people: 'Its people',
    visits: 'Who looked at its data',
  },
  numbered: (leaId: string) => `Office ${leaId}`,
  about: (runBy: string, voters: string) => `${runBy} · ${voters} registered voters`,
  sensors: {
    title: 'Sensors',
    none: 'This office has no sensor yet, so nothing is known of what knocks there. How to connect one stands below.',
    columns: {
      sensor: 'Sensor',
      state: 'Heard',
      complete: 'Tells',
      format: 'Format',
      way: 'Way in',
      heard: 'Last heard',
      lines: 'Lines',
      contacts: 'Contacts',
      missing: 'Missing batches',
    },
    unknown: 'not known yet',
    state: { heard: '✓ Heard', silent: '! Silent', never: '– Never' },
    complete: { complete: 'Everything', 'best-effort': 'What arrives', sampled: 'A sample' },
  },
  account: {
    title: 'Its account',
    none: 'Nothing was counted in these 24 hours.',
    right: 'It balances',
    wrong: 'It does not balance',
    columns: { part: 'What became of it', number: 'Contacts' },
    line: (lines: string, contacts: string, knocks: string) =>
      `${lines} lines told of ${contacts} contacts, which are ${knocks} knocks.`,
  },
  incidents: { title: 'What needs a person here', none: 'Nothing needs a person here now.' },
  connect: {
    title: 'Connect a sensor',
    intro:
      'Any device that writes a log can be a sensor: a firewall, a web server, a router. Nothing is installed here, and nothing is sent back. It takes about ten minutes.',
    curlTitle: '1. Send a file, to see that it works',
    curl: 'On the machine that has the log. TOKEN is a key of this office: make one under “Keys of its programs” above. Sending again does no harm while the last part, a number, is the same.',
    rsyslogTitle: '2. Let a Linux machine send by itself',
    rsyslog:
      'Put this into /etc/rsyslog.d/60-bellwether.conf and restart rsyslog. Each line is kept there until the hub has it on disk.',
    hubTitle: 'On the hub, once',
    hub: 'Put this into bellwether.yaml in its data folder and restart it, so that it knows whose lines come in there.',
    deviceTitle: '3. A device that only speaks syslog',
    device:
      'Give it the hub’s address and the port of a syslog listener. By UDP lines can be lost on the way: the account then says “What arrives”.',
    region: (what: string) => `Text to copy: ${what}`,
  },
} as const;
