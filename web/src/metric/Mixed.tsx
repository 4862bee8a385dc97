import { t } from "../text"
import { number } from "../ui/format"
import { Icon } from "../ui/Icon"
import type { Values } from "./api"

// Mixed says that a sum adds money to what is none, and leads to where that is told apart.
export function Mixed({ of, apart }: { of: Values["mixed"]; apart?: (() => void) | undefined }) {
  if (!of) return null
  return (
    <p className="left-out" role="status">
      <Icon name="warnf" className="c-warn" />
      <span>
        {t("This adds euros to what is no money: {money} of its values are money, {other} are not, so the number means neither.", {
          money: number(String(of.money)),
          other: number(String(of.other)),
        })}{" "}
        {apart && (
          <button type="button" className="row-link" onClick={apart}>
            {t("Choose which values")}
          </button>
        )}
      </span>
    </p>
  )
}
