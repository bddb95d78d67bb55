/** Three answers as people see them. Only what was proven is called yes. */
import { timeText, type VerifyError } from '@bellwether/verifier/checking';
import { element, sentences } from '@bellwether/verifier/elements';
import type { Answered, Answers } from './judging.ts';
import type { Words } from './words.ts';

/** Shows them, in the order in which they were asked. */
export function answersView({ sealed, record, pollBook }: Answers, words: Words): HTMLElement {
  const one = <T>(
    question: string,
    answer: Answered<T>,
    yes: (found: T) => readonly string[],
    no: readonly string[],
  ): HTMLElement => answerView(question, answer, yes, no, words);
  return element(
    'section',
    { class: 'answers', 'aria-labelledby': 'answers' },
    element('h2', { id: 'answers', tabindex: '-1' }, words.answers),
    one(words.record.question, record, ({ version }) => words.record.yes(version), words.no.record),
    one(
      words.sealed.question,
      sealed,
      ({ trusted, genesis, seal }) =>
        words.sealed.yes({
          origin: trusted.checkpoint.origin,
          records: (seal ?? genesis).records,
          sealedAt: seal === null ? null : `${seal.at.slice(0, 16).replace('T', ' ')} UTC`,
          signed: trusted.witnesses.length,
          of: trusted.of,
          at: timeText(trusted.time),
        }),
      words.no.sealed,
    ),
    one(
      words.pollBook.question,
      pollBook,
      ({ place, day, rows }) => words.pollBook.yes({ place: words.book.place(place), day, rows }),
      words.no.pollBook,
    ),
  );
}

function answerView<T>(
  question: string,
  answer: Answered<T>,
  yes: (found: T) => readonly string[],
  no: readonly string[],
  words: Words,
): HTMLElement {
  const is = answer.is === 'not-asked' ? 'open' : answer.is;
  return element(
    'article',
    { class: `answer answer--${is}` },
    element('p', { class: 'answer__tag' }, words.tags[is]),
    element('h3', {}, question),
    ...(answer.is === 'yes' ? [sentences(yes(answer.found))] : []),
    ...(answer.is === 'no' ? noView(answer.error, no, words) : []),
    ...(answer.is === 'open' ? [sentences(words.open(answer.error))] : []),
    ...(answer.is === 'not-asked'
      ? [element('p', {}, answer.why === 'before' ? words.before : words.pollBook.none)]
      : []),
  );
}

function noView(error: VerifyError, no: readonly string[], words: Words): HTMLElement[] {
  const [what] = words.open(error);
  return [element('p', {}, what ?? ''), sentences(no), element('p', { class: 'soft' }, error.detail)];
}
