import { expect, it } from "vitest"
import { entryOf } from "./build"

it.each([
  ['<script src="/theme.js"></script><script type="module" crossorigin src="/assets/index-AbC1.js"></script>', "/assets/index-AbC1.js"],
  ['<script type="module" src="/src/main.tsx"></script>', "/src/main.tsx"],
  ["<h1>A proxy says no</h1>", undefined],
])("%s is of %s", (html, want) => expect(entryOf(html)).toBe(want))
