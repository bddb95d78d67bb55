/** What stands below a printed sheet: the four words, and where a person signs by hand when they sign by phone. */
import type { SheetAnswer } from '@bellwether/api';
import { CodeWords } from './compare.tsx';
import { SHEETS } from './texts.ts';

export function Paper({ answer }: { readonly answer: SheetAnswer }) {
  const words = SHEETS.paper;
  return (
    <section className="on-paper" aria-hidden="true">
      <h2>{words.title}</h2>
      <CodeWords of={answer.words} />
      <p>{words.text}</p>
      {[words.name, words.back, words.time, words.signature].map((line) => (
        <p key={line} className="on-paper__line">
          {line}
        </p>
      ))}
    </section>
  );
}
