/** What a witness stated under its second key, in sentences. Its text has one line for each thing, as `word value`. */
import { named } from '../../words/formats.ts';
import { WITNESSES } from './texts.ts';

/** First line of a statement that this page can read. */
const FIRST_LINE = 'bellwether/witness@1';

/** Names of all checks in one sentence: there are five. */
const ALL = 5;

type Check = keyof typeof WITNESSES.checks;

/** Whether a witness says that an entry broke a rule. */
export function refusesSomething(statement: string): boolean {
  return /^\w+ refused \d+$/m.test(statement);
}

/** The sentences; what goes wrong stands first. */
export function statedSentences(statement: string): readonly string[] {
  const [first, ...lines] = statement.split('\n');
  if (first !== FIRST_LINE) return [WITNESSES.unreadable];
  const values = new Map(
    lines.map((line): [string, string] => {
      const [word = '', ...value] = line.split(' ');
      return [word, value.join(' ')];
    }),
  );
  const checks = Object.keys(WITNESSES.checks) as readonly Check[];
  const nameOf = (check: Check) => WITNESSES.checks[check];
  const refused = checks.flatMap((check) => {
    const entry = /^refused (\d+)$/.exec(values.get(check) ?? '')?.[1];
    return entry === undefined ? [] : [WITNESSES.refused(nameOf(check), entry)];
  });
  const well = checks.filter((check) => values.get(check) === 'ok').map(nameOf);
  // What a statement does not name was not checked either.
  const open = checks
    .filter((check) => values.get(check) !== 'ok' && !values.get(check)?.startsWith('refused '))
    .map(nameOf);
  const [rows, opened] = ['rows', 'opened'].map((word) => /^(\d+) /.exec(values.get(word) ?? '')?.[1]);
  return [
    ...refused,
    ...(well.length === 0 ? [] : [WITNESSES.checked(named(well, ALL))]),
    ...(open.length === 0 ? [] : [WITNESSES.notChecked(named(open, ALL))]),
    ...(rows === undefined ? [] : [WITNESSES.rows(Number(rows))]),
    ...(opened === undefined ? [] : [WITNESSES.opened(Number(opened))]),
    ...(rows === undefined && opened === undefined ? [WITNESSES.noRows] : []),
  ];
}
