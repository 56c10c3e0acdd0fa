// A reader of the API in TypeScript, whose types are made from the schema: `make clients` compiles and runs it.

import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Incident = components["schemas"]["Incident"];

// Lists are files too, so the types are told which of the representations this client reads.
const client = createClient<paths, "application/json" | "application/problem+json">({
  baseUrl: process.env.API_ADDRESS ?? "http://127.0.0.1:8000",
  // All lists of this API are joined by commas.
  querySerializer: { array: { style: "form", explode: false } },
});

/** All incidents of these types, page after page of one frozen state. */
async function* incidents(event_type: components["schemas"]["EventType"][]): AsyncGenerator<Incident> {
  let page: { as_of?: string; cursor?: string } | null = {};
  while (page) {
    const query = { event_type, limit: 2, ...page };
    const { data, error } = await client.GET("/api/v1/incidents/", { params: { query } });
    if (error) throw new Error(error.detail);
    yield* data.results;
    page = after(data);
  }
}

/** What leads to the page after this one. */
function after(page: components["schemas"]["IncidentPage"]) {
  const { as_of, cursor } = Object.fromEntries(new URL(page.next ?? "none:").searchParams);
  return as_of && cursor ? { as_of, cursor } : null;
}

for await (const { id, date, location, casualties } of incidents(["explosion", "sabotage", "battle"])) {
  const killed: number | null = casualties.killed.best;
  console.log(id, date.start, location.name, killed === null ? "killed: not reported" : `killed: ${killed}`);
}

const near = await client.GET("/api/v1/locations/", {
  params: { query: { near: [39.59, 49.21], radius_km: 25, fields: ["name"] } },
});
console.log("near:", near.data?.results.map(({ id }) => id).join(", "));

const one = await client.GET("/api/v1/incidents/{id}/", { params: { path: { id: "luhansk-2022-0002" } } });
const subtype: components["schemas"]["EventSubtype"] | null | undefined = one.data?.event_subtype;
console.log("one:", subtype, one.data?.reports[0]?.relays?.name);

// @ts-expect-error - no incident is of this type
incidents(["battel"]);
const refused = await client.GET("/api/v1/incidents/", { params: { query: { limit: 0 } } });
console.log("refused:", refused.error && "errors" in refused.error && refused.error.errors?.[0]?.message);
const unknown = await client.GET("/api/v1/incidents/{id}/", { params: { path: { id: "none" } } });
console.log("unknown:", unknown.error?.code);

if (!one.data || !near.data?.results.length || !refused.error || unknown.error?.code !== "not_found") {
  throw new Error("The answers are not what they should be.");
}
