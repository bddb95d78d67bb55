/**
 * Words of domain names that say nothing of whose name it is: what attackers put before and behind a name, and what the names of offices
 * and firms share. A name is known by what is left.
 */

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter((word) => word !== ''));

/** What stands beside a name in a domain that pretends: roles, services, what is to be done, kinds of office. */
const BESIDE = words(
  `access account accounts admin advisory alert alerts auth authority ballot ballots billing board bulletin bulletins care center
   central clerk client clients co com connect contact corp county court customer data department dept desk digital direct doc
   docs document documents download e election elections email files file form forms gov government group guide guides help helpdesk
   home hotline hq hr id inc info information invoice invoices it key llc lists local login logon mail mailer manual manuals
   members message messages mfa missouri mo my net news notice notices notification notifications notify now office official
   officials online org pay payment payments payroll poll polls portal products public records registration registrar remote report
   reports results review s sec secure secured security server service services share sign signin site sos staff state status support
   survey system systems team tech ticket tickets training update updates us usa user users vendor vendors verification verify vote
   voter voters votes voting web webmail website www`,
);

/** Endings that names of offices and firms share, longest first where one holds another. */
const SHARED_ENDS: readonly string[] =
  `electionboard elections election missouri county clerk votes voting vote board software systems system services service company
   group gov mo co us inc llc`
    .split(/\s+/)
    .filter((word) => word !== '');

/** Names of products and firms that are everyday words: alone they stand for nobody. */
const EVERYDAY = words(
  `account accounts agency alert alerts association ballot ballots board care center central city clerk commission county court data
   department direct election elections elector files finance gateway government grants group health help home information local mail
   missouri national news notice office online pay payment poll polls portal public records registration report secretary secure
   security service services software state support survey system systems team training united update vote voter voters voting web`,
);

/** What is left of a name without the endings that it shares with others; the name itself where nothing is. */
export function distinctPart(name: string): string {
  let left = name;
  for (;;) {
    const end = SHARED_ENDS.find((word) => left.length > word.length + 2 && left.endsWith(word));
    if (end === undefined) return left;
    left = left.slice(0, -end.length);
  }
}

/** Whether a word alone stands for nobody. */
export function isEveryday(word: string): boolean {
  return EVERYDAY.has(word);
}

/** Whether letters are nothing but such words and numbers, one after the other; the empty text is. */
export function isMadeOfBeside(letters: string): boolean {
  // ends[n]: the first n letters can be read so.
  const ends = [true];
  for (let end = 1; end <= letters.length; end++) {
    ends[end] = isDigit(letters, end - 1) && ends[end - 1] === true;
    for (let start = Math.max(0, end - LONGEST_BESIDE); start < end && !ends[end]; start++)
      ends[end] = ends[start] === true && BESIDE.has(letters.slice(start, end));
  }
  return ends[letters.length] === true;
}

const LONGEST_BESIDE = Math.max(...[...BESIDE].map(({ length }) => length));

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}
