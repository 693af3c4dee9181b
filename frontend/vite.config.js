// Builds scripts and styles into the package's static folder. File names carry their hash; templates find them by the
// manifest. Nothing is inlined and nothing is loaded from elsewhere, so the pages live under a strict policy.
import { defineConfig } from "vite";

export default defineConfig({
  base: "/static/built/",
  build: {
    outDir: "../linli/web/static/built",
    emptyOutDir: true,
    manifest: "manifest.json",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    modulePreload: { polyfill: false },
    target: ["es2020", "chrome87", "safari14"],
    cssTarget: ["chrome111", "safari16"],
    rollupOptions: { input: { linli: "linli.js", map: "map.js", charts: "charts.js", resident: "resident.js", worker: "worker.js", passkey: "passkey.js", calls: "calls.js", desk: "desk.js", mapboard: "mapboard.js", styles: "css/linli.css" } },
  },
});
