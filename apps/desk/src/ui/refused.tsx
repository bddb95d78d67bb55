/** Something that a person tried and that did not work: what happened, and what to do. Nothing was kept, so nothing is said of it. */
import { HubProblem } from '../api/ask.ts';
import { FRAME } from '../frame/texts.ts';
import { WithCode } from '../frame/trouble.tsx';

export function Refused({ error }: { readonly error: unknown }) {
  const problem = error instanceof HubProblem ? error.problem : undefined;
  return (
    <div className="notice notice--bad" role="alert">
      <p className="strong">
        <WithCode text={problem?.message ?? FRAME.trouble.page} />
      </p>
      {problem?.detail !== undefined && problem.detail !== '' && <p>{problem.detail}</p>}
      <p>
        <span className="strong">{FRAME.trouble.todo}: </span>
        <WithCode text={problem?.help ?? FRAME.trouble.pageHelp} />
      </p>
    </div>
  );
}
