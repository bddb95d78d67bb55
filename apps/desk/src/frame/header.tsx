/** The name of the product, the pages that one may see, and who is signed in. */
import type { MeAnswer } from '@bellwether/api';
import { Link, useLocation } from '@tanstack/react-router';
import { Account } from './account.tsx';
import { useMenu } from './menu.ts';
import { isIn, pagesFor } from './pages.ts';
import { FRAME } from './texts.ts';

export function Header({ me }: { readonly me: MeAnswer | undefined }) {
  const path = useLocation({ select: ({ pathname }) => pathname });
  return (
    <header className="head">
      <div className="head__row wide">
        <Link to="/" className="head__name">
          <svg viewBox="0 0 32 32" aria-hidden="true" className="head__mark">
            <path d="M16 4a7 7 0 0 1 7 7c0 7 2 9 4 11H5c2-2 4-4 4-11a7 7 0 0 1 7-7z" />
            <path className="head__clapper" d="M12 24h8a4 4 0 0 1-8 0z" />
          </svg>
          <span>
            <span className="head__title">{FRAME.product}</span>
            <span className="head__motto">{FRAME.motto}</span>
          </span>
        </Link>
        {me !== undefined && isIn(me) && <Menu me={me} path={path} />}
      </div>
    </header>
  );
}

function Menu({ me, path }: { readonly me: MeAnswer; readonly path: string }) {
  const { open, setOpen, button } = useMenu(path);
  return (
    <>
      <button
        type="button"
        ref={button}
        className="head__menu"
        aria-expanded={open}
        aria-controls="pages"
        onClick={() => setOpen(!open)}
      >
        {open ? FRAME.nav.close : FRAME.nav.menu}
      </button>
      <div id="pages" className={open ? 'head__parts head__parts--open' : 'head__parts'}>
        <nav aria-label={FRAME.nav.label} className="head__nav">
          <ul>
            {pagesFor(me).map(({ to, name }) => (
              <li key={to}>
                <Link
                  to={to}
                  activeOptions={{ exact: to === '/', includeSearch: false }}
                  activeProps={{ className: 'head__link head__link--here', 'aria-current': 'page' }}
                  inactiveProps={{ className: 'head__link' }}
                >
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <Account me={me} path={path} />
      </div>
    </>
  );
}
