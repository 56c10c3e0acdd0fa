// The same job with a client that @hey-api/openapi-ts makes.

import { check, type Done } from "./done.js";
import { client } from "./generated/hey-api/client.gen.js";
import * as api from "./generated/hey-api/index.js";

client.setConfig({ baseUrl: process.env.API_ADDRESS ?? "http://127.0.0.1:8000" });

const walked: string[] = [];
let next: { as_of?: string; cursor?: string } | null = {};
while (next) {
  const query: NonNullable<api.IncidentsListData["query"]> = {
    event_type: ["explosion", "sabotage", "battle"],
    limit: 2,
    ...next,
  };
  const { data: page } = await api.incidentsList({ query, throwOnError: true });
  walked.push(...page.results.map(({ id, casualties }) => `${id}: ${casualties.killed.best ?? "not reported"}`));
  const { as_of, cursor } = Object.fromEntries(new URL(page.next ?? "none:").searchParams);
  next = as_of && cursor ? { as_of, cursor } : null;
}

const fields = await api.incidentsListFields({ query: { fields: ["tags", "date"] } });
const geojson = await api.incidentsGeojson({ query: { country: ["UKR"] } });
const nested = await api.incidentsGeojsonNested();
const csv = await api.incidentsCsv({ query: { fields: ["id"] } });
const acled = await api.incidentsAcled({ query: { limit: 3 } });
const columns = await api.incidentsAcledCsv();
const parquet = await api.incidentsParquet();
const groups = await api.incidentsAggregate({ query: { by: ["event_type", "month"] } });
const key: api.EventType | null | undefined = groups.data?.results[0]?.event_type;
const release = await api.releasesRetrieve({ path: { name: "first" } });
const path = "SHA256SUMS";
// Its own guess by the media type would make text of this file.
const file = await api.releasesDownload({ path: { name: "first", path }, parseAs: "blob" });
const refused = await api.incidentsList({ query: { limit: 0 } });
const unknown = await api.incidentsRetrieve({ path: { id: "none" } });

check("@hey-api/openapi-ts", {
  walked,
  tags: fields.data?.results[1]?.tags,
  injured: geojson.data?.features[1]?.properties.injured_best,
  deep: nested.data?.features[1]?.properties.casualties.injured.best,
  csv: csv.data,
  year: acled.data?.results[0]?.year,
  columns: columns.data,
  parquet: await parquet.data?.arrayBuffer(),
  key,
  listed: release.data?.files.find((each) => each.path === path)?.size,
  file: await file.data?.arrayBuffer(),
  refused: refused.error && "errors" in refused.error ? refused.error.errors?.[0]?.code : undefined,
  unknown: unknown.error?.code,
} satisfies Done);
