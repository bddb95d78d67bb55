/** The name of the product, the pages, and the switch of colors. */
import { Link, useLocation } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useLook } from './look.ts';
import { FRAME } from './texts.ts';

const PAGES = [
  { to: '/', name: FRAME.nav.today },
  { to: '/incidents', name: FRAME.nav.incidents },
  { to: '/contacts', name: FRAME.nav.contacts },
  { to: '/offices', name: FRAME.nav.offices },
  { to: '/surface', name: FRAME.nav.surface },
] as const;

export function Header() {
  const [open, setOpen] = useState(false);
  const [look, turn] = useLook();
  const button = useRef<HTMLButtonElement>(null);
  const path = useLocation({ select: ({ pathname }) => pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page closes the menu
  useEffect(() => setOpen(false), [path]);
  useEffect(() => {
    if (!open) return;
    const close = ({ key }: KeyboardEvent) => {
      if (key !== 'Escape') return;
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener('keydown', close);
    return () => document.removeEventListener('keydown', close);
  }, [open]);
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
        <nav
          id="pages"
          aria-label={FRAME.nav.label}
          className={open ? 'head__nav head__nav--open' : 'head__nav'}
        >
          <ul>
            {PAGES.map(({ to, name }) => (
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
          <button type="button" className="head__look" onClick={turn}>
            <svg viewBox="0 0 20 20" aria-hidden="true">
              <circle cx="10" cy="10" r="7.5" />
              <path d="M10 2.5a7.5 7.5 0 0 1 0 15z" />
            </svg>
            <span>{look === 'dark' ? FRAME.look.light : FRAME.look.dark}</span>
          </button>
        </nav>
      </div>
    </header>
  );
}
