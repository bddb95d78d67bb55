/** `/api/openapi.json`: what the API asks and answers, from the schemas of its routes. It holds no data, so anybody may read it. */
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';

/** Where it is. */
export const OPENAPI_PATH = '/api/openapi.json';

const TAGS = [
  { name: 'intake', description: 'Lines of sensors, on their way in.' },
  { name: 'watch', description: 'What knocked, what became of it, and what needs a person.' },
  { name: 'surface', description: 'What the office offers, and to whom.' },
  { name: 'live', description: 'What changes while somebody looks.' },
  { name: 'blocks', description: 'What was decided, what offices enforce of it, and why some is not.' },
  { name: 'drills', description: 'Tries of our own, and what was missed of them.' },
  {
    name: 'mail',
    description:
      'What became of every message, what is kept from whom, campaigns, reports and who is protected.',
  },
  { name: 'agents', description: 'Computers of offices that send lines and enforce blocks.' },
  { name: 'people', description: 'Who somebody is and what they may do, who looked, and what was done.' },
  { name: 'evidence', description: 'The log, its witnesses, and proofs to take away.' },
  { name: 'rolls', description: 'What was changed in the registrations, who signed it, and what differs.' },
  { name: 'health', description: 'How the hub is.' },
];

/** Collects the routes that are added after it. */
export function collectOpenApi(app: FastifyInstance, version: string): void {
  void app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Bellwether',
        version,
        description: 'Every answer that is no success is a `Problem`: code, message, detail, and what to do.',
      },
      tags: TAGS,
      components: {
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            description:
              'A key for the lines of one place, `bwk_...`; on the machine itself what the file `token` of the data folder holds.',
          },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: '__Host-bellwether',
            description: 'As a browser is given it when somebody signs in; `bellwether-session` without TLS.',
          },
        },
      },
    },
    hideUntagged: true,
  });
}

/** Serves the document. */
export function openApiRoute(app: FastifyInstance): void {
  app.get(OPENAPI_PATH, { schema: { hide: true } }, async (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(app.swagger()),
  );
}
