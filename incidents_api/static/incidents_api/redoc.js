// ReDoc has light colours of its own and knows no other scheme, so it gets ours, as the browser resolves them.
const probe = document.createElement("i");
document.body.append(probe);
const colour = (name) => {
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
};
const [ground, raised, line, text, muted, link, good, bad] = [
  "ground", "raised", "line", "text", "muted", "link", "good", "bad",
].map(colour);
probe.remove();

const badge = (of, onDark) => ({color: of, backgroundColor: raised, tabTextColor: onDark});
const theme = {
  colors: {
    primary: {main: link, contrastText: ground},
    success: {main: good, contrastText: ground},
    warning: {main: muted, contrastText: ground},
    error: {main: bad, contrastText: ground},
    gray: {50: raised, 100: line},
    text: {primary: text, secondary: muted},
    border: {dark: line, light: line},
    responses: {
      success: badge(good, "#7bd394"),
      error: badge(bad, "#ff9d94"),
      redirect: badge(muted, "#a3afb9"),
      info: badge(link, "#7cbcf8"),
    },
    http: {get: link, post: good, put: muted, options: muted, patch: muted, delete: bad, basic: muted, link, head: muted},
  },
  schema: {linesColor: line, nestedBackground: raised, typeNameColor: muted, typeTitleColor: text, requireLabelColor: bad},
  sidebar: {backgroundColor: raised, textColor: text, activeTextColor: link, arrow: {color: muted}},
  typography: {code: {color: text, backgroundColor: raised}, links: {color: link, visited: link, hover: link}},
};
const place = document.getElementById("redoc");
Redoc.init(place.dataset.schema, {hideDownloadButton: false, theme}, place);

// It cannot change a theme once it is shown.
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => location.reload());
