/** Patterns that tell the groups apart without color, and their legend. */
import { GROUPS } from '../words/dispositions.ts';

/** To be drawn once inside every drawing that uses them. */
export function Patterns() {
  return (
    <defs>
      <pattern
        id="pattern-served"
        width="6"
        height="6"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <path className="pattern__line" d="M0 0v6" />
      </pattern>
      <pattern id="pattern-known" width="5" height="5" patternUnits="userSpaceOnUse">
        <circle className="pattern__dot" cx="2.5" cy="2.5" r="1.2" />
      </pattern>
      <pattern id="pattern-open" width="5" height="5" patternUnits="userSpaceOnUse">
        <path className="pattern__line" d="M0 2.5h5" />
      </pattern>
      <pattern id="pattern-through" width="6" height="6" patternUnits="userSpaceOnUse">
        <path className="pattern__line" d="M0 0l6 6M6 0l-6 6" />
      </pattern>
      <pattern id="pattern-stopped" width="6" height="6" patternUnits="userSpaceOnUse" />
    </defs>
  );
}

/** What each fill stands for. */
export function Legend() {
  return (
    <ul className="legend">
      {GROUPS.map(({ key, name }) => (
        <li key={key}>
          <svg viewBox="0 0 18 14" aria-hidden="true">
            <rect className={`fill--${key}`} width="18" height="14" rx="2" />
            <rect className="pattern" fill={`url(#pattern-${key})`} width="18" height="14" rx="2" />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}
