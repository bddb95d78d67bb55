/** The changes of a sheet, odd ones first, page by page; what is not ours is marked and refused. */
import type { SheetAnswer } from '@bellwether/api';
import { useState } from 'react';
import { Panel } from '../../ui/page.tsx';
import { Change } from './change.tsx';
import type { SheetRef } from './queries.ts';
import { Refusal } from './refusal.tsx';
import { SHEETS } from './texts.ts';

const words = SHEETS.look;

export function Look({
  of,
  answer,
  maySign,
  onPage,
  onRefused,
  onCompare,
}: {
  readonly of: SheetRef;
  readonly answer: SheetAnswer;
  readonly maySign: boolean;
  readonly onPage: (page: number) => void;
  readonly onRefused: (changes: number) => void;
  readonly onCompare: () => void;
}) {
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const { sheet, changes, page, pages } = answer;
  const isOpen = sheet.state === 'awaiting';
  const mark = (record: string, is: boolean) => {
    const next = new Set(marked);
    if (is) next.add(record);
    else next.delete(record);
    setMarked(next);
  };
  return (
    <>
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
        {page >= pages && isOpen && marked.size === 0 && (
          <button type="button" className="usa-button button-large" onClick={onCompare}>
            {words.on}
          </button>
        )}
      </div>
    </>
  );
}
