/** Words of the page Who looked. */

/** What somebody looked at, by the verb of docs/reference/rights.md. */
export const LOOKED_AT: Readonly<Record<string, string>> = {
  'account.read': 'counts',
  'contacts.read': 'contacts',
  'contacts.export': 'contacts saved as a file',
  'sources.read': 'addresses that knock',
  'incidents.read': 'incidents',
  'decisions.read': 'blocks',
  'surface.read': 'the surface',
  'keys.read': 'the list of keys',
  'people.read': 'the list of people',
  'visits.read': 'this list',
  'trail.read': 'the trail',
  'trail.export': 'the trail saved as a file',
  'rolls.read': 'registrations that changed',
  'evidence.read': 'the log and its witnesses',
};

export const VISITS = {
  title: 'Who looked at our data',
  titleAt: (place: string) => `Who looked: ${place}`,
  intro:
    'Everybody who saw data of this place, people of the state and from outside too. Nobody looks through these pages without standing here.',
  place: 'Office',
  days: 'How far back',
  spans: { 7: 'A week', 30: 'A month', 92: 'Three months', 400: 'A year' },
  machine: 'Whoever runs the hub’s computer',
  looked: 'looked at',
  often: (what: string, often: string) => `${what} ${often}`,
  atTime: (time: string) => `at ${time}`,
  between: (from: string, to: string) => `between ${from} and ${to}`,
  seesAll: 'Sees all offices',
  outsiders: {
    title: 'People from outside who may look now',
    none: 'Nobody from outside has access here now.',
    line: (role: string, where: string) => `${role}, ${where}`,
    until: 'Access ends',
    all: 'all offices',
    here: 'this office',
    why: 'Why',
    noWhy: 'not said',
  },
  list: 'By day',
  none: 'Nobody looked in this time. As soon as somebody opens a page with data of this place, it stands here.',
  more: 'There is more than fits here. Choose a shorter time to see all of it.',
} as const;
