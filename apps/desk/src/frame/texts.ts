/** Words of the frame around every page. */
export const FRAME = {
  product: 'Bellwether',
  motto: 'Every knock accounted for',
  skip: 'Skip to the page',
  banner: {
    label: 'Official website of the State of Missouri',
    line: 'An official website of the State of Missouri',
    more: 'Here is how you know',
    siteTitle: 'It runs inside the state’s own network',
    siteText: 'Staff pages are reached from a computer of the state only. They are not on the open internet.',
    lockTitle: 'It asks for a key',
    lockText:
      'You came in with a key that the hub made for you. Do not pass it on, and close the browser when you are done.',
  },
  nav: {
    label: 'Pages',
    menu: 'Menu',
    close: 'Close menu',
    today: 'Today',
    contacts: 'Contacts',
    offices: 'Offices',
    surface: 'Surface',
    incidents: 'Incidents',
  },
  look: { light: 'Use light colors', dark: 'Use dark colors' },
  line: {
    connecting: 'Connecting',
    live: 'Live: numbers move by themselves',
    lost: 'Not connected: trying again. Numbers may be old.',
  },
  asOf: 'Numbers as of',
  version: 'Bellwether',
  sample: 'Made-up sample state. No number here is about Missouri.',
  loading: 'Loading',
  trouble: {
    kept: 'What was kept: nothing on this page changes what the hub has taken in.',
    todo: 'What to do',
    again: 'Try again',
    page: 'This page could not be shown.',
    pageHelp: 'Load it again. The hub is not touched by it.',
    code: 'Code',
  },
  missing: {
    title: 'There is no such page',
    text: 'The address may be old, or mistyped.',
    home: 'Go to Today',
  },
} as const;
