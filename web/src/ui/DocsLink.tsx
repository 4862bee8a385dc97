import { language, t } from "../text"
import { Icon } from "./Icon"

// docs is the address of a page of the guide, or of a place in it, in the language that is read. The guide is served beside
// the app, not by it.
export const docs = (page = "", place = "") => `/docs/${language()}/${page}${place && `#${place}`}`

// DocsLink leads from a thing on a page to what the guide says of it.
export function DocsLink({ page, place, of }: { page: string; place?: string; of: string }) {
  return (
    <a
      className="btn btn-ghost btn-xs btn-icon"
      href={docs(page, place)}
      target="_blank"
      rel="noreferrer"
      title={t("Documentation of {of}", { of })}
      aria-label={t("Documentation of {of}", { of })}
    >
      <Icon name="info" size={14} />
    </a>
  )
}
