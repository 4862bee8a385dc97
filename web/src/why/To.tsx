import { Link } from "@tanstack/react-router"
import type { ReactNode } from "react"
import type { Address } from "./addresses"

// To is a link to an address that is worked out.
export function To({ address, className, label, children }: { address: Address; className?: string; label?: string; children: ReactNode }) {
  return (
    <Link className={className ?? "row-link"} to={address.to} search={address.search as never} {...(label && { "aria-label": label, title: label })}>
      {children}
    </Link>
  )
}
