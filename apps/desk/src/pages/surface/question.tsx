/** One question: something answered that the surface does not list. Is it yours, and for whom? */
import type { SurfaceAnswer, SurfaceQuestion, SurfaceReply } from '@bellwether/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { tell } from '../../api/ask.ts';
import { useMay } from '../../api/me.ts';
import { Trouble } from '../../frame/trouble.tsx';
import { Field } from '../../ui/field.tsx';
import { Moment } from '../../ui/moment.tsx';
import { counted } from '../../words/formats.ts';
import { SURFACE } from './texts.ts';

/** The answers that list it, in the order of the buttons. */
const YES = ['public', 'voters', 'staff'] as const;

export function Question({ question }: { readonly question: SurfaceQuestion }) {
  const words = SURFACE.questions;
  const [name, setName] = useState('');
  const [unnamed, setUnnamed] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const mayAnswer = useMay('surface.answer', question.authority ?? 'state');
  const client = useQueryClient();
  const reply = useMutation({
    mutationFn: (body: SurfaceReply) => tell<SurfaceAnswer>('POST', 'surface/answers', body),
    onSuccess: () => {
      for (const key of ['surface', 'today', 'incidents']) void client.invalidateQueries({ queryKey: [key] });
    },
  });
  const answer = (chosen: SurfaceReply['answer']) => {
    const given = name.trim();
    if (chosen !== 'not-ours' && given === '') {
      setUnnamed(true);
      input.current?.focus();
      return;
    }
    reply.mutate({ key: question.key, answer: chosen, ...(chosen === 'not-ours' ? {} : { name: given }) });
  };
  const what = `${question.destination}, ${words.port(String(question.port))}`;
  const office = question.authorityName ?? (question.authority === 'state' ? words.state : words.hub);
  return (
    <article className="card">
      <h3 className="card__title">
        <span className="address">{question.destination}</span> {words.port(String(question.port))}
      </h3>
      <p className="card__where">
        {office}, {words.sensor} {question.sensor}
      </p>
      <p className="card__facts">
        {words.seen(counted(question.contacts, 'contact'))} <Moment iso={question.first} />, {words.last}{' '}
        <Moment iso={question.last} /> · <code>{question.reason}</code>
      </p>
      {mayAnswer && (
        <fieldset className="answers">
          <legend className="unseen">{words.legend(what)}</legend>
          <Field label={words.name} fault={unnamed ? words.needsName : undefined}>
            {(tied) => (
              <input
                {...tied}
                ref={input}
                className="usa-input"
                maxLength={60}
                autoComplete="off"
                value={name}
                onChange={({ target }) => {
                  setName(target.value);
                  setUnnamed(false);
                }}
              />
            )}
          </Field>
          <div className="buttons">
            {YES.map((one) => (
              <button
                key={one}
                type="button"
                className="usa-button"
                disabled={reply.isPending}
                onClick={() => answer(one)}
              >
                {words[one]}
              </button>
            ))}
            <button
              type="button"
              className="usa-button usa-button--outline"
              disabled={reply.isPending}
              onClick={() => answer('not-ours')}
            >
              {words['not-ours']}
            </button>
          </div>
        </fieldset>
      )}
      {reply.error !== null && <Trouble error={reply.error} />}
    </article>
  );
}
