/** A table of many rows: those that stand first at one glance, a field to find others, and all of them when they are asked for. */
import { type ComponentProps, useState } from 'react';
import { count } from '../words/formats.ts';
import { Find } from './find.tsx';
import { Table } from './table.tsx';

/** What somebody sees at one glance. */
const FIRST = 10;

/** Rows that an old computer draws without a pause; who wants another one finds it by the field. */
const MOST_DRAWN = 300;

/** What stands around the table. */
export type LongTableWords = {
  /** On the field that finds. */
  readonly find: string;
  /** Said where nothing fits what was typed. */
  readonly noneFound: string;
  /** `shown` of `all`, as they are written. */
  readonly more: (shown: string, all: string) => string;
  /** On the button that shows all. */
  readonly all: string;
};

export function LongTable<Row>({
  rows,
  words,
  fits,
  ...table
}: Omit<ComponentProps<typeof Table<Row>>, 'shown'> & {
  readonly words: LongTableWords;
  /** Whether a row fits what was typed, which has no spaces around it and no capitals. */
  readonly fits: (row: Row, typed: string) => boolean;
}) {
  const [wanted, setWanted] = useState('');
  const [all, setAll] = useState(false);
  const typed = wanted.trim().toLowerCase();
  const found = typed === '' ? rows : rows.filter((row) => fits(row, typed));
  const shown = found.slice(0, all || typed !== '' ? MOST_DRAWN : FIRST);
  return (
    <>
      {rows.length > FIRST && (
        <div className="filters">
          <Find label={words.find} value={wanted} onChange={setWanted} />
        </div>
      )}
      {found.length === 0 ? <p role="status">{words.noneFound}</p> : <Table {...table} rows={shown} />}
      {shown.length < found.length && (
        <div className="buttons panel__acts">
          <p>{words.more(count(shown.length), count(found.length))}</p>
          {!all && typed === '' && (
            <button type="button" className="usa-button usa-button--outline" onClick={() => setAll(true)}>
              {words.all}
            </button>
          )}
        </div>
      )}
    </>
  );
}
