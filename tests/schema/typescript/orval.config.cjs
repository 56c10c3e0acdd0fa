// OPENAPI names the document; the server is known when the client runs.
module.exports = {
  api: {
    input: process.env.OPENAPI,
    output: { target: "generated/orval.ts", client: "fetch", mode: "single", baseUrl: { runtime: "process.env.API_ADDRESS" } },
  },
};
