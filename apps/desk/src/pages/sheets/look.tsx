/** The changes of a sheet, odd ones first, page by page; what is not ours is marked and refused. */
import type { SheetAnswer } from '@bellwether/api';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { withStepUp } from '../../api/step-up.ts';
import { Panel } from '../../ui/page.tsx';
import { Refused } from '../../ui/refused.tsx';
import { Change } from './change.tsx';
import { type SheetRef, sayLooked } from './queries.ts';
import { Refusal } from './refusal.tsx';
import { SHEETS } from './texts.ts';
import { ToldBefore } from './told.tsx';

const words = SHEETS.look;

export function Look({
  of,
  answer,
  maySign,
  onPage,
  onRefused,
  onLooked,
  onCompare,
}: {
  readonly of: SheetRef;
  readonly answer: SheetAnswer;
  readonly maySign: boolean;
  readonly onPage: (page: number) => void;
  readonly onRefused: (changes: number) => void;
  /** All was looked at: whether what was a test had been noticed; null where there was none. */
  readonly onLooked: (noticed: boolean | null) => Promise<void>;
  readonly onCompare: () => void;
}) {
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const { sheet, changes, page, pages } = answer;
  const isOpen = sheet.state === 'awaiting';
  const hasWords = answer.words.length > 0;
  const looked = useMutation({
    mutationFn: async () => onLooked((await withStepUp(() => sayLooked(of))).noticed),
  });
  const goOn = () => {
    if (hasWords) onCompare();
    else if (!looked.isPending) looked.mutate();
  };
  const mark = (record: string, is: boolean) => {
    const next = new Set(marked);
    if (is) next.add(record);
    else next.delete(record);
    setMarked(next);
  };
  return (
    <>
      {answer.test !== null && <ToldBefore test={answer.test} />}
      <Panel
        id="look"
        title={words.title}
        intro={sheet.odd > 0 ? words.odd(sheet.odd) : words.noOdd}
        aside={pages > 1 ? <span className="soft">{words.page(page, pages)}</span> : undefined}
      >
        <ul className="cards cards--wide">
          {changes.map((change) => (
            <li key={change.recordId}>
              <Change
                change={change}
                marked={marked.has(change.recordId)}
                onMark={maySign && isOpen ? (is) => mark(change.recordId, is) : undefined}
              />
            </li>
          ))}
        </ul>
      </Panel>
      {marked.size > 0 && (
        <Refusal
          of={of}
          records={[...marked]}
          onDone={() => {
            onRefused(marked.size);
            setMarked(new Set());
          }}
        />
      )}
      <div className="buttons onward">
        {page > 1 && (
          <button type="button" className="usa-button usa-button--outline" onClick={() => onPage(page - 1)}>
            {words.back}
          </button>
        )}
        {page < pages && (
          <button type="button" className="usa-button" onClick={() => onPage(page + 1)}>
            {words.next}
          </button>
        )}
        {page >= pages && isOpen && marked.size === 0 && (hasWords || maySign) && (
          <button
            type="button"
            className="usa-button button-large"
            aria-disabled={looked.isPending}
            onClick={goOn}
          >
            {looked.isPending ? words.saying : words.on}
          </button>
        )}
      </div>
      {looked.error !== null && <Refused error={looked.error} />}
      {isOpen && !hasWords && !maySign && <p>{words.first}</p>}
    </>
  );
}
