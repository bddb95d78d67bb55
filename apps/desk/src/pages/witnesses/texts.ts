/** Words of the page of witnesses. */
import { count } from '../../words/formats.ts';

export const WITNESSES = {
  title: 'Witnesses',
  intro:
    'Witnesses are computers of others. They sign that our log only grows. A log that enough of them signed cannot be changed in secret.',
  log: 'The log that they sign',
  lead: (fresh: number, all: number) => `${count(fresh)} of ${count(all)} witnesses signed lately.`,
  none: 'No witness is named yet. Until there are some, nobody but this hub vouches for the log.',
  late: (names: string) => `Late: ${names}. Call them: their computer may be off, or cut off from the line.`,
  notLate: 'Nobody is late.',
  refuses: (names: string) =>
    `A rule was broken, says ${names}. See below which one, and call the state office.`,
  quorum: (rule: string) => `Enough is: ${rule}.`,
  list: 'Each witness',
  columns: {
    name: 'Witness',
    state: 'How it stands',
    signed: 'Last signed',
    size: 'Entries that it signed for',
    way: 'How they meet',
    stated: 'What it checked',
  },
  states: { late: 'Late', well: 'On time', never: 'Never signed' },
  way: { asked: 'The hub asks it', asks: 'It asks the hub' },
  never: 'Never',
  nothing: 'It said nothing of it',
  unreadable: 'It said something that this page cannot read.',
  trouble: 'Trouble',
  stated: 'Said',
  checks: {
    signatures: 'signatures',
    versions: 'versions without a gap',
    mass: 'no mass change above the limit',
    quiet: 'the quiet time before an election',
    signers: 'the wait for new signers',
  },
  checked: (names: string) => `It checked: ${names}.`,
  notChecked: (names: string) => `It did not check: ${names}.`,
  refused: (name: string, entry: string) => `It refuses entry ${entry}. This did not hold: ${name}.`,
  rows: (rows: number) => `It computed ${count(rows)} registrations of its own office, and they match.`,
  opened: (rows: number) =>
    `It computed ${count(rows)} registrations that were drawn by lot, and they match.`,
  noRows: 'It did not compute registrations of its own.',
} as const;
