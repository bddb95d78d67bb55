/**
 * Certificates of bouncers: the first by whoever may make keys, the next ones by the bouncer itself, on the listener that knows it
 * by the one before. PEM goes in and comes out there, so that curl and a timer are enough.
 */
import { BouncerCertificateAnswer, BouncerCertificateRequest } from '@bellwether/api';
import { Type } from 'typebox';
import type { Auth } from '../../../platform/auth/auth-types.ts';
import { AUTH_ERRORS, authError } from '../../../platform/auth/errors.ts';
import { closed, type HttpApp, problems, type Routes } from '../../../platform/http/app.ts';
import { contains } from '../../../platform/http/door.ts';
import { HTTP_ERRORS } from '../../../platform/http/errors.ts';
import { sendAuthError, sendProblem } from '../../../platform/http/problem.ts';
import type { BouncerCertificates } from './bouncer-certificates.ts';
import { BOUNCERS_ERRORS, bouncersEntry } from './errors.ts';
import { sendMessage, sendNoBouncer } from './lapi-answers.ts';

/** What the route for people needs. */
export type CertificatesDependencies = {
  readonly keys: Auth['keys'];
  /** Null where nobody is let in by a certificate; `hub`: `NAME:PORT`, null until it listens. */
  readonly bouncers: () => { readonly certificates: BouncerCertificates; readonly hub: string | null } | null;
};

/** A request in PEM is a quarter of it. Bytes. */
const MOST_REQUEST = 8_192;

const KeyParams = Type.Object({ id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) });

/** The route for people. */
export function certificatesRoutes({ keys, bouncers }: CertificatesDependencies): Routes {
  return (app) => {
    app.post(
      '/keys/:id/certificate',
      {
        config: { right: { verb: 'keys.change', of: 'reach' } },
        schema: {
          summary:
            'A certificate for the bouncer that has this key: it shows that instead of sending the key',
          description:
            'It holds for ninety days, and ends with the key. The bouncer asks for the next one itself, at `POST /bouncers/v1/renewal` of the listener that `hub` names.',
          tags: ['people'],
          params: KeyParams,
          body: closed(BouncerCertificateRequest),
          response: {
            200: BouncerCertificateAnswer,
            ...problems(
              HTTP_ERRORS.HTTP_REQUEST_INVALID,
              AUTH_ERRORS.AUTH_SIGNED_OUT,
              AUTH_ERRORS.AUTH_NOT_YOURS,
              HTTP_ERRORS.HTTP_DATABASE_AWAY,
              HTTP_ERRORS.HTTP_CROSS_SITE,
              AUTH_ERRORS.AUTH_STEP_UP,
              AUTH_ERRORS.AUTH_KEY_UNKNOWN,
              BOUNCERS_ERRORS.BOUNCERS_OFF,
              BOUNCERS_ERRORS.BOUNCER_KEY_SENDS_LINES,
              BOUNCERS_ERRORS.BOUNCER_REQUEST_REFUSED,
            ),
          },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const place = await keys.placeOf(id);
        // One of another office is none at all for who may not see it: numbers are not to be tried.
        if (place === undefined || !contains(request.reach, place)) {
          return sendAuthError(reply, authError('AUTH_KEY_UNKNOWN', `There is no key ${id}.`));
        }
        const open = bouncers();
        if (open === null || open.hub === null) return sendProblem(reply, BOUNCERS_ERRORS.BOUNCERS_OFF);
        const { actor, from, body } = request;
        const issued = await open.certificates.issueFor(actor!, String(id), body.request, from.address);
        if (issued.isErr()) return sendProblem(reply, bouncersEntry(issued.error), issued.error.detail);
        const { certificate, authority, until } = issued.value;
        return { certificate, authority, hub: open.hub, until: new Date(until).toISOString() };
      },
    );
  };
}

/** The route for bouncers, on the listener where they show the certificate that they have. */
export function addRenewalRoute(app: HttpApp, certificates: BouncerCertificates): void {
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      '*',
      { parseAs: 'string', bodyLimit: MOST_REQUEST },
      (_request, text, parsed) => parsed(null, text),
    );
    scope.post('/bouncers/v1/renewal', async (request, reply) => {
      const bouncer = await certificates.door(request);
      if (bouncer.isErr()) return sendNoBouncer(reply, bouncer.error);
      const { body, from } = request;
      const pem = typeof body === 'string' ? body : '';
      const issued = await certificates.issueFor(bouncer.value, bouncer.value.key, pem, from.address);
      if (issued.isErr()) {
        const { message } = bouncersEntry(issued.error);
        return sendMessage(reply, 422, `${message} ${issued.error.detail}`);
      }
      return reply
        .header('cache-control', 'no-store')
        .type('application/pem-certificate-chain')
        .send(issued.value.certificate);
    });
    done();
  });
}
