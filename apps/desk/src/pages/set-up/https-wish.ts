/** What was typed about HTTPS, as the hub takes it; or what is missing. */
import type { SetUpHttps } from '@bellwether/api';
import { SET_UP } from './texts.ts';

const words = SET_UP.https;

/** Fields of the form. */
export type HttpsField = 'name' | 'host' | 'port' | 'certificate' | 'key' | 'directory' | 'contact';

/** As they were typed. */
export type HttpsFields = Readonly<Record<HttpsField, string>>;

export const NO_FIELDS: HttpsFields = {
  name: '',
  host: '',
  port: '',
  certificate: '',
  key: '',
  directory: '',
  contact: '',
};

/** What to send; undefined where a field has a fault. */
export type HttpsWish = {
  readonly body: SetUpHttps | undefined;
  readonly faults: Readonly<Partial<Record<HttpsField, string>>>;
};

/** Reads the fields of the chosen way. Those of other ways are not looked at. */
export function httpsWish(how: SetUpHttps['how'], typed: HttpsFields): HttpsWish {
  if (how === 'off') return { body: { how }, faults: {} };
  const at = (field: HttpsField) => typed[field].trim();
  const port = at('port') === '' ? undefined : Number(at('port'));
  const isPort = port === undefined || (Number.isInteger(port) && port >= 1 && port <= 65_535);
  const isGiven = how === 'given';
  const faults = {
    ...(at('name') === '' ? { name: words.noName } : {}),
    ...(isPort ? {} : { port: words.badPort }),
    ...(isGiven && at('certificate') === '' ? { certificate: words.noFile } : {}),
    ...(isGiven && at('key') === '' ? { key: words.noFile } : {}),
  };
  if (Object.keys(faults).length > 0) return { body: undefined, faults };
  const own: readonly HttpsField[] = isGiven
    ? ['host', 'certificate', 'key']
    : how === 'acme'
      ? ['host', 'directory', 'contact']
      : ['host'];
  const body: SetUpHttps = {
    how,
    name: at('name'),
    ...(port === undefined ? {} : { port }),
    ...Object.fromEntries(own.filter((field) => at(field) !== '').map((field) => [field, at(field)])),
  };
  return { body, faults };
}
