/** Four columns, one of them read. */
export const Logo = () => (
  <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
    <rect x="12" y="7" width="6" height="14" fill="var(--logo-column)" />
    <path
      d="M3 4h18M4 8v12M9.5 8v12M15 8v12M20 8v12"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="square"
    />
  </svg>
)

/** A name, and so the same in every language. */
export const productName = 'Lyceum'
