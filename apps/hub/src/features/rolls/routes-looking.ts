/** Before a sheet is signed: what is not ours is refused, and that all was looked at is said. */
import { SheetLooked, SheetRefusal, SheetSummary } from '@bellwether/api';
import { closed, type HttpApp, problems, type Routes } from '../../platform/http/app.ts';
import { ACTING, actorOf, noteAct, SheetParams, sendNoRoll, sendRollError } from './answering.ts';
import type { RollsDependencies } from './dependencies.ts';
import { sheetKey } from './laying-out.ts';
import { lookedAtAll, refuseAsShown } from './looking.ts';
import { asShown } from './planted-looks.ts';
import { sheetSummary } from './sheet-views.ts';
import type { SheetRef } from './signing.ts';

/** Makes them. */
export function lookingRoutes(dependencies: RollsDependencies): Routes {
  return (app) => {
    refusalRoute(app, dependencies);
    lookedRoute(app, dependencies);
  };
}

function refusalRoute(app: HttpApp, dependencies: RollsDependencies): void {
  const { rolls, names } = dependencies;
  app.post(
    '/rolls/sheets/:office/:day/:sequence/refusals',
    {
      config: { right: { verb: 'rolls.sign', of: ({ params }) => (params as SheetRef).office } },
      schema: {
        summary: 'Say that some of these changes are not ours: the root and the words change',
        tags: ['rolls'],
        params: SheetParams,
        body: closed(SheetRefusal),
        response: { 200: SheetSummary, ...problems(...ACTING) },
      },
    },
    async (request, reply) => {
      const { params, body } = request;
      const roll = rolls();
      if (roll === null) return sendNoRoll(reply);
      const refused = await roll.act((holding) => refuseAsShown(holding, params, body.records));
      if (refused.isErr()) return sendRollError(reply, refused.error);
      const { sheet, own } = refused.value;
      // The trail knows of no planted change, and so of nobody who noticed one.
      if (own > 0)
        await noteAct(dependencies, {
          who: actorOf(request),
          act: 'rolls.refuse',
          place: params.office,
          about: `sheet:${sheetKey(params)}`,
          why: body.why,
          after: { records: own, root: sheet.root },
          origin: request.from.address,
        });
      return sheetSummary(asShown(roll.held, sheet), (await names())(params.office));
    },
  );
}

function lookedRoute(app: HttpApp, { rolls }: RollsDependencies): void {
  app.post(
    '/rolls/sheets/:office/:day/:sequence/looked',
    {
      config: { right: { verb: 'rolls.sign', of: ({ params }) => (params as SheetRef).office } },
      schema: {
        summary: 'Say that all changes were looked at: then there are words to compare',
        description:
          'Now and then the state plants a made-up change, to see whether sheets are read. It is told here, taken off, and counted for the whole state, without the office and the person.',
        tags: ['rolls'],
        params: SheetParams,
        response: { 200: SheetLooked, ...problems(...ACTING) },
      },
    },
    async ({ params }, reply) => {
      const roll = rolls();
      if (roll === null) return sendNoRoll(reply);
      const looked = await roll.act((holding) => lookedAtAll(holding, params));
      void reply.header('cache-control', 'no-store');
      return looked.isErr() ? sendRollError(reply, looked.error) : looked.value;
    },
  );
}
