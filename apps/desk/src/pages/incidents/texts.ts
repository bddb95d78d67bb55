/** Words of the page Incidents. */
export const INCIDENTS = {
  title: 'Incidents',
  intro:
    'Everything that needs, or needed, a person. The same thing again is the same case, with a higher count.',
  states: { open: 'Open', closed: 'Closed', all: 'All' },
  filter: 'Show',
  kind: 'Kind',
  anyKind: 'Any kind',
  office: 'Office',
  anyOffice: 'Any office',
  stateSensors: 'The state’s own sensors',
  list: 'Incidents',
  shown: (shown: string, total: string) => `${shown} of ${total}`,
  none: 'Nothing here.',
  noneNote:
    'A contact that got through, one that cannot be told, or a sensor that falls silent is listed here at once.',
} as const;
