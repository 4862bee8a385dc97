import type { ButtonHTMLAttributes, ReactNode } from "react"
import { Icon } from "./Icon"
import type { IconName } from "./icons"
import { useMay } from "./may"

type Look = "plain" | "primary" | "ghost" | "danger" | "danger-fill" | "fix"

interface Props extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "className"> {
  look?: Look
  size?: "md" | "sm" | "xs"
  icon?: IconName
  keys?: string
  busy?: boolean
  children?: ReactNode
  label?: string // the name where only an icon is shown
  needs?: string // the permission without which it is not there
  className?: string
}

// Button: one primary per view; its words say the effect. While busy it keeps its width and takes no second click.
export function Button({ look = "plain", size = "md", icon, keys, busy = false, children, label, className = "", disabled, needs, ...rest }: Props) {
  const allowed = useMay(needs)
  if (!allowed) return null
  const cls = ["btn", look !== "plain" && `btn-${look}`, size !== "md" && `btn-${size}`, children === undefined && "btn-icon", className]
  return (
    <button
      type="button"
      {...rest}
      className={cls.filter(Boolean).join(" ")}
      aria-label={label ?? rest["aria-label"]}
      title={label ?? rest.title}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
    >
      {busy ? <Icon name="run" className="spin" /> : icon && <Icon name={icon} />}
      {children}
      {keys && <kbd className="kbd">{keys}</kbd>}
    </button>
  )
}
