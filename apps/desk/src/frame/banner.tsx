/** Whose page this is. The anatomy of the banner of the U.S. Web Design System, in the name of the state. */
import { useState } from 'react';
import { FRAME } from './texts.ts';

export function Banner({ state }: { readonly state: string | null }) {
  const [open, setOpen] = useState(false);
  const { banner } = FRAME;
  return (
    <section className="state-banner" aria-label={banner.label(state)}>
      <div className="state-banner__line wide">
        <svg className="state-banner__mark" viewBox="0 0 20 20" aria-hidden="true">
          <path d="M10 1 18 5v2H2V5zM3.5 8h2v7h-2zM9 8h2v7H9zM14.5 8h2v7h-2zM2 16h16v2H2z" />
        </svg>
        <p>{banner.line(state)}</p>
        <button
          type="button"
          className="state-banner__button"
          aria-expanded={open}
          aria-controls="state-banner-more"
          onClick={() => setOpen(!open)}
        >
          {banner.more}
          <svg viewBox="0 0 12 12" aria-hidden="true">
            <path d={open ? 'M2 8 6 4l4 4' : 'M2 4 6 8l4-4'} />
          </svg>
        </button>
      </div>
      <div id="state-banner-more" className="state-banner__more wide" hidden={!open}>
        <div>
          <p className="strong">{banner.siteTitle}</p>
          <p>{banner.siteText}</p>
        </div>
        <div>
          <p className="strong">{banner.lockTitle}</p>
          <p>{banner.lockText}</p>
        </div>
      </div>
    </section>
  );
}
