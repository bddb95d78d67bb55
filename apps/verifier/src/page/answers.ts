/** Answers as people see them: what came of each check, newest first, in the language that is chosen. */
import type { Finding } from '../checking/findings.ts';
import { isAnsweredNo, type VerifyError } from '../errors.ts';
import type { Sentences } from '../texts/texts.ts';
import { element, sentences } from './elements.ts';

/** What came of a check. */
export type Answer = {
  /** What was checked: the name of a file, or what was asked for. */
  readonly subject: string;
} & ({ readonly finding: Finding } | { readonly error: VerifyError });

/** All answers, newest first. */
export function answersView(answers: readonly Answer[], language: Sentences): HTMLElement {
  const { results } = language.page;
  const head = element('h2', { id: 'answers', tabindex: '-1' }, results.head);
  const shown =
    answers.length === 0
      ? [element('p', { class: 'soft' }, results.none)]
      : answers.map((answer) => answerView(answer, language));
  return element('section', { class: 'answers', 'aria-labelledby': 'answers' }, head, ...shown);
}

function answerView(answer: Answer, language: Sentences): HTMLElement {
  const { results } = language.page;
  if ('error' in answer) {
    const isNo = isAnsweredNo(answer.error);
    const { message, help } = language.failed(answer.error);
    return element(
      'article',
      { class: `answer answer--${isNo ? 'no' : 'open'}` },
      element('p', { class: 'answer__tag' }, isNo ? results.no : results.open),
      element('h3', {}, message),
      element('p', { class: 'soft' }, `${answer.subject}: ${answer.error.detail}`),
      element('p', {}, element('strong', {}, `${results.what}: `), help),
    );
  }
  const { title, facts, limits } = language.found(answer.finding);
  const isWords = answer.finding.kind === 'sheet';
  return element(
    'article',
    { class: `answer answer--yes${isWords ? ' answer--words' : ''}` },
    element('p', { class: 'answer__tag' }, results.yes),
    element('h3', {}, title),
    element('p', { class: 'soft' }, answer.subject),
    sentences(facts),
    element('div', {}, element('p', { class: 'label' }, language.limitsHead), sentences(limits)),
  );
}
