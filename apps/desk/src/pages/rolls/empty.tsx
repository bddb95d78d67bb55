/** Before there is a roll: what is missing, and how to make one. */
import { Copy } from '../../ui/copy.tsx';
import { Panel } from '../../ui/page.tsx';
import { ROLLS } from './texts.ts';

export function NoRoll({
  doing,
}: {
  /** What is being done to it now, in sentences. */ readonly doing: readonly string[];
}) {
  const words = ROLLS.empty;
  return (
    <>
      <div className="spoken spoken--care">
        <p className="spoken__lead">{words.title}</p>
        <p className="spoken__after">{words.text}</p>
        {doing.map((sentence) => (
          <p key={sentence} className="spoken__after">
            {sentence}
          </p>
        ))}
      </div>
      <Panel id="how" title={words.how}>
        <ol className="steps-list">
          {words.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        <Copy label={words.commandLabel} text={words.command} />
        <p>{words.docs}</p>
      </Panel>
    </>
  );
}
