/** People of the list, found by what is shown as the sender: "Last, First", short forms of given names, initials with a title. */
import type { Claimed } from './identified.ts';
import type { ProtectedList, ProtectedPerson } from './protected.ts';
import { latinOf, skeletonOf } from './skeleton.ts';

/** A person as they are looked for; names as they look (see `skeletonOf`). */
export type PersonKey = {
  readonly claimed: Claimed;
  readonly given: string;
  readonly surname: string;
  /** Parts of the title, as words: `secretary of state`. */
  readonly titles: readonly string[];
};

/** People by surname. */
export type PersonKeys = ReadonlyMap<string, readonly PersonKey[]>;

/** Words of a shown name that are looked at: names have two to five. */
const MOST_WORDS = 12;

/** Letters of a title that tells something: "Clerk" alone is shown by thousands. */
const LEAST_TITLE = 8;

/** What stands around names and is no part of them. */
const AROUND: ReadonlySet<string> = new Set(
  'mr mrs ms miss dr hon honorable the jr sr ii iii iv esq phd md cera cpa rep sen'.split(' '),
);

/** Given names and what people with them are called in everyday life; each row is one name. */
const SHORT_FORMS: readonly (readonly string[])[] = `william bill will billy liam
robert bob rob bobby
richard rick dick rich
james jim jimmy jamie
john johnny jack jon jay
jonathan jon john
michael mike mick
thomas tom tommy
charles charlie chuck
david dave
daniel dan danny
joseph joe joey
matthew matt
anthony tony
steven stephen steve
edward ed ted eddie
kenneth ken kenny
ronald ron
donald don
gregory greg
jeffrey jeff geoffrey
timothy tim
lawrence larry
gerald jerry
samuel sam
benjamin ben
nicholas nick
christopher chris
patrick pat
patricia pat patty trish
raymond ray
phillip philip phil
andrew andy drew
elizabeth liz beth betty lisa
katherine catherine kathy cathy kate katie
margaret maggie peggy meg
deborah debra deb debbie
barbara barb
susan sue susie
jennifer jen jenny
rebecca becky
kimberly kim
pamela pam
cynthia cindy
christine christina chris tina
theresa teresa terri terry
victoria vicki vicky
judith judy
sandra sandy
jacqueline jackie
virginia ginny
dorothy dot
shelley shelly
douglas doug
leonard len
frederick fred
peter pete
walter walt
randall randy
rodney rod
vincent vince
zachary zach
joshua josh
nathaniel nathan nate
alexander alex
alexandra alex
samantha sam
amanda mandy
abigail abby`
  .split('\n')
  .map((row) => row.split(' ').map(skeletonOf));

const FORMS: ReadonlyMap<string, ReadonlySet<string>> = formsByName();

function formsByName(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const row of SHORT_FORMS)
    for (const name of row) found.set(name, new Set([...(found.get(name) ?? []), ...row]));
  return found;
}

/** The people of a list. */
export function personKeys({ people }: Pick<ProtectedList, 'people'>): PersonKeys {
  const keys = new Map<string, PersonKey[]>();
  for (const person of people) {
    const key = keyOf(person);
    if (key === undefined) continue;
    const others = keys.get(key.surname);
    if (others === undefined) keys.set(key.surname, [key]);
    else others.push(key);
  }
  return keys;
}

function keyOf({ name, title }: ProtectedPerson): PersonKey | undefined {
  // "Ashcroft, John" and "John Ashcroft" are one.
  const comma = name.indexOf(',');
  const isTurned = comma > 0 && nameWords(name.slice(comma + 1)).length > 0;
  const words = nameWords(isTurned ? `${name.slice(comma + 1)} ${name.slice(0, comma)}` : name);
  const [given, surname] = [words[0], words.at(-1)];
  if (given === undefined || surname === undefined || words.length < 2) return undefined;
  const titles = title
    .split(',')
    .map((part) => plainPhrase(part))
    .filter((part) => part.length >= LEAST_TITLE);
  return {
    claimed: { kind: 'person', name },
    given: skeletonOf(given),
    surname: skeletonOf(surname),
    titles,
  };
}

/** Words of a name, in Latin letters, lower case, without what stands around it and the numbers behind it. */
export function nameWords(text: string): string[] {
  return latinOf(text)
    .split(/[^a-z0-9]+/)
    .map((word) => word.replace(/\d+$/, ''))
    .filter((word) => word !== '' && !AROUND.has(word))
    .slice(0, MOST_WORDS);
}

/** Words with one space between them, and before and behind them none. */
export function plainPhrase(text: string): string {
  return latinOf(text)
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim();
}

/** People whose name is shown: given name and surname, or an initial and the surname with their title. */
export function personsShown(shown: string, keys: PersonKeys): PersonKey[] {
  const words = nameWords(shown).map(skeletonOf);
  if (words.length < 2) return [];
  const found = new Set<PersonKey>();
  for (const word of words) {
    for (const key of keys.get(word) ?? []) {
      const others = words.filter((other) => other !== word || key.given === key.surname);
      const isNamed = others.some((other) => isSameGiven(other, key.given));
      const isInitial = others.some((other) => other.length === 1 && other === key.given[0]);
      if (isNamed || (isInitial && hasTitle(key, shown))) found.add(key);
    }
  }
  return [...found];
}

/** Whether a title of a person stands in a line. */
export function hasTitle({ titles }: PersonKey, line: string): boolean {
  if (titles.length === 0) return false;
  const phrase = ` ${plainPhrase(line)} `;
  return titles.some((title) => phrase.includes(` ${title} `));
}

/** People whose given name and surname, in either order, stand in the letters of a mailbox: `ashcroft.john47`. */
export function personsInMailbox(mailbox: string, keys: PersonKeys): PersonKey[] {
  const words = nameWords(mailbox).map(skeletonOf);
  const apart = words
    .flatMap((word) => keys.get(word) ?? [])
    .filter(({ given }) => words.some((word) => isSameGiven(word, given)));
  return [...new Set(apart)];
}

function isSameGiven(one: string, other: string): boolean {
  return one === other || FORMS.get(other)?.has(one) === true;
}
