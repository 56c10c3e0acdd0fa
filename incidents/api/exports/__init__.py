"""Lists as tables and maps: CSV, NDJSON, GeoJSON, Parquet and spreadsheets of the same query at the same moment."""
