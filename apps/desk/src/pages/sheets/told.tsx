/** What was a test, told before there is anything to sign. */
import type { SheetAnswer } from '@bellwether/api';
import { useEffect, useRef } from 'react';
import { Panel } from '../../ui/page.tsx';
import { SHEETS } from './texts.ts';

const words = SHEETS.told;

export function Told({
  test: { name, recordId },
  noticed,
  onCompare,
  onBack,
}: {
  readonly test: NonNullable<SheetAnswer['test']>;
  readonly noticed: boolean;
  readonly onCompare: () => void;
  readonly onBack: () => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  // Whoever goes on by keyboard is led to what is next.
  useEffect(() => box.current?.focus(), []);
  return (
    <div ref={box} tabIndex={-1} className="unprinted">
      <Panel id="told" title={noticed ? words.noticed : words.missed}>
        <div className="stack">
          <p className="large">{words.what(name, recordId)}</p>
          <p>{noticed ? words.well : words.not}</p>
          {!noticed && <p>{words.again}</p>}
        </div>
        <div className="buttons panel__acts">
          <button type="button" className="usa-button button-large" onClick={onCompare}>
            {words.on}
          </button>
          <button type="button" className="usa-button usa-button--outline button-large" onClick={onBack}>
            {words.back}
          </button>
        </div>
      </Panel>
    </div>
  );
}

/** On the list itself, for whoever comes back to it. */
export function ToldBefore({
  test: { name, recordId },
}: {
  readonly test: NonNullable<SheetAnswer['test']>;
}) {
  return (
    <div className="notice">
      <p>{SHEETS.look.test(name, recordId)}</p>
    </div>
  );
}
