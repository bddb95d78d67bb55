/** Names of who did something, where the hub's answer has their number only. */
import { useQuery } from '@tanstack/react-query';
import { useMay } from '../../api/me.ts';
import { peopleQuery } from './queries.ts';
import { WHO_WORDS } from './texts.ts';

/** 128 random bits in base64url: the number of a person. */
const PERSON_NUMBER = /^[A-Za-z0-9_-]{22}$/;

/** What is known of who is who. */
export type Names = ReadonlyMap<string, string>;

/** Everybody whom the reader may see, by their number. */
export function useNames(): Names {
  const { data } = useQuery({ ...peopleQuery(undefined), enabled: useMay('people.read') });
  return new Map((data?.people ?? []).map(({ id, name }) => [id, name]));
}

/** Who did it: a name, the machine, a directory; of a number that the reader may not look up, that it is somebody else's. */
export function nameOf(who: string, names: Names): string {
  const known = names.get(who);
  if (known !== undefined) return known;
  if (who === 'machine') return WHO_WORDS.machine;
  if (who === 'hub') return WHO_WORDS.hub;
  if (who.startsWith('oidc:')) return WHO_WORDS.directory(who.slice('oidc:'.length));
  if (who.startsWith('key:')) return WHO_WORDS.key(who.slice('key:'.length));
  return PERSON_NUMBER.test(who) ? WHO_WORDS.unknown : who;
}
