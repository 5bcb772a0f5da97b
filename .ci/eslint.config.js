// The rules for nnlib/widgets: real modules for the browser, every name imported, no long lines.

import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  {
    files: ["**/*.js"],
    languageOptions: { sourceType: "module", globals: globals.browser },
    rules: {
      "max-len": ["error", { code: 110 }],
      "no-unused-vars": "error",
      "no-shadow": "error",
      "prefer-const": "error",
      eqeqeq: "error",
    },
  },
];
