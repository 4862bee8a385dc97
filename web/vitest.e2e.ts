import { defineConfig } from "vitest/config"

// Browser tests, screenshots and figures against a running server: DEALWRIGHT_URL, DEALWRIGHT_EMAIL, DEALWRIGHT_PASSWORD.
export default defineConfig({
  test: {
    include: ["e2e/**/*.e2e.ts"],
    environment: "node",
    globalSetup: ["e2e/once.ts"],
    setupFiles: ["e2e/failure.ts"],
    fileParallelism: false, // the tests of a file change settings that others look at
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } }, // a small machine that does much else
    reporters: ["verbose"], // each test as it ends, below its file
  },
})
