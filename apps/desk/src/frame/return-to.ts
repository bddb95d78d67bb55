/** Where somebody goes after signing in: the page that was asked for, if it is one of ours. The address can be anybody's. */

/** First parts of the addresses of our pages. */
const OURS: ReadonlySet<string> = new Set([
  ...['', 'incidents', 'contacts', 'sources', 'offices', 'surface'],
  ...['rolls', 'sheets', 'evidence'],
  ...['people', 'own', 'visits', 'trail', 'keys', 'set-up'],
]);

/** Longer addresses than this are no search that a person made. */
const LONGEST = 2000;

/** Stands for our own origin, whichever that is. */
const HERE = 'https://desk.invalid';

/** The page that was asked for, as path and query; Today, if it is not one of ours. */
export function ownPage(asked: string | undefined): string {
  if (asked === undefined || asked.length > LONGEST || !/^\/(?![/\\])/.test(asked)) return '/';
  if (/[\\\p{Cc}]/u.test(asked) || !URL.canParse(asked, HERE)) return '/';
  const { origin, pathname, search } = new URL(asked, HERE);
  if (origin !== HERE || pathname.startsWith('//')) return '/';
  return OURS.has(pathname.split('/')[1] ?? '') ? pathname + search : '/';
}
