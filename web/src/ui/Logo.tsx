export function Logo({ size = 20 }: { size?: number }) {
  return (
    <svg className="logo" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
      <rect width="20" height="20" rx="5" />
      <path className="seam" d="M10 0v20" />
      <path className="joint" d="M3.6 5.2 10 8.1l6.4-2.9v9.6L10 11.9l-6.4 2.9z" />
    </svg>
  )
}
