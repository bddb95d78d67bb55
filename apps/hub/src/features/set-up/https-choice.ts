/** What somebody chose for HTTPS in the browser, as the configuration says it. */
import type { SetUpHttps } from '@bellwether/api';
import { err, ok, type Result } from '@bellwether/basics';
import type { HttpsConfig } from '../../platform/tls/tls-types.ts';
import { type SetUpError, setUpError } from './errors.ts';

/** Of Let's Encrypt: what is meant where nobody names another directory. */
const USUAL_DIRECTORY = 'https://acme-v02.api.letsencrypt.org/directory';

/** The configuration for it; undefined: none. What is missing is named. */
export function httpsOf(choice: SetUpHttps): Result<HttpsConfig | undefined, SetUpError> {
  if (choice.how === 'off') return ok(undefined);
  if (choice.name === undefined || choice.name === '')
    return missing('the name under which people reach the hub');
  const place = {
    name: choice.name.trim().toLowerCase(),
    ...(choice.host ? { host: choice.host } : {}),
    ...(choice.port === undefined ? {} : { port: choice.port }),
  };
  if (choice.how === 'own') return ok({ ...place, own: true });
  if (choice.how === 'acme') {
    const directory = choice.directory || USUAL_DIRECTORY;
    return ok({ ...place, acme: { directory, ...(choice.contact ? { contact: choice.contact } : {}) } });
  }
  if (!choice.certificate || !choice.key) return missing('the files of the certificate and of its key');
  return ok({ ...place, certificate: choice.certificate, key: choice.key });
}

function missing(what: string): Result<never, SetUpError> {
  return err(setUpError('SET_UP_HTTPS_INVALID', `${what} are missing`.replace('hub are', 'hub is')));
}
