/** docs/reference/api.md, from the OpenAPI document: every route, what it takes, and what it answers. */

/** As much of an OpenAPI document as the page tells. */
export type ApiDocument = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>;
  readonly tags: readonly { readonly name: string; readonly description?: string }[];
};

type ApiOperation = {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema?: JsonSchema;
  }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema?: JsonSchema }>>;
  };
  readonly responses: Readonly<
    Record<string, { readonly description?: string; readonly content?: Readonly<Record<string, unknown>> }>
  >;
};

type JsonSchema = {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
};

const HEAD = [
  '# The HTTP API',
  '',
  'Written by `npm run docs` from the schemas of the routes; the whole of it, with the shape of every answer, is at',
  '`/api/openapi.json` of a running hub. Everything under `/api/v1` asks who it is: by the cookie of who is signed in',
  '(`__Host-bellwether`; on the machine itself, without TLS, `bellwether-session`), or by the header',
  '`Authorization: Bearer SECRET`. The secret is the key of a program (`bwk_...`), which sends lines of one place; on the',
  'machine itself also what the file `token` of the data folder holds, which does everything until there is an',
  'administrator, and sends lines afterwards. What each may do stands in [rights.md](rights.md).',
  '',
  'The hub answers under its own name only: `localhost` without TLS, the configured name with it. What is changed by cookie',
  'has to come from a page of the hub itself. With `Bellwether-Unattended: 1` a page says that nobody touched it: the',
  'request does not count as use of the session. What somebody sees of an office is noted, and the office can see it.',
  '',
  'Every answer that is no success is a `Problem`: `code`, `message`, `detail`, and `help`, which says what to do',
  '([errors.md](errors.md)). A question that holds a field which is not listed here is refused.',
  '',
];

/** The page. */
export function apiMarkdownOf({ paths, tags }: ApiDocument): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const sections = tags.flatMap(({ name, description }) => {
    const own = operations.filter(({ operation }) => operation.tags?.[0] === name);
    if (own.length === 0) return [];
    return [
      `## ${name}`,
      '',
      ...(description === undefined ? [] : [description, '']),
      ...own.flatMap(sectionOf),
    ];
  });
  return [...HEAD, ...sections].join('\n');
}

function sectionOf(route: {
  readonly path: string;
  readonly method: string;
  readonly operation: ApiOperation;
}): readonly string[] {
  const { path, method, operation } = route;
  const { summary, description, parameters = [], requestBody, responses } = operation;
  const lines = [`### \`${method} ${path}\``, '', `${summary}.`, ''];
  if (description !== undefined) lines.push(description, '');
  const fields = [
    ...parameters.map(({ name, in: place, required, schema }) => ({ name, place, required, schema })),
    ...bodyFields(requestBody?.content['application/json']?.schema),
  ];
  if (fields.length > 0) {
    lines.push('| field | where | takes | |', '|---|---|---|---|');
    for (const { name, place, required, schema } of fields) {
      lines.push(`| \`${name}\` | ${place} | ${cell(wordsOf(schema))} | ${required ? 'required' : ''} |`);
    }
    lines.push('');
  }
  const codes = Object.entries(responses).flatMap(([status, { description: told = '' }]) =>
    [...told.matchAll(/`([A-Z_]+)`/g)].map(([, code]) => `${status} \`${code}\``),
  );
  if (codes.length > 0) lines.push(`Problems: ${codes.join(', ')}.`, '');
  return lines;
}

function bodyFields(schema: JsonSchema | undefined) {
  return Object.entries(schema?.properties ?? {}).map(([name, field]) => ({
    name,
    place: 'body',
    required: schema?.required?.includes(name),
    schema: field,
  }));
}

/** What a field takes, in a few words. */
function wordsOf(schema: JsonSchema | undefined): string {
  if (schema === undefined) return 'text';
  if (schema.anyOf !== undefined) return schema.anyOf.map(wordsOf).join(', ');
  if (schema.enum !== undefined) return schema.enum.map((one) => `\`${String(one)}\``).join(', ');
  if (schema.format === 'date-time') return 'a moment, ISO 8601';
  if (schema.pattern !== undefined) return `text that matches \`${schema.pattern}\``;
  const { type = 'text', minimum, maximum, maxLength } = schema;
  if (minimum !== undefined && maximum !== undefined) return `${type}, ${minimum} to ${maximum}`;
  if (maxLength !== undefined) return `text, at most ${maxLength} characters`;
  return type === 'string' ? 'text' : type;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
