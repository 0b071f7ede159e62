"""The look of an evaluation's page, in the system's light or dark."""

from __future__ import annotations

from engine import charts


def _colours(dark: bool, page: str, subdued: str) -> str:
    return (
        f":root {{ --page: {page}; --subdued: {subdued}; --surface: {charts.PAPER[dark]}; "
        f"--text: {charts.INK[dark]}; --line: {charts.GRID[dark]}; --accent: {charts.COLOURS[0][dark]}; }}"
    )


_PAGE = """
body {
  margin: 0 auto; padding: 32px 24px 64px; max-width: 880px;
  background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif;
}
h1 { font-size: 26px; font-weight: 600; margin: 0 0 8px; }
h2 { font-size: 19px; font-weight: 600; margin: 48px 0 8px; }
h3 { font-size: 15px; font-weight: 600; margin: 0; overflow-wrap: anywhere; }
p { margin: 0 0 16px; color: var(--subdued); }
.wide { overflow-x: auto; margin: 0 0 16px; }
table { border-collapse: collapse; min-width: 60%; font-variant-numeric: tabular-nums; }
th, td { padding: 5px 10px; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { font-weight: 500; }
th:first-child { text-align: left; padding-left: 0; }
thead th { color: var(--subdued); font-size: 13px; }
.range { color: var(--subdued); font-size: 12px; }
svg.chart {
  display: block; max-width: 100%; height: auto; margin: 0 0 16px;
  border: 1px solid var(--line); border-radius: 8px;
}
svg.bar { display: block; width: 96px; height: 8px; }
svg.bar rect { fill: var(--accent); }
svg.bar rect.rest { fill: var(--line); }
section {
  background: var(--surface); border: 1px solid var(--line); border-radius: 8px;
  padding: 16px; margin: 0 0 16px;
}
section p { margin: 0 0 8px; font-size: 13px; }
.photos { display: flex; flex-wrap: wrap; gap: 8px; }
figure { margin: 0; width: 128px; }
figure img {
  display: block; width: 128px; height: 96px; object-fit: cover; border-radius: 4px;
  background: var(--line); font-size: 11px; box-sizing: border-box;
}
figure.own img { outline: 3px solid var(--accent); outline-offset: -3px; }
figcaption { font-size: 12px; color: var(--subdued); }
figure.own figcaption { color: var(--accent); font-weight: 600; }
"""
STYLE = f"""
:root {{ color-scheme: light dark; }}
{_colours(dark=False, page="#f6f5f4", subdued="#63605c")}
@media (prefers-color-scheme: dark) {{
{_colours(dark=True, page="#1c1b1a", subdued="#a9a5a0")}
}}
{charts.STYLE}{_PAGE}"""
