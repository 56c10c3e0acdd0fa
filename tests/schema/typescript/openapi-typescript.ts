// A whole job with openapi-fetch, whose types openapi-typescript makes: `make clients` compiles and runs it.

import createClient from "openapi-fetch";
import { check, type Done } from "./done.js";
import type { components, paths } from "./generated/openapi-typescript.js";

type Incident = components["schemas"]["Incident"];

const client = createClient<paths>({
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

const walked: string[] = [];
for await (const { id, casualties } of incidents(["explosion", "sabotage", "battle"])) {
  const killed: number | null = casualties.killed.best;
  walked.push(`${id}: ${killed ?? "not reported"}`);
}

const fields = await client.GET("/api/v1/incidents.fields.json", { params: { query: { fields: ["tags", "date"] } } });
const tags: string[] | undefined = fields.data?.results[1]?.tags;

const geojson = await client.GET("/api/v1/incidents.geojson", { params: { query: { country: ["UKR"] } } });
const injured: number | null | undefined = geojson.data?.features[1]?.properties.injured_best;
const nested = await client.GET("/api/v1/incidents.nested.geojson");
const deep: number | null | undefined = nested.data?.features[1]?.properties.casualties.injured.best;

const csv = await client.GET("/api/v1/incidents.csv", { params: { query: { fields: ["id"] } }, parseAs: "text" });
const acled = await client.GET("/api/v1/incidents.acled.json", { params: { query: { limit: 3 } } });
const year: number | null | undefined = acled.data?.results[0]?.year;
const columns = await client.GET("/api/v1/incidents.acled.csv", { parseAs: "text" });
const parquet = await client.GET("/api/v1/incidents.parquet", { parseAs: "arrayBuffer" });

const groups = await client.GET("/api/v1/incidents/aggregate/", { params: { query: { by: ["event_type", "month"] } } });
const key: components["schemas"]["EventType"] | null | undefined = groups.data?.results[0]?.event_type;

const name = "first";
const release = await client.GET("/api/v1/releases/{name}/", { params: { path: { name } } });
const path = "SHA256SUMS";
const file = await client.GET("/api/v1/releases/{name}/files/{path}", {
  params: { path: { name, path } },
  parseAs: "arrayBuffer",
});

// @ts-expect-error - no incident is of this type
incidents(["battel"]);
const refused = await client.GET("/api/v1/incidents/", { params: { query: { limit: 0 } } });
const unknown = await client.GET("/api/v1/incidents/{id}/", { params: { path: { id: "none" } } });

check("openapi-typescript", {
  walked,
  tags,
  injured,
  deep,
  csv: csv.data,
  year,
  columns: columns.data,
  parquet: parquet.data,
  key,
  listed: release.data?.files.find((each) => each.path === path)?.size,
  file: file.data,
  refused: refused.error && "errors" in refused.error ? refused.error.errors?.[0]?.code : undefined,
  unknown: unknown.error?.code,
} satisfies Done);
