import { useRouterState } from "@tanstack/react-router"
import { t } from "../text"
import { Dialog } from "../ui/Dialog"

interface Group {
  title: string
  on: RegExp // the paths it counts on
  rows: [string[], string][]
}

const groups: Group[] = [
  {
    title: t("Unlinked external identities"),
    on: /^\/identities/,
    rows: [
      [["J", "K"], t("Next and previous identity; with Shift choose several")],
      [["X"], t("Choose it; with Shift all up to it")],
      [["Ctrl", "A"], t("Choose all")],
      [["Enter"], t("Link it to the first suggestion")],
      [["N"], t("Create it and link")],
      [["I"], t("Ignore it")],
      [["U"], t("Undo what was done to it")],
    ],
  },
  {
    title: t("Trace"),
    on: /^\/executions\/./,
    rows: [
      [["J", "K"], t("Next and previous execution of the list")],
      [["↑", "↓"], t("Next and previous step")],
      [[",", "."], t("Previous and next item of the loop")],
      [["F"], t("Failed steps and items only")],
    ],
  },
  {
    title: t("Spec Builder"),
    on: /^\/processors\/[^/]+\/spec/,
    rows: [
      [["↑", "↓"], t("Move over the steps; with Shift choose several")],
      [["←", "→"], t("Fold and unfold, out of a block and in")],
      [["Enter"], t("Edit the step; on a branch, add one")],
      [["A"], t("Add a step after this one; Shift A inside it")],
      [["Space"], t("Take the step up; arrows move it, Space puts it down, Escape leaves it")],
      [["Alt", "↑ ↓ ← →"], t("Move the step, out of its block and into the one above")],
      [["D"], t("Switch the step off or on")],
      [["Del"], t("Delete the step")],
      [["Ctrl", "D"], t("Duplicate")],
      [["Ctrl", "C X V"], t("Copy, cut and paste steps as YAML")],
      [["Ctrl", "Z"], t("Undo; with Shift redo")],
      [["F2"], t("Rename the result")],
      [["F8"], t("Next problem; with Shift the one before")],
      [["Ctrl", "."], t("Quick fix")],
      [["Ctrl", "S"], t("Check and save; with Shift write a note first")],
      [["Ctrl", "Enter"], t("Test")],
      [["Ctrl", "Shift", "Enter"], t("Compare with the saved version")],
      [["J", "K"], t("Next and previous entry of the Trace Schema")],
      [["T"], t("Values of the chosen entry on the steps")],
      [["Y"], t("YAML and back")],
      [["["], t("Left panel")],
      [["]"], t("Inspector")],
    ],
  },
  {
    title: t("Lists"),
    on: /^\/(?!identities|settings|account)[a-z-]+\/?$/,
    rows: [
      [["J", "K"], t("Next and previous row")],
      [["Home", "End"], t("First and last row")],
      [["Enter"], t("Open the row")],
      [["Space"], t("Choose the row, where many can be acted on")],
      [["/"], t("Search on this page")],
    ],
  },
  {
    title: t("Everywhere"),
    on: /./,
    rows: [
      [["Ctrl", "K"], t("Search and commands")],
      [["G", "P"], t("Go to providers")],
      [["G", "S"], t("Go to source executions")],
      [["G", "X"], t("Go to processor executions")],
      [["G", "R"], t("Go to records")],
      [["G", "I"], t("Go to unlinked external identities")],
      [["?"], t("This list")],
      [["Esc"], t("Close what lies on top")],
    ],
  },
]

// Keys are those of the page at hand, then those of every page.
export default function Keys({ onClose }: { onClose: () => void }) {
  const path = useRouterState({ select: (s) => s.location.pathname })
  return (
    <Dialog title={t("Keyboard")} open onClose={onClose}>
      <div className="keys">
        {groups
          .filter((group) => group.on.test(path))
          .map((group) => (
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
