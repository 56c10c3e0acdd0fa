const place = document.getElementById("redoc");
Redoc.init(place.dataset.schema, {hideDownloadButton: false}, place);
