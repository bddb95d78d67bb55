/** The head of a page: its title, which also names the window, and a line that says what it is for. */
import { type ReactNode, useEffect } from 'react';
import { FRAME } from '../frame/texts.ts';

export function PageHead({
  title,
  children,
  above,
}: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly above?: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} | ${FRAME.product}`;
  }, [title]);
  return (
    <div className="page-head">
      {above}
      <h1>{title}</h1>
      {children !== undefined && <div className="page-head__text">{children}</div>}
    </div>
  );
}

/** A part of a page with its own heading. */
export function Panel({
  title,
  aside,
  intro,
  children,
  id,
}: {
  readonly title: string;
  readonly id: string;
  readonly aside?: ReactNode;
  readonly intro?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className="panel" aria-labelledby={`${id}-title`}>
      <div className="panel__head">
        <h2 id={`${id}-title`}>{title}</h2>
        {aside}
      </div>
      {intro !== undefined && <p className="panel__intro">{intro}</p>}
      {children}
    </section>
  );
}
