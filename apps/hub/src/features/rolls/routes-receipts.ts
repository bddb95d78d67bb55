/** Receipts for voters, as letters to print. That somebody made them stands in the trail: each opens a record. */
import { Type } from 'typebox';
import { closed, problems, type Routes } from '../../platform/http/app.ts';
import { ACTING, noteAct, SheetParams, sendNoRoll, sendRollError } from './answering.ts';
import type { RollsDependencies } from './dependencies.ts';
import { sheetKey } from './laying-out.ts';
import { LETTERS_POLICY, receiptPage } from './receipt-letters.ts';
import { receiptsOf } from './receipts.ts';

import type { SheetRef } from './signing.ts';

/** Makes them. */
export function receiptRoutes(dependencies: RollsDependencies): Routes {
  const { rolls, names } = dependencies;
  return (app) => {
    app.get(
      '/rolls/receipts/:office/:day/:sequence',
      {
        config: { right: { verb: 'rolls.letters', of: ({ params }) => (params as SheetRef).office } },
        schema: {
          summary: 'Receipts for the voters of a sealed sheet, a letter a page, as HTML to print',
          description:
            'Old addresses of who moved get a notice that opens nothing. Protected voters get no letter.',
          tags: ['rolls'],
          produces: ['text/html'],
          params: closed(SheetParams),
          response: { 200: Type.Unsafe<string>({ type: 'string' }), ...problems(...ACTING) },
        },
      },
      async ({ params, actor, from }, reply) => {
        const held = rolls()?.held;
        if (held === undefined || actor === null) return sendNoRoll(reply);
        const sheet = held.sheets.get(sheetKey(params));
        if (sheet === undefined)
          return sendRollError(reply, { code: 'ROLL_SHEET_UNKNOWN', detail: sheetKey(params) });
        const letters = await receiptsOf(held, sheet);
        if (letters.isErr()) return sendRollError(reply, letters.error);
        await noteAct(dependencies, {
          who: actor,
          act: 'rolls.letters',
          place: params.office,
          about: `sheet:${sheetKey(params)}`,
          after: { receipts: letters.value.length },
          origin: from.address,
        });
        return reply
          .type('text/html; charset=utf-8')
          .header('content-security-policy', LETTERS_POLICY)
          .header('cache-control', 'no-store')
          .send(receiptPage((await names())(params.office), sheet.day, letters.value, siteOf(from.origin)));
      },
    );
  };
}

/** Where a voter finds the public page: only an address that a browser elsewhere reaches is printed. */
function siteOf(origin: string): string | null {
  return origin.startsWith('https://') ? origin : null;
}
