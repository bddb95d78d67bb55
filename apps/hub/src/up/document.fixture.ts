/** What the hub's own document says that can be asked: the routes, and questions that their shapes take. */
import type { FastifyInstance } from 'fastify';

/** Under which the hub is asked. */
export const HOST = { host: 'localhost:8118' };

/** A JSON schema, as far as ours go. */
export type Schema = {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
};
/** One method at one address. */
export type Operation = {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
};
export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
/** A route: method, address with its parameters in braces, and what the document says of it. */
export type Route = readonly [Method, string, Operation];

/** Every route that the document has. */
export async function routesOf(app: FastifyInstance): Promise<readonly Route[]> {
  const answer = await app.inject({ url: '/api/openapi.json', headers: HOST });
  const { paths } = answer.json() as { paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]): Route => [method.toUpperCase() as Method, path, operation],
    ),
  );
}

/** The shape of the JSON that a route takes; undefined if it takes none. */
export function bodyOf({ requestBody }: Operation): Schema | undefined {
  return requestBody?.content['application/json']?.schema;
}

/** A value that the shape takes. */
export function usual(
  { type, properties, anyOf, enum: values, pattern, format, minLength = 1 }: Schema,
  now: number,
): unknown {
  if (anyOf !== undefined) return usual(anyOf[0]!, now);
  if (values !== undefined) return values[0];
  if (type === 'object') {
    return Object.fromEntries(Object.entries(properties ?? {}).map(([name, one]) => [name, usual(one, now)]));
  }
  if (type === 'array') return [];
  if (type === 'boolean') return true;
  if (type === 'number' || type === 'integer') return 1;
  if (format === 'date-time') return new Date(now + 86_400_000).toISOString();
  if (pattern?.includes('state') || pattern?.includes('\\d{5}')) return '29001';
  return 'clerk'.padEnd(minLength, 'x');
}

/** An address of the route with usual values, or with `value` in the place of one. */
export function addressOf(route: string, { parameters = [] }: Operation, of?: string, value = ''): string {
  const text = ({ name, schema }: { name: string; schema: Schema }) =>
    encodeURIComponent(name === of ? value : String(usual(schema, 0)));
  const path = parameters
    .filter((one) => one.in === 'path')
    .reduce((all, one) => all.replace(`{${one.name}}`, text(one)), route);
  const asked = parameters.filter((one) => one.in === 'query' && one.name === of);
  return asked.length === 0 ? path : `${path}?${asked.map((one) => `${one.name}=${text(one)}`).join('&')}`;
}
