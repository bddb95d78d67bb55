/** Keys that are to come or to go: an office without one asks, and others endorse or withdraw it with their passkeys. */
import type { SignerChange, SignerRow } from '@bellwether/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Moment } from '../../ui/moment.tsx';
import { Panel } from '../../ui/page.tsx';
import { Refused } from '../../ui/refused.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { signersQuery } from './queries.ts';
import { endorseWithPasskey } from './sign.ts';
import { SHEETS } from './texts.ts';

const words = SHEETS.signers;

/** Nothing where no key is asked for or waits. Trouble with it is told where somebody acts, not before. */
export function OpenSigners() {
  const { data } = useQuery(signersQuery);
  const client = useQueryClient();
  const [done, setDone] = useState('');
  const endorse = useMutation({
    mutationFn: (change: SignerChange) => endorseWithPasskey(change),
    onSuccess: ({ countsFrom }, { act }) => {
      setDone(act === 'add' && countsFrom !== null ? words.enough : words.taken);
      void client.invalidateQueries({ queryKey: ['signers'] });
    },
  });
  const open = (data?.signers ?? []).filter(({ state }) => ['asked', 'waits', 'going'].includes(state));
  if (open.length === 0) return null;
  const act = (change: SignerChange) => endorse.isPending || endorse.mutate(change);
  const columns: readonly Column<SignerRow>[] = [
    { name: words.office, cell: ({ name }) => name, heads: true },
    { name: words.key, cell: ({ key }) => <code>{key}</code> },
    { name: words.state, cell: (row) => <State row={row} /> },
    {
      name: words.act,
      cell: ({ key, mayEndorse, mayWithdraw }) => (
        <>
          {mayEndorse && (
            <button
              type="button"
              className="usa-button usa-button--outline"
              aria-disabled={endorse.isPending}
              onClick={() => act({ key, act: 'add' })}
            >
              {words.endorse}
            </button>
          )}
          {mayWithdraw && (
            <button
              type="button"
              className="usa-button usa-button--outline"
              aria-disabled={endorse.isPending}
              onClick={() => act({ key, act: 'revoke' })}
            >
              {words.withdraw}
            </button>
          )}
        </>
      ),
    },
  ];
  return (
    <Panel id="signers" title={words.title} intro={words.intro}>
      <Table caption={words.title} rows={open} keyOf={({ key }) => key} columns={columns} />
      {done !== '' && <p role="status">{done}</p>}
      {endorse.error !== null && <Refused error={endorse.error} />}
    </Panel>
  );
}

function State({ row: { state, countsFrom, endorsed } }: { readonly row: SignerRow }) {
  return (
    <>
      {state === 'asked' && words.asked}
      {state === 'going' && words.going}
      {state === 'waits' && countsFrom !== null && (
        <>
          {words.waits} <Moment iso={countsFrom} />
        </>
      )}
      {endorsed.length > 0 && ` ${words.by(endorsed.join(', '))}`}
    </>
  );
}
