import { t } from "../text"
import { Dialog } from "../ui/Dialog"

const keys: { title: string; rows: [string[], string][] }[] = [
  {
    title: t("Everywhere"),
    rows: [
      [["Ctrl", "K"], "Go to a page or an execution"],
      [["/"], "Search on this page"],
      [["?"], "This list"],
      [["Esc"], "Close what lies on top"],
    ],
  },
  {
    title: t("Lists"),
    rows: [
      [["j"], "Next row"],
      [["k"], "Previous row"],
      [["Enter"], "Open the row"],
    ],
  },
  {
    title: t("Unlinked external identities"),
    rows: [
      [["N"], "Create it and link"],
      [["I"], "Ignore it"],
    ],
  },
  {
    title: t("Trace"),
    rows: [
      [["j", "k"], "Next and previous step"],
      [[",", "."], "Previous and next item of the loop"],
      [["f"], "Failed steps only"],
    ],
  },
  {
    title: t("Spec"),
    rows: [
      [["Ctrl", "S"], "Check and save"],
      [["Esc", "Tab"], "Leave the editor"],
    ],
  },
]

export default function Keys({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t("Keyboard")} open onClose={onClose}>
      <div className="keys">
        {keys.map((group) => (
          <section key={group.title}>
            <h3>{group.title}</h3>
            <dl>
              {group.rows.map(([combo, does]) => (
                <div key={does} className="r">
                  <dt className="r r-1">
                    {combo.map((k) => (
                      <kbd className="kbd" key={k}>
                        {k}
                      </kbd>
                    ))}
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
