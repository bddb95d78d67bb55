/** Lines to copy: in letters of one width, scrolled inside their box where they are long. */

export function Copy({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: wide lines scroll inside it, by keyboard too
    <section className="copy" aria-label={label} tabIndex={0}>
      <pre>{text}</pre>
    </section>
  );
}
