import { type IconName, icons } from "./icons"

// Icon is decoration: the word beside it says the same, or the control around it has a name.
export function Icon({ name, size = 16, className = "" }: { name: IconName; size?: 12 | 14 | 16 | 20; className?: string }) {
  const cls = `i ${size === 16 ? "" : `i-${size}`} ${className}`.trim()
  return (
    <svg className={cls} viewBox="0 0 16 16" aria-hidden="true">
      {icons[name]}
    </svg>
  )
}
