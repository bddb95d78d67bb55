/** Words of the page Trail. */
/** What sentences are made of. Texts are empty where the entry does not say. */
export type Told = {
  readonly person: string;
  readonly about: string;
  readonly name: string;
  readonly role: string;
  readonly purpose: string;
  readonly state: string;
  /** Whose session it was. */
  readonly whose: string;
};

/** What a code is for. */
export const PURPOSES: Readonly<Record<string, string>> = {
  enrol: 'for the first sign-in',
  passkey: 'for another device',
  recover: 'after every device was lost',
};

const of = (about: string) => about.replace(/^[^:]*:/, '');

/** What was done, by act; the sentence begins with the name of who did it. */
export const ACTS: Readonly<Record<string, (told: Told) => string>> = {
  'person.invite': ({ name, role }) => `invited ${name} as ${role}`,
  'person.enrol': () => 'signed in for the first time',
  'person.remove': ({ person }) => `removed ${person}`,
  'grant.give': ({ person, role }) => `gave ${person} the role ${role}`,
  'grant.end': ({ person, role }) => `ended the role ${role} of ${person}`,
  'code.make': ({ person, purpose }) => `made a code for ${person}, ${PURPOSES[purpose] ?? purpose}`,
  'code.withdraw': ({ person }) => `withdrew the code of ${person}`,
  'code.use': ({ person, purpose }) => `took the code of ${person}, ${PURPOSES[purpose] ?? purpose}`,
  'recovery-codes.make': () => 'made new recovery codes',
  'recovery-code.use': ({ person }) => `took a printed recovery code of ${person}`,
  'recovery.ask': ({ person }) => `asked the other administrators whether ${person} may come in again`,
  'recovery.approve': ({ person }) => `agreed that ${person} comes in again`,
  'recovery.refuse': ({ person }) => `refused to let ${person} in again`,
  'passkey.add': ({ name }) => `added the passkey “${name}”`,
  'passkey.remove': ({ name }) => `removed the passkey “${name}”`,
  'passkey.refuse': () => 'showed a passkey that may be a copy: it was refused',
  'passkeys.withdraw': () => 'withdrew the passkeys that were lost',
  'session.begin': () => 'signed in',
  'session.end': ({ whose, about }) => `ended sign-in ${of(about)}${whose === '' ? '' : ` of ${whose}`}`,
  'session.end-all': ({ person, about }) =>
    about === 'sessions' ? 'signed everybody out' : `signed ${person} out everywhere`,
  'key.make': ({ name }) => `made the key of “${name}”`,
  'key.withdraw': ({ name }) => `withdrew the key of “${name}”`,
  'incident.change': ({ about, state }) =>
    state === 'closed'
      ? `closed incident ${of(about)}`
      : state === 'taken'
        ? `took incident ${of(about)}`
        : `opened incident ${of(about)} again`,
  'block.undo': ({ about }) => `lifted block ${of(about)} at every office`,
  'appeals.answer': ({ about }) => `answered the appeal of a voter, ${of(about)}`,
  'drill.plan': ({ about }) => `had drill ${of(about)} drawn`,
  'surface.state': ({ about }) => `changed the surface: it is number ${of(about)} now`,
  'state.named': ({ name }) => `named the state ${name}`,
  'offices.kept': () => 'kept the list of offices',
  'offices.replaced': () => 'gave a new list of offices',
  'https.configured': () => 'set how the hub is reached (HTTPS)',
  'backup.restored': () => 'brought back a backup; everybody was signed out',
  'sample.cleared': () => 'cleared the sample state',
  'sample.kept': () => 'kept the sample state',
};

export const TRAIL = {
  title: 'Trail',
  intro:
    'What was done here, by whom and why. Entries are only ever added. Each is sealed with the one before it, so that a changed or missing entry shows.',
  place: 'Office',
  anyPlace: 'All that I may see',
  who: 'Person',
  anybody: 'Everybody',
  machine: 'Whoever runs the hub’s computer',
  hub: 'Bellwether itself',
  whole: 'The chain is whole',
  broken: 'The chain is broken',
  wholeText: 'Every entry was checked, from the first to the last: none was changed or taken out.',
  brokenText:
    'An entry was changed or taken out by somebody who can write to the database. Nothing here can be trusted until it is known how.',
  brokenTodo:
    'What to do: change nothing, and call whoever runs the hub. An administrator saves the trail as a file, and “bellwether trail check FILE” names the first entry that is wrong.',
  list: 'Entries',
  none: 'No entry is like this. What is done from now on stands here as soon as it is done.',
  number: (number: number) => `No. ${number}`,
  at: 'at',
  why: 'Why',
  from: 'from',
  changes: 'What changed',
  before: 'before:',
  after: 'now:',
  nothing: 'nothing',
  themselves: 'themselves',
  otherAct: (act: string, about: string) => `did “${act}” on ${about}`,
  more: 'Show older entries',
  loading: 'Loading',
  export: {
    title: 'Save the trail',
    text: 'The whole trail that you may see, as a file with one entry in each line (NDJSON). Anybody can check it without us: “bellwether trail check FILE”. It holds names: keep it where only you can read it.',
    button: 'Save the trail as a file',
    waiting: 'Saving',
    done: 'The trail is saved among your downloads.',
  },
  yes: 'yes',
  no: 'no',
  members: {
    '': 'Value',
    name: 'Name',
    phone: 'Phone',
    role: 'Role',
    until: 'Ends',
    state: 'State',
    purpose: 'Code for',
    how: 'Signed in with',
    network: 'Network',
    agent: 'Browser',
    site: 'Works at',
    note: 'Note',
    version: 'Version',
    sha256: 'Fingerprint',
    ended: 'Sign-ins ended',
    sessions: 'Sign-ins ended',
    codes: 'Codes',
    passkeys: 'Passkeys',
    recoveryCodes: 'Printed codes',
    withdrawn: 'Codes withdrawn',
    count: 'Number',
    zone: 'Time zone',
    person: 'Number of the person',
  } as Readonly<Record<string, string>>,
} as const;
