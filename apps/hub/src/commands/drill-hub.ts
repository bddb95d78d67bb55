/** The hub that drills are asked of: the one of a data folder on this machine, or one at an address. */
import { readFileSync } from 'node:fs';
import { USUAL_PORT } from '../platform/config.ts';
import { folderAt, usualFolder } from '../platform/folder.ts';
import { readRunning } from '../up/running.ts';
import { askOfHub, type HubAddress } from './ask-hub.ts';

/** A hub that starts again is back within seconds: so often it is asked, a second apart. */
const TRIES = 5;

/** Where it is; a sentence where that cannot be told. */
export function hubOf(values: {
  readonly data?: string | undefined;
  readonly hub?: string | undefined;
}): HubAddress | string {
  if (values.hub !== undefined) {
    const token = process.env.BELLWETHER_TOKEN ?? '';
    if (token === '')
      return 'BELLWETHER_TOKEN is missing; it stands in the file "token" of the hub\'s data folder';
    if (!/^https?:\/\//.test(values.hub) || !URL.canParse(values.hub))
      return `--hub takes a URL, not ${JSON.stringify(values.hub)}`;
    const { origin, pathname } = new URL(values.hub);
    return { url: `${origin}${pathname.replace(/\/?$/, '/')}`, token };
  }
  const folder = folderAt(values.data ?? usualFolder(process.env, process.getuid?.()));
  try {
    const token = readFileSync(folder.token, 'utf8').trim();
    return { url: `http://localhost:${readRunning(folder.path)?.port ?? USUAL_PORT}/`, token };
  } catch {
    return `there is no hub in ${folder.path}: name its folder with --data`;
  }
}

/** Asks it about drills. Throws `HubRefusal`. */
export async function askDrills(
  hub: HubAddress,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<unknown> {
  return askOfHub(hub, {
    method,
    path: `api/v1/drills${path}`,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    tries: TRIES,
  });
}
