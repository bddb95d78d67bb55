/** Letters for the voters of a sheet that is signed and sealed. They open records, so the passkey is asked for once more. */
import { useMutation } from '@tanstack/react-query';
import { askForPage } from '../../api/ask.ts';
import { useMay } from '../../api/me.ts';
import { withStepUp } from '../../api/step-up.ts';
import { giveAway } from '../../ui/give-away.ts';
import { Panel } from '../../ui/page.tsx';
import { Refused } from '../../ui/refused.tsx';
import type { SheetRef } from './queries.ts';
import { SHEETS } from './texts.ts';

const words = SHEETS.letters;

/** Nothing for who may not. A file rather than a page within this one: it holds voters' data, and shows it without the desk. */
export function Letters({ of }: { readonly of: SheetRef }) {
  const { office, day, sequence } = of;
  const print = useMutation({
    mutationFn: () =>
      withStepUp(() =>
        askForPage(['rolls', 'receipts', office, day, sequence].map(encodeURIComponent).join('/')),
      ),
    onSuccess: (page) => giveAway(page, `letters-${office}-${day}-${sequence}.html`),
  });
  if (!useMay('rolls.letters', office)) return null;
  return (
    <Panel id="letters" title={words.title} intro={words.intro}>
      <div className="buttons panel__acts unprinted">
        <button
          type="button"
          className="usa-button usa-button--outline"
          aria-disabled={print.isPending}
          onClick={() => print.isPending || print.mutate()}
        >
          {print.isPending ? words.waiting : words.button}
        </button>
      </div>
      {print.isSuccess && <p role="status">{words.done}</p>}
      {print.error !== null && <Refused error={print.error} />}
    </Panel>
  );
}
