// The Dutch texts: one file per folder of src, so that whoever adds a text knows where its Dutch goes. A text that several
// folders use stands in one of them.
import type { Texts } from ".."

const parts = import.meta.glob<Texts>("./*.ts", { eager: true, import: "default" })

export default Object.assign({}, ...Object.entries(parts).flatMap(([path, texts]) => (path === "./index.ts" ? [] : [texts]))) as Texts
