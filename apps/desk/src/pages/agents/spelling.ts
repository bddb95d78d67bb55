/** How a code is said on the telephone: each letter as a word of the ICAO spelling alphabet (Annex 10), each digit as it is. */
const WORDS: Readonly<Record<string, string>> = {
  A: 'Alfa',
  B: 'Bravo',
  C: 'Charlie',
  D: 'Delta',
  E: 'Echo',
  F: 'Foxtrot',
  G: 'Golf',
  H: 'Hotel',
  J: 'Juliett',
  K: 'Kilo',
  M: 'Mike',
  N: 'November',
  P: 'Papa',
  Q: 'Quebec',
  R: 'Romeo',
  S: 'Sierra',
  T: 'Tango',
  V: 'Victor',
  W: 'Whiskey',
  X: 'X-ray',
  Y: 'Yankee',
  Z: 'Zulu',
};

/** `7KM2V` is `7 Kilo Mike 2 Victor`. Letters that codes do not have (I, L, O, U) are left as they are. */
export function spelled(group: string): string {
  return [...group].map((letter) => WORDS[letter] ?? letter).join(' ');
}

/** The line to type on the computer at the office, as one piece: dashes instead of spaces need no quotes. */
export function enrolLine(hub: string, groups: readonly string[]): string {
  return `bellwether-agent enrol --hub ${hub} --code ${groups.join('-')}`;
}
