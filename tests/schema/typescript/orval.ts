// The same job with a client that orval makes for fetch.

import { check, type Done } from "./done.js";
import * as api from "./generated/orval.js";

/** The body of a success; throws for any other answer. */
function body<Answer extends { status: number; data: unknown }>(answer: Answer) {
  if (answer.status !== 200) throw new Error(`The answer is ${answer.status}.`);
  return answer.data as Extract<Answer, { status: 200 }>["data"];
}

const walked: string[] = [];
let next: { as_of?: string; cursor?: string } | null = {};
while (next) {
  const query: api.IncidentsListParams = { event_type: ["explosion", "sabotage", "battle"], limit: 2, ...next };
  const page: api.IncidentPage = body(await api.incidentsList(query));
  walked.push(...page.results.map(({ id, casualties }) => `${id}: ${casualties.killed.best ?? "not reported"}`));
  const { as_of, cursor } = Object.fromEntries(new URL(page.next ?? "none:").searchParams);
  next = as_of && cursor ? { as_of, cursor } : null;
}

const parquet: Blob = body(await api.incidentsParquet());
const key: api.EventType | null | undefined = body(await api.incidentsAggregate({ by: ["event_type"] })).results[0]?.event_type;
const path = "SHA256SUMS";
const file: Blob = body(await api.releasesDownload("first", path));
const refused = await api.incidentsList({ limit: 0 });
const unknown = await api.incidentsRetrieve("none");

check("orval", {
  walked,
  tags: body(await api.incidentsListFields({ fields: ["tags", "date"] })).results[1]?.tags,
  injured: body(await api.incidentsGeojson({ country: ["UKR"] })).features[1]?.properties.injured_best,
  deep: body(await api.incidentsGeojsonNested()).features[1]?.properties.casualties.injured.best,
  csv: body(await api.incidentsCsv({ fields: ["id"] })),
  year: body(await api.incidentsAcled({ limit: 3 })).results[0]?.year,
  columns: body(await api.incidentsAcledCsv()),
  parquet: await parquet.arrayBuffer(),
  key,
  listed: body(await api.releasesRetrieve("first")).files.find((each) => each.path === path)?.size,
  file: await file.arrayBuffer(),
  refused: refused.status === 400 ? refused.data.errors?.[0]?.code : undefined,
  unknown: unknown.status === 404 ? unknown.data.code : undefined,
} satisfies Done);
