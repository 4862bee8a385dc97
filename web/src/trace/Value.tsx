import { useContext } from "react"
import { t } from "../text"
import { Icon } from "../ui/Icon"
import { Moment, Zone } from "../ui/Moment"
import { word } from "../ui/words"
import type { V } from "./api"
import { brief, shapeOf } from "./values"

// Value is one value on a line. A personal one shows its kind and length, never itself.
export function Value({ of }: { of: V | undefined }) {
  const zone = useContext(Zone)
  const shape = shapeOf(of)
  switch (shape.is) {
    case "null":
      return <span className="t3">{t("empty")}</span>
    case "moment":
      return <Moment at={shape.iso} as="full" />
    case "number":
      return (
        // As it came: it may be an id, in which separators would be signs of its own.
        <code className="num">{shape.text}</code>
      )
    case "ref":
      return (
        <span className="r r-1">
          <code>{shape.id}</code>
          <span className="t3">{word(shape.noun)}</span>
        </span>
      )
    case "personal":
      return (
        <span className="tag" title={t("Personal data of a customer is never shown")}>
          <Icon name="lock" />
          {brief(of, zone)}
        </span>
      )
    case "list":
      return (
        <code className="wrap">
          {shape.items.length === 0
            ? "[]"
            : `[${shape.items
                .slice(0, 6)
                .map((x) => brief(x, zone))
                .join(", ")}${shape.items.length > 6 ? ", …" : ""}]`}
        </code>
      )
    case "object":
      return <code>{brief(of, zone)}</code>
    default:
      return <code className="wrap">{brief(of, zone)}</code>
  }
}
