// What every client has to have done; throws where one has not.

export type Done = {
  walked: string[];
  tags: string[] | undefined;
  injured: number | null | undefined;
  deep: number | null | undefined;
  csv: string | undefined;
  year: number | null | undefined;
  columns: string | undefined;
  parquet: ArrayBuffer | undefined;
  key: string | null | undefined;
  listed: number | undefined;
  file: ArrayBuffer | undefined;
  refused: string | undefined;
  unknown: string | undefined;
};

const text = (bytes: ArrayBuffer | undefined) => new TextDecoder("latin1").decode(bytes);

export function check(client: string, done: Done): void {
  const lines = done.csv?.trimEnd().split("\r\n");
  const expected: Record<string, boolean> = {
    walk: done.walked.length > 4 && new Set(done.walked).size === done.walked.length,
    fields: Array.isArray(done.tags),
    geojson: done.injured === 2 && done.deep === 2,
    csv: lines?.[0] === "id" && lines.length === 13,
    acled: done.year === 2022 && !!done.columns?.startsWith("event_id_cnty,event_date,year,"),
    parquet: text(done.parquet).startsWith("PAR1"),
    aggregate: typeof done.key === "string",
    download: done.file?.byteLength === done.listed && /^[0-9a-f]{64}  /.test(text(done.file)),
    refusal: done.refused === "out_of_range" && done.unknown === "not_found",
  };
  const failed = Object.keys(expected).filter((each) => !expected[each]);
  if (failed.length) throw new Error(`${client}: not as it should be: ${failed.join(", ")}: ${JSON.stringify(done)}`);
  console.log(`${client}: ${Object.keys(expected).join(", ")}`);
}
