/** Words on the card of an incident. */
export const CARD = {
  since: 'Since',
  last: 'last',
  source: 'From',
  rule: 'Why',
  line: 'line',
  todo: 'What to do',
  note: 'Note',
  take: 'I take it',
  close: 'Close it',
  reopen: 'Open it again',
  cancel: 'Cancel',
  save: 'Save',
  closeLabel: 'What was it? This stays with the case.',
  takeLabel: 'Your name, and what you will do. This stays with the case.',
  closedAt: 'Closed',
} as const;
