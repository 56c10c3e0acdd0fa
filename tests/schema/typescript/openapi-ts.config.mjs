// OPENAPI names the document. Node wants the endings of imported modules.
export default {
  input: process.env.OPENAPI,
  output: { path: "generated/hey-api", module: { extension: ".js" } },
  plugins: ["@hey-api/client-fetch", "@hey-api/typescript", "@hey-api/sdk"],
  logs: { level: "warn", file: false },
};
