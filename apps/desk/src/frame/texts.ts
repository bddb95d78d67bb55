/** Words of the frame around every page. */
export const FRAME = {
  product: 'Bellwether',
  motto: 'Every knock accounted for',
  skip: 'Skip to the page',
  banner: {
    label: (state: string | null) => (state === null ? 'Official website' : `Official website of ${state}`),
    line: (state: string | null) =>
      state === null
        ? 'For the staff of election offices'
        : `An official website of the State of ${state}, for the staff of election offices`,
    more: 'Here is how you know',
    siteTitle: 'It stands at one address',
    siteText:
      'The state office told you its address. A passkey works at that address and nowhere else: a page that only looks like this one cannot use it.',
    lockTitle: 'It never asks for a password',
    lockText:
      'You show your passkey, with your fingerprint, face or PIN. Whoever asks you for a password or a code by mail is not us. Sign out when you are done.',
  },
  nav: {
    label: 'Pages',
    menu: 'Menu',
    close: 'Close',
    today: 'Today',
    contacts: 'Contacts',
    offices: 'Offices',
    blocks: 'Blocks',
    agents: 'Agents',
    appeals: 'Appeals',
    drills: 'Drills',
    mail: 'Mail',
    surface: 'Surface',
    incidents: 'Incidents',
    rolls: 'Rolls',
    sheets: 'Sheets',
    evidence: 'Evidence',
    people: 'People',
    visits: 'Who looked',
    trail: 'Trail',
    myOffice: 'My office',
    myOffices: 'My offices',
  },
  account: {
    signedInAs: 'Signed in as',
    machine: 'this computer',
    own: 'My devices',
    setUp: 'Set-up of the hub',
    here: 'Sign out',
    everywhere: 'Sign out everywhere',
  },
  lines: {
    setUpLabel: 'Set-up',
    setUp: 'This hub is not set up yet: anybody at this computer can see it.',
    setUpLink: 'Set it up',
    recoveryLabel: 'Somebody waits for you',
    recovery: (waiting: number) =>
      waiting === 1
        ? 'An administrator lost every passkey and waits for another administrator.'
        : `${waiting} administrators lost every passkey and wait for another administrator.`,
    recoveryLink: 'Look at it under People',
  },
  look: { light: 'Use light colors', dark: 'Use dark colors' },
  line: {
    connecting: 'Connecting',
    live: 'Live: numbers move by themselves',
    lost: 'Not connected: trying again. Numbers may be old.',
  },
  asOf: 'Numbers as of',
  version: 'Bellwether',
  sampleLabel: 'What these numbers are',
  sample: 'Made-up sample state. No number here is about Missouri.',
  loading: 'Loading',
  trouble: {
    kept: 'What was kept: everything that the hub has taken in. This page changes none of it.',
    todo: 'What to do',
    again: 'Try again',
    page: 'This page could not be shown.',
    pageHelp: 'Load it again. The hub is not touched by it.',
    code: 'Code',
  },
  stepUp: {
    title: 'Show your passkey once more',
    text: 'What you are about to do opens a door, or cannot be undone. So we make sure that it is you who sits here.',
    show: 'Show my passkey',
    waiting: 'Waiting for your passkey',
    leave: 'Do not do it',
  },
  missing: {
    title: 'There is no such page',
    text: 'The address may be old, or mistyped.',
    home: 'Go to Today',
  },
} as const;
