import type { ButtonHTMLAttributes, ReactNode } from "react"
import { Icon } from "./Icon"
import type { IconName } from "./icons"

type Look = "plain" | "primary" | "ghost" | "danger" | "danger-fill" | "fix"

interface Props extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "className"> {
  look?: Look
  size?: "md" | "sm" | "xs"
  icon?: IconName
  keys?: string
  busy?: boolean
  children?: ReactNode
  label?: string // the name where only an icon is shown
  className?: string
}

// Button: one primary per view; its words say the effect. While busy it keeps its width and takes no second click.
export function Button({
  look = "plain",
  size = "md",
  icon,
  keys,
  busy = false,
  children,
  label,
  className = "",
  disabled,
  ...rest
}: Props) {
  const cls = [
    "btn",
    look !== "plain" && `btn-${look}`,
    size !== "md" && `btn-${size}`,
    children === undefined && "btn-icon",
    className,
  ]
  return (
    <button
      type="button"
      {...rest}
      className={cls.filter(Boolean).join(" ")}
      aria-label={label}
      title={label}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
    >
      {busy ? <Icon name="run" className="spin" /> : icon && <Icon name={icon} />}
      {children}
      {keys && <kbd className="kbd">{keys}</kbd>}
    </button>
  )
}
