/** Every error on screen: what happened, what was kept, what to do. */
import { Component, type ReactNode } from 'react';
import { HubProblem } from '../api/ask.ts';
import { FRAME } from './texts.ts';

export function Trouble({ error, again }: { readonly error: unknown; readonly again?: () => void }) {
  const problem = error instanceof HubProblem ? error.problem : undefined;
  return (
    <div className="notice notice--bad" role="alert">
      <h2>
        <WithCode text={problem?.message ?? FRAME.trouble.page} />
      </h2>
      {problem?.detail !== undefined && <p>{problem.detail}</p>}
      <p>{FRAME.trouble.kept}</p>
      <p>
        <span className="strong">{FRAME.trouble.todo}: </span>
        <WithCode text={problem?.help ?? FRAME.trouble.pageHelp} />
      </p>
      {problem !== undefined && (
        <p className="soft">
          {FRAME.trouble.code} {problem.code}
        </p>
      )}
      {again !== undefined && (
        <button type="button" className="usa-button" onClick={again}>
          {FRAME.trouble.again}
        </button>
      )}
    </div>
  );
}

/** Texts of the hub set commands between backticks. */
export function WithCode({ text }: { readonly text: string }): ReactNode {
  const [before, code, ...after] = text.split('`');
  if (code === undefined) return before;
  return (
    <>
      {before}
      <code>{code}</code>
      <WithCode text={after.join('`')} />
    </>
  );
}

/** Catches what a page threw while it was drawn, so that the frame and the other pages stay. */
export class Boundary extends Component<{ readonly children: ReactNode }, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: undefined };

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === undefined) return this.props.children;
    return <Trouble error={this.state.error} again={() => this.setState({ error: undefined })} />;
  }
}
