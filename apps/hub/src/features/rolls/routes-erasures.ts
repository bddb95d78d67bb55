/** Erasing one voter: one administrator asks, another agrees. */
import { ErasuresAnswer, NewErasure } from '@bellwether/api';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Actor } from '../../platform/auth/rights.ts';
import { closed, type HttpApp, problems, type Routes } from '../../platform/http/app.ts';
import { ACTING, actorOf, noteAct, sendNoRoll, sendRollError } from './answering.ts';
import type { RollsDependencies } from './dependencies.ts';
import { agreeErasure, askErasure, type Erasure, erasuresOf, generalHold, withdrawErasure } from './erase.ts';

const Asked = ErasuresAnswer.properties.erasures.items;
const IdParams = Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{16}$' }) });

/** What belongs to the state: an erasure is no office's. */
const AT_STATE = { verb: 'rolls.erase', of: () => 'state' } as const;

/** Makes them. */
export function erasureRoutes(dependencies: RollsDependencies): Routes {
  return (app) => {
    listRoute(app, dependencies);
    askRoute(app, dependencies);
    agreeRoute(app, dependencies);
    withdrawRoute(app, dependencies);
  };
}

function listRoute(app: HttpApp, { rolls, rules, now }: RollsDependencies): void {
  app.get(
    '/rolls/erasures',
    {
      config: { right: { verb: 'rolls.operate', of: () => 'state' } },
      schema: {
        summary: 'Erasures that are asked for or done, and why none is possible now',
        tags: ['rolls'],
        response: { 200: ErasuresAnswer, ...problems(...ACTING) },
      },
    },
    async () => {
      const held = rolls()?.held;
      const all = held === undefined ? [] : await erasuresOf(held);
      return { erasures: all.map(erasureRow), hold: generalHold({ now }, rules) };
    },
  );
}

function askRoute(app: HttpApp, dependencies: RollsDependencies): void {
  const { rolls, rules } = dependencies;
  app.post(
    '/rolls/erasures',
    {
      config: { right: AT_STATE },
      schema: {
        summary: 'Ask that the key of one voter be destroyed; another administrator has to agree',
        tags: ['rolls'],
        body: closed(NewErasure),
        response: { 200: Asked, ...problems(...ACTING) },
      },
    },
    async (request, reply) => {
      const roll = rolls();
      if (roll === null) return sendNoRoll(reply);
      const { id: by, actor } = personOf(request);
      const asked = await roll.act((holding) => askErasure(holding, rules, request.body, by));
      if (asked.isErr()) return sendRollError(reply, asked.error);
      await noteErasure(dependencies, request, actor, 'rolls.erase.ask', asked.value);
      return erasureRow(asked.value);
    },
  );
}

function agreeRoute(app: HttpApp, dependencies: RollsDependencies): void {
  const { rolls, rules } = dependencies;
  app.post(
    '/rolls/erasures/:id/agreement',
    {
      config: { right: AT_STATE },
      schema: {
        summary: 'Agree to an erasure that another administrator asked for: it is done, and cannot be undone',
        tags: ['rolls'],
        params: IdParams,
        response: { 200: Asked, ...problems(...ACTING) },
      },
    },
    async (request, reply) => {
      const roll = rolls();
      if (roll === null) return sendNoRoll(reply);
      const { id: by, actor } = personOf(request);
      const agreed = await roll.act((holding) => agreeErasure(holding, rules, request.params.id, by));
      if (agreed.isErr()) return sendRollError(reply, agreed.error);
      await noteErasure(dependencies, request, actor, 'rolls.erase', agreed.value);
      return erasureRow(agreed.value);
    },
  );
}

function withdrawRoute(app: HttpApp, dependencies: RollsDependencies): void {
  const { rolls } = dependencies;
  app.delete(
    '/rolls/erasures/:id',
    {
      config: { right: AT_STATE },
      schema: {
        summary: 'Withdraw an erasure that nobody has agreed to yet',
        tags: ['rolls'],
        params: IdParams,
        response: { 200: Asked, ...problems(...ACTING) },
      },
    },
    async (request, reply) => {
      const roll = rolls();
      if (roll === null) return sendNoRoll(reply);
      const { actor } = personOf(request);
      const withdrawn = await roll.act((holding) => withdrawErasure(holding, request.params.id));
      if (withdrawn.isErr()) return sendRollError(reply, withdrawn.error);
      await noteErasure(dependencies, request, actor, 'rolls.erase.withdraw', withdrawn.value);
      return erasureRow(withdrawn.value);
    },
  );
}

/** The trail tells that there was an erasure and why, and no number of a record: that would be the trace that is to go. */
async function noteErasure(
  dependencies: RollsDependencies,
  { from }: FastifyRequest,
  who: Actor,
  act: string,
  { id, reason, completeFrom }: Erasure,
): Promise<void> {
  await noteAct(dependencies, {
    who,
    act,
    place: 'state',
    about: `erasure:${id}`,
    why: reason,
    after: { completeFrom },
    origin: from.address,
  });
}

/** Whoever asks, as two people are told apart: a machine is one, whoever sits at it. */
function personOf(request: FastifyRequest): { readonly id: string; readonly actor: Actor } {
  const actor = actorOf(request);
  return { id: actor.kind === 'person' ? actor.person : actor.kind, actor };
}

function erasureRow({ id, reason, askedBy, askedAt, state, completeFrom }: Erasure) {
  return {
    id,
    reason,
    askedBy,
    askedAt,
    state: state === 'erasing' ? ('asked' as const) : state,
    completeFrom,
  };
}
