/** Whom attackers pretend to be: one list for all offices, which the state writes. */
import type { ProtectedAnswer } from '@bellwether/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay } from '../../api/me.ts';
import { useDone } from '../../ui/done.tsx';
import { Field } from '../../ui/field.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { PageHead, Panel } from '../../ui/page.tsx';
import { Refused } from '../../ui/refused.tsx';
import { protectedQuery, saveProtected } from './queries.ts';
import { MAIL } from './texts.ts';

const words = MAIL.list;

export function Protected() {
  return (
    <>
      <PageHead
        title={words.title}
        above={
          <p>
            <Link to="/mail">{MAIL.look.back}</Link>
          </p>
        }
      >
        <p>{words.intro}</p>
      </PageHead>
      <Loaded query={useQuery(protectedQuery)}>
        {(answer) => <List key={answer.version} answer={answer} />}
      </Loaded>
    </>
  );
}

function List({
  answer: { yaml, version, by, people, organisations, offices },
}: {
  readonly answer: ProtectedAnswer;
}) {
  const client = useQueryClient();
  const mayWrite = useMay('mail.write', 'state');
  const [text, setText] = useState(yaml);
  const [notice, say] = useDone();
  const save = useMutation({
    mutationFn: () => saveProtected({ yaml: text, version }),
    onSuccess: (saved) => {
      say(words.saved);
      client.setQueryData(protectedQuery.queryKey, saved);
    },
  });
  return (
    <Panel id="list" title={words.counts(people, organisations, offices)}>
      {notice}
      <p>{by === null ? words.never : words.changed(by)}</p>
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!save.isPending) save.mutate();
        }}
      >
        <Field label={words.label} hint={words.hint}>
          {(tied) => (
            <textarea
              {...tied}
              className="usa-input text-area"
              rows={20}
              spellCheck={false}
              readOnly={!mayWrite}
              value={text}
              onChange={({ target }) => setText(target.value)}
            />
          )}
        </Field>
        {save.error !== null && <Refused error={save.error} />}
        {mayWrite && (
          <button type="submit" className="usa-button" aria-disabled={save.isPending}>
            {save.isPending ? words.saving : words.save}
          </button>
        )}
      </form>
    </Panel>
  );
}
